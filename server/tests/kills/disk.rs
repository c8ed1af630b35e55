//! What is on the disk, read without the program, and whether it is true.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use app::model::{ArchiveRun, RunState};
use server::objects::Digest;

use crate::support::program::Program;

const RUN_INFO: &str = "shopstream/metadata/run_info.json";
const RECEIPTS: &str = "shopstream/metadata/runs/";
const DATED: &str = "/orders_export.jsonl";

/// The archive's files and the run log.
pub struct Disk {
    files: BTreeMap<String, Vec<u8>>,
    /// Newest first.
    pub runs: Vec<ArchiveRun>,
}

impl Disk {
    pub fn read(program: &Program) -> Self {
        let root = program.data().join("archive");
        let mut files = BTreeMap::new();
        collect(&root, &root, &mut files);
        let database = rusqlite::Connection::open(program.database()).expect("a database");
        let sql = "SELECT document FROM archive_runs ORDER BY started_at DESC, run_id DESC";
        let mut statement = database.prepare(sql).expect("a query");
        let documents = statement.query_map([], |row| row.get::<_, String>(0));
        let runs = documents.expect("runs").map(|document| {
            let document = document.expect("a run");
            serde_json::from_str(&document).expect("a run")
        });
        Self {
            files,
            runs: runs.collect(),
        }
    }

    /// Every receipt is true, every archive at a well-known path is one whole run's, and nothing
    /// of `before` is lost.
    pub fn is_true(&self, before: Option<&Self>) {
        let receipts: Vec<ArchiveRun> = self.receipts().collect();
        for run in &receipts {
            let own = run.stored_as.as_ref().expect("an object");
            let content = self.files.get(own);
            let content = content.unwrap_or_else(|| panic!("{own} is lost"));
            assert!(is_of(content, run), "{run:?} is not true");
        }
        for (name, content) in self.files.iter().filter(|(name, _)| name.ends_with(DATED)) {
            let writer = receipts
                .iter()
                .find(|run| run.object == **name && is_of(content, run));
            assert!(writer.is_some(), "{name} is no run's");
        }
        for run in self.succeeded() {
            assert!(receipts.iter().any(|receipt| receipt.run_id == run.run_id));
        }
        if let Some(info) = self.files.get(RUN_INFO) {
            let info: serde_json::Value = serde_json::from_slice(info).expect("a whole file");
            let run = receipts.iter().find(|run| info["run_id"] == run.run_id);
            let run = run.unwrap_or_else(|| panic!("no receipt of {info}"));
            assert_eq!(info["orders_exported"], run.orders);
            assert_eq!(info["object"], run.object);
        }
        let Some(before) = before else { return };
        for (name, content) in &before.files {
            let is_kept = name.starts_with(RECEIPTS) || name.contains("orders/runs/");
            let found = self.files.get(name);
            assert!(found.is_some(), "{name} is lost");
            assert!(!is_kept || found == Some(content), "{name} has changed");
        }
        for run in before.succeeded() {
            // It may have been verified since.
            let kept =
                |other: &ArchiveRun| (&other.run_id, other.state) == (&run.run_id, run.state);
            assert!(self.runs.iter().any(kept), "{run:?} is lost");
        }
    }

    /// No run is left undecided, and the newest is published.
    pub fn is_decided(&self) {
        let active = self.runs.iter().find(|run| run.state.is_active());
        assert_eq!(active, None);
        for receipt in self.receipts() {
            let run = self.runs.iter().find(|run| run.run_id == receipt.run_id);
            assert_eq!(run.map(|run| run.state), Some(RunState::Succeeded));
        }
        let newest = &self.runs[0];
        assert!(newest.published, "{newest:?}");
        assert!(is_of(&self.files[&newest.object], newest));
        let info: serde_json::Value = serde_json::from_slice(&self.files[RUN_INFO]).expect("JSON");
        assert_eq!(info["run_id"], newest.run_id);
    }

    /// How far the newest run had come: 0 before it was recorded, 4 when its receipt was written.
    pub fn moment(&self, before: &Self) -> usize {
        let run = &self.runs[0];
        let found = (self.runs.len() > before.runs.len()).then_some(run);
        let Some(run) = found else { return 0 };
        let has_receipt = self.receipts().any(|receipt| receipt.run_id == run.run_id);
        let own = format!("shopstream/orders/runs/{}.jsonl", run.run_id);
        match run.state {
            _ if has_receipt => 4,
            RunState::Verifying => 3,
            _ if self.files.contains_key(&own) => 2,
            _ => 1,
        }
    }

    fn receipts(&self) -> impl Iterator<Item = ArchiveRun> {
        self.files.iter().filter_map(|(name, content)| {
            let run_id = name.strip_prefix(RECEIPTS)?.strip_suffix(".json")?;
            let run: ArchiveRun = serde_json::from_slice(content).expect("a whole receipt");
            assert_eq!(
                (run_id, run.state),
                (run.run_id.as_str(), RunState::Succeeded)
            );
            Some(run)
        })
    }

    fn succeeded(&self) -> impl Iterator<Item = &ArchiveRun> {
        let runs = self.runs.iter();
        runs.filter(|run| run.state == RunState::Succeeded)
    }
}

/// Time passes until the lease of a process that was killed has expired.
pub fn lease_expires(program: &Program) {
    let database = rusqlite::Connection::open(program.database()).expect("a database");
    let expired = database.execute("UPDATE archive_lease SET until = 0", []);
    expired.expect("an expiry");
}

fn is_of(content: &[u8], run: &ArchiveRun) -> bool {
    let mut digest = Digest::default();
    digest.add(content);
    (digest.lines, digest.bytes) == (run.orders, run.bytes) && run.crc32c == Some(digest.checksum())
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, files);
            continue;
        }
        let name = path.strip_prefix(root).expect("a name");
        let name = name.to_str().expect("text").to_owned();
        // An object that is being written has no name yet.
        if !name.contains(".writing") {
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
}
