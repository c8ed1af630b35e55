//! The MongoDB store in a database of its own.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::DateTime;
use mongodb::Client;
use server::clock::SystemClock;
use server::config::{MongoConfig, Secret};
use server::store::OrderStore;
use server::store::mongo::MongoStore;

use super::backend::Backend;
use super::mongo_server;

pub struct MongoBackend {
    pub store: MongoStore,
    /// The same database, as other programs see it.
    pub database: mongodb::Database,
}

impl MongoBackend {
    /// A database without collections and indexes.
    pub async fn bare() -> Option<Self> {
        static DATABASES: AtomicU32 = AtomicU32::new(0);
        let uri = &patiently(mongo_server::uri()?);
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let config = MongoConfig {
            uri: Secret::new(uri),
            database: format!("shopstream_test_{}_{number}", process::id()),
        };
        let store = MongoStore::open(&config, Arc::new(SystemClock));
        let client = Client::with_uri_str(uri).await.expect("a client");
        let database = client.database(&config.database);
        Some(Self {
            store: store.expect("a store").with_limit(PATIENCE),
            database,
        })
    }
}

/// The same address, where the driver waits for a server that is busy with another test.
fn patiently(uri: &str) -> String {
    if uri.contains('?') {
        return uri.to_owned();
    }
    format!("{uri}/?serverSelectionTimeoutMS=60000&connectTimeoutMS=60000")
}

/// Tests share the machine, and compare answers, not times.
const PATIENCE: Duration = Duration::from_secs(60);

#[async_trait]
impl Backend for MongoBackend {
    async fn start() -> Option<Self> {
        let backend = Self::bare().await?;
        let migration = backend.store.migration(DateTime::UNIX_EPOCH).await;
        let mut migration = migration.expect("a migration");
        // Orders of tests have fixed dates, and stay.
        migration.indexes.retain(|name| *name != "created_at_1");
        backend.store.migrate(&migration).await.expect("indexes");
        Some(backend)
    }

    fn store(&self) -> &dyn OrderStore {
        &self.store
    }
}

impl Drop for MongoBackend {
    /// Leaves nothing behind on a server that is not ours.
    fn drop(&mut self) {
        let database = self.database.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { database.drop().await });
        }
    }
}
