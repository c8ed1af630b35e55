//! The database of the program on the test server.

use mongodb::bson::{DateTime, Document, doc};
use mongodb::{Client, Collection, Database};
use tokio::sync::{Mutex, MutexGuard};

use super::mongo_server;
use super::program::Program;

/// The program's database, empty, for one test at a time.
pub struct Shop {
    uri: &'static str,
    pub database: Database,
    _alone: MutexGuard<'static, ()>,
}

impl Shop {
    pub async fn empty() -> Option<Self> {
        static ALONE: Mutex<()> = Mutex::const_new(());

        let uri = mongo_server::uri()?;
        let alone = ALONE.lock().await;
        let client = Client::with_uri_str(uri).await.expect("a client");
        let database = client.database("shopstream");
        let collections = database.list_collection_names().await.expect("an answer");
        if std::env::var_os("TEST_MONGODB_URI").is_some() && !collections.is_empty() {
            panic!("TEST_MONGODB_URI has a database shopstream, which these tests would drop");
        }
        database.drop().await.expect("an empty database");
        Some(Self {
            uri,
            database,
            _alone: alone,
        })
    }

    pub fn program(&self) -> Program {
        Program::new().with("MONGODB_URI", self.uri)
    }

    pub fn orders(&self) -> Collection<Document> {
        self.database.collection("orders")
    }

    /// Inserts orders like another program.
    pub async fn insert(&self, orders: u32) {
        let orders = (0..orders).map(|number| {
            doc! {
                "order_id": format!("O{number}"),
                "created_at": DateTime::from_millis(1_577_836_800_000 + i64::from(number)),
                "total": 10.5,
            }
        });
        self.orders().insert_many(orders).await.expect("orders");
    }

    pub async fn count(&self) -> u64 {
        self.orders()
            .count_documents(doc! {})
            .await
            .expect("a number")
    }

    pub async fn indexes(&self) -> usize {
        self.orders()
            .list_index_names()
            .await
            .map_or(0, |names| names.len())
    }

    /// Drops the database.
    pub async fn end(self) {
        self.database.drop().await.expect("an empty database");
    }
}
