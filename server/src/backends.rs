//! The stores that the configuration chooses, opened once at start-up.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use crate::archive::local::LocalFolder;
use crate::archive::{ObjectStore, RunLog};
use crate::cache::{Cache, MemoryCache};
use crate::config::Config;
use crate::store::sqlite::SqliteStore;
use crate::store::{OrderStore, StoreError};

/// The embedded store's file in `DATA_DIR`.
const DATABASE: &str = "shopstream.sqlite3";
/// The local archive's folder in `DATA_DIR`.
const ARCHIVE: &str = "archive";

/// One of each kind.
#[derive(Clone, Debug)]
pub struct Backends {
    pub orders: Arc<dyn OrderStore>,
    pub runs: Arc<dyn RunLog>,
    pub cache: Arc<dyn Cache>,
    pub objects: Arc<dyn ObjectStore>,
}

/// A store cannot be opened.
#[derive(Debug, Error)]
pub enum BackendError {
    #[error("DATA_DIR={path} cannot be used: make it a folder that this user may write to, or choose another", path = path.display())]
    DataDir { path: PathBuf, source: io::Error },
    #[error("the orders cannot be opened")]
    Orders { source: StoreError },
}

impl Backends {
    /// Opens, and creates where nothing is yet, what `config` names.
    pub async fn open(config: &Config) -> Result<Self, BackendError> {
        let data_dir = |path: &PathBuf, source| BackendError::DataDir {
            path: path.clone(),
            source,
        };
        let folder = &config.data_dir;
        tokio::fs::create_dir_all(folder)
            .await
            .map_err(|source| data_dir(folder, source))?;
        let archive = folder.join(ARCHIVE);
        let objects = LocalFolder::open(&archive)
            .await
            .map_err(|source| data_dir(&archive, source))?;
        let store = SqliteStore::open(&folder.join(DATABASE))
            .await
            .map_err(|source| BackendError::Orders { source })?;
        let store = Arc::new(store);
        Ok(Self {
            orders: store.clone(),
            runs: store,
            cache: Arc::new(MemoryCache::new()),
            objects: Arc::new(objects),
        })
    }
}
