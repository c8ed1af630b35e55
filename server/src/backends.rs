//! The stores that the configuration chooses, opened once at start-up.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use crate::cache::{Cache, MemoryCache, OpenError, RedisCache};
use crate::config::{Config, GcsConfig, MongoConfig, RedisConfig};
use crate::objects::ObjectStore;
use crate::objects::gcs::{GcsBucket, GcsOpenError};
use crate::objects::local::LocalFolder;
use crate::store::mongo::MongoStore;
use crate::store::sqlite::SqliteStore;
use crate::store::{LeaseStore, OrderStore, RunLog, StoreError};

/// The embedded store's file in `DATA_DIR`.
const DATABASE: &str = "shopstream.sqlite3";
/// The local archive's folder in `DATA_DIR`.
const ARCHIVE: &str = "archive";
/// The folder for exports on their way, in `DATA_DIR`.
const SPOOL: &str = "spool";

/// One of each kind, each chosen on its own.
#[derive(Clone, Debug)]
pub struct Backends {
    pub orders: Arc<dyn OrderStore>,
    /// Beside the orders.
    pub runs: Arc<dyn RunLog>,
    /// Beside the orders: whoever archives them agrees there with others who do.
    pub leases: Arc<dyn LeaseStore>,
    pub cache: Arc<dyn Cache>,
    pub objects: Arc<dyn ObjectStore>,
    /// The folder for exports on their way; made when it is first needed.
    pub spool: PathBuf,
    /// [`Backends::orders`], if they are in MongoDB.
    pub mongo: Option<Arc<MongoStore>>,
    /// [`Backends::cache`], if it is Redis.
    pub redis: Option<Arc<RedisCache>>,
}

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
    /// Opens what `config` names, and creates what is missing in `DATA_DIR`. No server needs to be
    /// up: those that are asked for are connected to when they are first needed.
    pub async fn open(config: &Config) -> Result<Self, BackendError> {
        let objects = Self::open_objects(config).await?;
        let spool = config.data_dir.join(SPOOL);
        let redis = config.redis.as_ref().map(Self::open_redis).transpose()?;
        let cache: Arc<dyn Cache> = match &redis {
            Some(redis) => redis.clone(),
            None => Arc::new(MemoryCache::new()),
        };
        let Some(mongo) = &config.mongo else {
            let embedded = Self::open_embedded(config).await?;
            return Ok(Self {
                orders: embedded.clone(),
                runs: embedded.clone(),
                leases: embedded,
                cache,
                objects,
                spool,
                mongo: None,
                redis,
            });
        };
        let mongo = Self::open_mongo(mongo)?;
        Ok(Self {
            orders: mongo.clone(),
            runs: mongo.clone(),
            leases: mongo.clone(),
            cache,
            objects,
            spool,
            mongo: Some(mongo),
            redis,
        })
    }

    /// The embedded store's file.
    pub fn database(config: &Config) -> PathBuf {
        config.data_dir.join(DATABASE)
    }

    /// The local archive's folder.
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

    /// Where archives are kept.
    pub async fn open_objects(config: &Config) -> Result<Arc<dyn ObjectStore>, BackendError> {
        Ok(match &config.gcs {
            Some(gcs) => Self::open_bucket(gcs)?,
            None => Arc::new(Self::open_folder(config).await?),
        })
    }

    /// The archive in Cloud Storage, which need not be reached yet.
    pub fn open_bucket(config: &GcsConfig) -> Result<Arc<GcsBucket>, BackendError> {
        let bucket = GcsBucket::open(config).map_err(|source| BackendError::Archive { source })?;
        Ok(Arc::new(bucket))
    }

    /// Opens the local archive, or creates it.
    pub async fn open_folder(config: &Config) -> Result<LocalFolder, BackendError> {
        create(&config.data_dir).await?;
        let path = Self::archive(config);
        let objects = LocalFolder::open(&path).await;
        objects.map_err(|source| BackendError::DataDir { path, source })
    }

    /// The orders in MongoDB, which need not be up yet.
    pub fn open_mongo(config: &MongoConfig) -> Result<Arc<MongoStore>, BackendError> {
        let store = MongoStore::open(config).map_err(|source| BackendError::Orders { source })?;
        Ok(Arc::new(store))
    }

    /// The cache in Redis, which need not be up yet.
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
