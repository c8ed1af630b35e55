//! The SQLite store in a temporary folder.

use async_trait::async_trait;
use server::store::OrderStore;
use server::store::sqlite::SqliteStore;
use tempfile::TempDir;

use super::backend::Backend;

pub struct SqliteBackend {
    // The first field is dropped first: the store closes before its folder is deleted.
    store: SqliteStore,
    _folder: TempDir,
}

#[async_trait]
impl Backend for SqliteBackend {
    async fn start() -> Option<Self> {
        let folder = TempDir::new().expect("a temporary folder");
        let store = SqliteStore::open(&folder.path().join("orders.sqlite"))
            .await
            .expect("a store");
        Some(Self {
            store,
            _folder: folder,
        })
    }

    fn store(&self) -> &dyn OrderStore {
        &self.store
    }
}
