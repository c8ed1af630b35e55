//! The dashboard over real stores in a temporary folder, at a time that the test sets.

use std::sync::Arc;

use server::assembly::Assembly;
use server::backends::Backends;
use server::cache::MemoryCache;
use server::calendar::Calendar;
use server::dashboard::CachedDashboard;
use server::objects::local::LocalFolder;
use server::order::Order;
use server::store::OrderStore;
use server::store::StatusRules;
use server::store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::clock::SetClock;
use super::time::{at, calendar};
use super::watched::Watched;

pub struct Stage {
    pub sqlite: Arc<SqliteStore>,
    /// The same store as the dashboard sees it.
    pub store: Arc<Watched>,
    pub cache: Arc<MemoryCache>,
    pub objects: Arc<LocalFolder>,
    pub clock: Arc<SetClock>,
    pub calendar: Calendar,
    pub dashboard: Arc<CachedDashboard>,
    pub assembly: Assembly,
    folder: TempDir,
}

impl Stage {
    /// Real `orders` at `now` (RFC 3339) in the business time zone `zone`.
    pub async fn open(zone: &str, now: &str, orders: Vec<Order>) -> Self {
        let stage = Self::demonstration(zone, now, Vec::new()).await;
        stage.sqlite.adopt().await.expect("adoption");
        stage.add(orders).await;
        stage
    }

    /// Synthetic `orders`.
    pub async fn demonstration(zone: &str, now: &str, orders: Vec<Order>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let sqlite = SqliteStore::open(&folder.path().join("orders.sqlite")).await;
        let sqlite = Arc::new(sqlite.expect("a store"));
        sqlite
            .upsert_synthetic(orders, false)
            .await
            .expect("an upsert");
        let objects = LocalFolder::open(&folder.path().join("archive")).await;
        let objects = Arc::new(objects.expect("a folder"));
        let store = Arc::new(Watched::new(sqlite.clone()));
        let cache = Arc::new(MemoryCache::new());
        let clock = Arc::new(SetClock::new(at(now)));
        let calendar = calendar(zone);
        let backends = Backends {
            orders: store.clone(),
            runs: sqlite.clone(),
            leases: sqlite.clone(),
            sync: sqlite.clone(),
            cache: cache.clone(),
            objects: objects.clone(),
            spool: folder.path().join("spool"),
            mongo: None,
        };
        let cancel = CancellationToken::new();
        let assembly = Assembly::open(
            &backends,
            clock.clone(),
            calendar,
            StatusRules::default(),
            cancel,
        )
        .await;
        let assembly = assembly.expect("an assembly");
        Self {
            sqlite,
            store,
            cache,
            objects,
            clock,
            calendar,
            dashboard: assembly.dashboard.clone(),
            assembly,
            folder,
        }
    }

    /// The file of the orders.
    pub fn database(&self) -> std::path::PathBuf {
        self.folder.path().join("orders.sqlite")
    }

    /// Adds orders or replaces existing ones.
    pub async fn add(&self, orders: Vec<Order>) {
        self.sqlite.upsert(orders).await.expect("an upsert");
    }
}
