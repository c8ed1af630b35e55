//! The shop whose orders the tests archive.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::model::{ArchiveRun, StartedBy};
use chrono::TimeDelta;
use server::archive::{ArchiveJob, ArchiveParts, Leases};
use server::calendar::UtcWindow;
use server::clock::{FixedClock, SystemClock};
use server::generate::{Plan, generate};
use server::objects::local::LocalFolder;
use server::order::Order;
use server::store::OrderStore;
use server::store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::clock::SetClock;
use crate::faulty_objects::{Fault, FaultyObjects};
use crate::lines::lines;
use crate::{RUN_INFO, calendar, job, now};

/// A store with 500 synthetic orders of October and November, and an empty archive.
pub struct Shop {
    pub store: Arc<SqliteStore>,
    pub objects: Arc<LocalFolder>,
    pub folder: TempDir,
    /// How many jobs were made: each starts a second after the one before, as processes do.
    jobs: AtomicI64,
}

impl Shop {
    pub async fn empty() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let store = SqliteStore::open(&folder.path().join("orders.sqlite")).await;
        let objects = LocalFolder::open(&folder.path().join("archive")).await;
        Self {
            store: Arc::new(store.expect("a store")),
            objects: Arc::new(objects.expect("a folder")),
            folder,
            jobs: AtomicI64::new(0),
        }
    }

    pub async fn open() -> Self {
        let shop = Self::empty().await;
        let clock = FixedClock(now());
        generate(shop.store.as_ref(), Plan::default(), &clock, |_| {})
            .await
            .expect("synthetic orders");
        shop
    }

    /// Adds an order at each of these times.
    pub async fn insert(&self, times: &[&str]) {
        let order = |time: &&str| {
            let line = format!(r#"{{"order_id":"{time}","created_at":"{time}","total":1}}"#);
            Order::from_json(&line).expect("an order")
        };
        let orders = times.iter().map(order).collect();
        self.store.upsert(orders).await.expect("a write");
    }

    /// What a job works with, to be changed where a test wants it otherwise.
    pub fn parts(&self) -> ArchiveParts {
        let later = TimeDelta::seconds(self.jobs.fetch_add(1, Ordering::Relaxed));
        ArchiveParts {
            store: self.store.clone(),
            log: self.store.clone(),
            leases: Leases {
                store: self.store.clone(),
                clock: Arc::new(SystemClock),
            },
            objects: self.objects.clone(),
            spool: self.folder.path().join("spool"),
            clock: Arc::new(FixedClock(now() + later)),
            calendar: calendar("UTC"),
            by: StartedBy::Page,
            cancel: CancellationToken::new(),
        }
    }

    /// The same, of another process whose machine shows the time of `clock`.
    pub fn parts_at(&self, clock: &Arc<SetClock>) -> ArchiveParts {
        let mut parts = self.parts();
        parts.leases.clock = clock.clone();
        parts
    }

    pub async fn job(&self) -> ArchiveJob {
        job(self.parts()).await
    }

    /// The object's content; `None` if there is none.
    pub fn object(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.path().join("archive").join(name)).ok()
    }

    /// Parts whose objects fail like this.
    pub fn faulty(&self, fault: Fault) -> ArchiveParts {
        let objects = self.objects.clone();
        ArchiveParts {
            objects: Arc::new(FaultyObjects { objects, fault }),
            ..self.parts()
        }
    }

    /// The receipt of the run; `None` if there is none.
    pub fn receipt(&self, run_id: &str) -> Option<ArchiveRun> {
        let receipt = self.object(&crate::receipt(run_id))?;
        Some(serde_json::from_str(&receipt).expect("a whole receipt"))
    }

    /// Every receipt is true, and `run_info.json` names a run that has one.
    pub fn is_true(&self) {
        let names = self.names();
        let receipts = names.iter().filter_map(|name| {
            let id = name.strip_prefix("shopstream/metadata/runs/")?;
            self.receipt(id.strip_suffix(".json")?)
        });
        for run in receipts {
            let own = run.stored_as.as_ref().expect("an object");
            let content = self.object(own).expect("an object");
            assert_eq!(run.orders, content.lines().count() as u64, "{run:?}");
            assert_eq!(run.bytes, content.len() as u64, "{run:?}");
            let checksum = format!("{:08x}", crc32c::crc32c(content.as_bytes()));
            assert_eq!(run.crc32c, Some(checksum), "{run:?}");
        }
        if let Some(info) = self.object(RUN_INFO) {
            let info: serde_json::Value = serde_json::from_str(&info).expect("JSON");
            let run_id = info["run_id"].as_str().expect("a run");
            assert!(self.receipt(run_id).is_some(), "{info}");
        }
    }

    /// The names of all files in the archive.
    pub fn names(&self) -> Vec<String> {
        let root = self.folder.path().join("archive");
        let mut names: Vec<String> = files(&root)
            .iter()
            .filter_map(|file| Some(file.strip_prefix(&root).ok()?.to_str()?.to_owned()))
            .collect();
        names.sort();
        names
    }

    /// The store's documents of that month's part before now, as lines.
    pub async fn lines(&self, month: &str, zone: &str) -> String {
        let whole = calendar(zone).month(crate::month(month));
        let window = UtcWindow {
            to: whole.to.min(now()),
            ..whole
        };
        let documents = self.store.documents(window).await.expect("a stream");
        let lines = lines(documents).await;
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    pub async fn run_info(&self) -> serde_json::Value {
        let content = self.object(RUN_INFO).expect("run_info.json");
        serde_json::from_str(&content).expect("JSON")
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files
}
