//! One of several servers that share their stores.

use std::ops::Deref;
use std::sync::Arc;

use server::assembly::Assembly;
use server::backends::Backends;
use server::cache::Cache;
use server::clock::FixedClock;
use server::objects::local::LocalFolder;
use server::store::StatusRules;
use server::store::mongo::MongoStore;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::asked::Asked;
use super::lesson;
use super::time::{at, calendar};
use super::watched::Watched;

pub struct Replica {
    /// The orders as this server sees them.
    pub store: Arc<Watched>,
    asked: Asked,
    _folder: TempDir,
}

impl Replica {
    /// Starts a server at the lesson's time in UTC.
    pub async fn start(mongo: Arc<MongoStore>, cache: Arc<dyn Cache>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let objects = LocalFolder::open(&folder.path().join("archive")).await;
        let store = Arc::new(Watched::new(mongo.clone()));
        let backends = Backends {
            orders: store.clone(),
            runs: mongo.clone(),
            leases: mongo.clone(),
            sync: mongo,
            cache,
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
        Self {
            store,
            asked: Asked::new(&assembly.expect("an assembly")),
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
