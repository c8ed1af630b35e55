//! One of several servers that share their stores.

use std::ops::Deref;
use std::sync::Arc;

use server::assembly::Assembly;
use server::backends::Backends;
use server::cache::Cache;
use server::clock::FixedClock;
use server::objects::local::LocalFolder;
use server::store::{LeaseStore, OrderStore, RunLog, StatusRules, SyncStore};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::asked::Asked;
use super::lesson;
use super::time::{at, calendar};
use super::watched::Watched;

pub struct Replica {
    /// The orders as this server sees them.
    pub store: Arc<Watched>,
    pub cache: Arc<dyn Cache>,
    pub assembly: Assembly,
    asked: Asked,
    _folder: TempDir,
}

impl Replica {
    /// Starts a server at the lesson's time in UTC.
    pub async fn start<S>(orders: Arc<S>, cache: Arc<dyn Cache>) -> Self
    where
        S: OrderStore + RunLog + LeaseStore + SyncStore,
    {
        let folder = TempDir::new().expect("a temporary folder");
        let objects = LocalFolder::open(&folder.path().join("archive")).await;
        let store = Arc::new(Watched::new(orders.clone()));
        let backends = Backends {
            orders: store.clone(),
            runs: orders.clone(),
            leases: orders.clone(),
            sync: orders,
            cache: cache.clone(),
            objects: Arc::new(objects.expect("a folder")),
            spool: folder.path().join("spool"),
            mongo: None,
        };
        let clock = Arc::new(FixedClock(at(lesson::NOW)));
        let cancel = CancellationToken::new();
        let assembly = Assembly::open(
            &backends,
            clock,
            calendar("UTC"),
            StatusRules::default(),
            cancel,
        )
        .await;
        let assembly = assembly.expect("an assembly");
        Self {
            store,
            cache,
            asked: Asked::new(&assembly),
            assembly,
            _folder: folder,
        }
    }
}

impl Deref for Replica {
    type Target = Asked;

    fn deref(&self) -> &Asked {
        &self.asked
    }
}
