//! MongoDB with the lesson's orders and Redis, each over a way that can be broken.

use std::sync::Arc;

use futures::future::join_all;
use server::cache::RedisCache;
use server::clock::FixedClock;
use server::config::{MongoConfig, Secret};
use server::generate::Plan;
use server::store::OrderStore;
use server::store::mongo::MongoStore;

use crate::support::backend::Backend;
use crate::support::lesson;
use crate::support::mongo::MongoBackend;
use crate::support::mongo_server;
use crate::support::redis::{Neighbour, RedisServer, config};
use crate::support::replica::Replica;
use crate::support::slow_queries::SlowQueries;
use crate::support::time::at;
use crate::support::toxiproxy::Way;

pub struct World {
    pub to_mongo: Way,
    /// Another way to it.
    pub slow_queries: SlowQueries,
    pub to_redis: Way,
    redis: RedisServer,
    mongo: MongoBackend,
}

impl World {
    /// `None`, after having said so, where a server is missing.
    pub async fn open() -> Option<Self> {
        let mongo = MongoBackend::start().await?;
        mongo.store.adopt().await.expect("adoption");
        let filled = mongo.store.upsert(lesson::orders()).await;
        filled.expect("an upsert");
        let port = mongo_server::uri()?.split([':', '/', '?']).nth(4);
        let port = port.and_then(|port| port.parse().ok()).expect("a port");
        let redis = RedisServer::start(&[])?;
        Some(Self {
            to_mongo: Way::to(port).await?,
            slow_queries: SlowQueries::to(port).await,
            to_redis: Way::to(redis.port()).await?,
            redis,
            mongo,
        })
    }

    /// One more server over both ways.
    pub async fn replica(&self) -> Replica {
        let uri = format!("mongodb://127.0.0.1:{}", self.to_mongo.port);
        self.server(&uri, self.to_redis.port).await
    }

    /// One more server, whose queries can be slow.
    pub async fn slow_replica(&self) -> Replica {
        let uri = format!("mongodb://127.0.0.1:{}", self.slow_queries.port);
        self.server(&uri, self.to_redis.port).await
    }

    /// A server whose user MongoDB does not know.
    pub async fn stranger(&self) -> Replica {
        let uri = format!("mongodb://alice:hunter2@127.0.0.1:{}", self.to_mongo.port);
        self.server(&uri, self.to_redis.port).await
    }

    /// A server that nothing stands in the way of.
    pub async fn direct(&self) -> Replica {
        let uri = mongo_server::uri().expect("a server");
        self.server(uri, self.redis.port()).await
    }

    async fn server(&self, uri: &str, redis: u16) -> Replica {
        let mongo = MongoConfig {
            uri: Secret::new(uri),
            database: self.mongo.database.name().to_owned(),
        };
        let store = MongoStore::open(&mongo, Arc::new(FixedClock(at(lesson::NOW))));
        let cache = RedisCache::open(&config("127.0.0.1", redis));
        let (store, cache) = (store.expect("a store"), cache.expect("a cache"));
        Replica::start(Arc::new(store), Arc::new(cache)).await
    }

    /// So many more orders up to the lesson's time; gives how many there are then.
    pub async fn fill(&self, orders: u64) -> u64 {
        let plan = Plan::new(42, orders, 35).expect("a plan");
        let orders: Vec<_> = plan.initial(at(lesson::NOW)).collect();
        for batch in orders.chunks(1_000) {
            let filled = self.mongo.store.upsert(batch.to_vec()).await;
            filled.expect("an upsert");
        }
        self.mongo.store.count().await.expect("a count")
    }

    /// The orders, past everything that can be broken.
    pub fn orders(&self) -> &dyn OrderStore {
        &self.mongo.store
    }

    /// The database as other programs see it.
    pub fn database(&self) -> &mongodb::Database {
        &self.mongo.database
    }

    pub async fn replicas<const COUNT: usize>(&self) -> [Replica; COUNT] {
        let replicas = join_all((0..COUNT).map(|_| self.replica())).await;
        replicas.try_into().ok().expect("so many")
    }

    /// Nothing is cached any more.
    pub async fn forget(&self) {
        let cache = self.redis.cache();
        cache.clean().await.expect("cleaned");
    }

    /// Another program on the same Redis.
    pub async fn neighbour(&self) -> Neighbour {
        self.redis.neighbour().await
    }
}
