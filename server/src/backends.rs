//! Opens the stores that the configuration chooses.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use crate::cache::{Cache, MemoryCache, OpenError, RedisCache};
use crate::clock::SystemClock;
use crate::config::{Config, MongoConfig, RedisConfig};
use crate::objects::ObjectStore;
use crate::objects::gcs::{GcsBucket, GcsOpenError};
use crate::objects::local::LocalFolder;
use crate::store::mongo::MongoStore;
use crate::store::sqlite::SqliteStore;
use crate::store::{LeaseStore, OrderStore, RunLog, StoreError, SyncStore};

/// The file of the embedded store in `DATA_DIR`.
const DATABASE: &str = "shopstream.sqlite3";
/// The folder of the local archive in `DATA_DIR`.
const ARCHIVE: &str = "archive";
/// The folder for unfinished exports in `DATA_DIR`.
const SPOOL: &str = "spool";

/// One store of each kind.
#[derive(Clone, Debug)]
pub struct Backends {
    pub orders: Arc<dyn OrderStore>,
    /// In the order store.
    pub runs: Arc<dyn RunLog>,
    /// In the order store, where all processes that archive its orders see them.
    pub leases: Arc<dyn LeaseStore>,
    /// The order store, as the target of `server sync`.
    pub sync: Arc<dyn SyncStore>,
    pub cache: Arc<dyn Cache>,
    pub objects: Arc<dyn ObjectStore>,
    /// The folder for unfinished exports, created when it is first needed.
    pub spool: PathBuf,
    /// [`Backends::orders`], if they are in MongoDB.
    pub mongo: Option<Arc<MongoStore>>,
}

type Stores = (
    Arc<dyn OrderStore>,
    Arc<dyn RunLog>,
    Arc<dyn LeaseStore>,
    Arc<dyn SyncStore>,
);

/// A store cannot be opened.
#[derive(Debug, Error)]
pub enum BackendError {
    #[error("DATA_DIR={path} cannot be used: make it a folder that this user may write to, or choose another", path = path.display())]
    DataDir { path: PathBuf, source: io::Error },
    #[error("the orders cannot be opened")]
    Orders { source: StoreError },
    #[error("the cache cannot be opened")]
    Cache { source: OpenError },
    #[error("the archive cannot be opened")]
    Archive { source: GcsOpenError },
}

impl Backends {
    /// Opens the stores and creates what is missing in `DATA_DIR`. Servers may be down: the first use
    /// connects to them.
    pub async fn open(config: &Config) -> Result<Self, BackendError> {
        let objects = Self::open_objects(config).await?;
        let spool = config.data_dir.join(SPOOL);
        let cache: Arc<dyn Cache> = match &config.redis {
            Some(redis) => Self::open_redis(redis)?,
            None => Arc::new(MemoryCache::new()),
        };
        let mongo = config.mongo.as_ref().map(Self::open_mongo).transpose()?;
        let (orders, runs, leases, sync): Stores = match &mongo {
            Some(mongo) => (mongo.clone(), mongo.clone(), mongo.clone(), mongo.clone()),
            None => {
                let embedded = Self::open_embedded(config).await?;
                (
                    embedded.clone(),
                    embedded.clone(),
                    embedded.clone(),
                    embedded,
                )
            }
        };
        Ok(Self {
            orders,
            runs,
            leases,
            sync,
            cache,
            objects,
            spool,
            mongo,
        })
    }

    /// The file of the embedded store.
    pub fn database(config: &Config) -> PathBuf {
        config.data_dir.join(DATABASE)
    }

    /// The folder of the local archive.
    pub fn archive(config: &Config) -> PathBuf {
        config.data_dir.join(ARCHIVE)
    }

    /// Opens the embedded store, or creates it.
    pub async fn open_embedded(config: &Config) -> Result<Arc<SqliteStore>, BackendError> {
        create(&config.data_dir).await?;
        let store = SqliteStore::open(&Self::database(config)).await;
        let store = store.map_err(|source| BackendError::Orders { source })?;
        Ok(Arc::new(store))
    }

    /// Opens the bucket, without connecting to it, or the local archive, which it may create.
    pub async fn open_objects(config: &Config) -> Result<Arc<dyn ObjectStore>, BackendError> {
        if let Some(gcs) = &config.gcs {
            let bucket = GcsBucket::open(gcs).map_err(|source| BackendError::Archive { source })?;
            return Ok(Arc::new(bucket));
        }
        create(&config.data_dir).await?;
        let path = Self::archive(config);
        match LocalFolder::open(&path).await {
            Ok(folder) => Ok(Arc::new(folder)),
            Err(source) => Err(BackendError::DataDir { path, source }),
        }
    }

    /// Does not connect to MongoDB.
    pub fn open_mongo(config: &MongoConfig) -> Result<Arc<MongoStore>, BackendError> {
        let store = MongoStore::open(config, Arc::new(SystemClock));
        let store = store.map_err(|source| BackendError::Orders { source })?;
        Ok(Arc::new(store))
    }

    /// Does not connect to Redis.
    pub fn open_redis(config: &RedisConfig) -> Result<Arc<RedisCache>, BackendError> {
        let cache = RedisCache::open(config).map_err(|source| BackendError::Cache { source })?;
        Ok(Arc::new(cache))
    }
}

async fn create(folder: &Path) -> Result<(), BackendError> {
    let created = tokio::fs::create_dir_all(folder).await;
    created.map_err(|source| BackendError::DataDir {
        path: folder.to_owned(),
        source,
    })
}
