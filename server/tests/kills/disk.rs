//! What is on the disk, read without the program, and whether it is true.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use app::model::{ArchiveRun, RunState};
use server::archive::Tally;

use crate::support::program::Program;

const RUN_INFO: &str = "shopstream/metadata/run_info.json";
const MANIFESTS: &str = "shopstream/metadata/runs/";
const FINAL: &str = "/orders_export.jsonl";

/// The archive's files and the record of runs.
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

    /// Every archive is whole, every receipt says what is there, and nothing of `before` is lost.
    pub fn is_true(&self, before: Option<&Self>) {
        for (name, content) in self.finals() {
            let writer = self.writer(name, content);
            assert!(
                writer.is_some(),
                "{name} is no run's: {} bytes",
                content.len()
            );
        }
        for run in self.succeeded() {
            let content = self.files.get(&run.object);
            let content = content.unwrap_or_else(|| panic!("{} is lost", run.object));
            // Only a later run can have taken its place.
            let writer = self.writer(&run.object, content).expect("a run");
            assert!(
                writer.run_id >= run.run_id,
                "{run:?} is not true: {writer:?}"
            );
        }
        for (name, content) in &self.files {
            let file = name.strip_prefix(MANIFESTS);
            // Half a manifest has no name yet.
            if let Some(run_id) = file.and_then(|file| file.strip_suffix(".json")) {
                assert_eq!(run_id, self.manifest(content).run_id);
            }
        }
        self.run_info_is_true();
        if let Some(before) = before {
            for name in before.finals().map(|(name, _)| name) {
                assert!(self.files.contains_key(name), "{name} is lost");
            }
            for run in before.succeeded() {
                assert!(self.runs.contains(run), "{run:?} is lost");
            }
        }
    }

    /// After a run that succeeded nothing is left of those that did not.
    pub fn is_clean(&self) {
        assert_eq!(self.runs[0].state, RunState::Succeeded);
        let active = self.runs.iter().find(|run| run.state.is_active());
        assert_eq!(active, None);
        let manifests = self
            .succeeded()
            .map(|run| format!("{MANIFESTS}{}.json", run.run_id));
        let finals = self.succeeded().map(|run| run.object.clone());
        let info = [RUN_INFO.to_owned()];
        let expected: BTreeSet<String> = manifests.chain(finals).chain(info).collect();
        let found: BTreeSet<String> = self.files.keys().cloned().collect();
        assert_eq!(found, expected);
        // The newest archive is the newest run's, and what others read is about it.
        let newest = &self.runs[0];
        let writer = self.writer(&newest.object, &self.files[&newest.object]);
        assert_eq!(writer.map(|run| &run.run_id), Some(&newest.run_id));
        assert_eq!(self.info()["run_id"], newest.run_id);
    }

    /// Which part of a run was the last: 0 before it was recorded, 4 after its archive got its name.
    pub fn moment(&self, before: &Self) -> usize {
        let run = &self.runs[0];
        let found = (self.runs.len() > before.runs.len()).then_some(run);
        let Some(run) = found else { return 0 };
        let has_its_name = || {
            let content = self.files.get(&run.object);
            content.is_some_and(|content| tally(content).is_of(run))
        };
        match run.state {
            RunState::Running => 1,
            RunState::Verifying if run.verified_at.is_none() => 2,
            RunState::Verifying if !has_its_name() => 3,
            _ => 4,
        }
    }

    fn finals(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let files = self.files.iter();
        let finals = files.filter(|(name, _)| name.ends_with(FINAL));
        finals.map(|(name, content)| (name.as_str(), content.as_slice()))
    }

    fn succeeded(&self) -> impl Iterator<Item = &ArchiveRun> {
        let runs = self.runs.iter();
        runs.filter(|run| run.state == RunState::Succeeded)
    }

    /// The newest run that has verified this content under this name.
    fn writer(&self, name: &str, content: &[u8]) -> Option<&ArchiveRun> {
        let tally = tally(content);
        let mut runs = self.runs.iter();
        runs.find(|run| run.object == name && run.verified_at.is_some() && tally.is_of(run))
    }

    /// The run that the manifest is of, once they say the same.
    fn manifest(&self, content: &[u8]) -> &ArchiveRun {
        let written: ArchiveRun = serde_json::from_slice(content).expect("a whole manifest");
        assert_eq!(written.state, RunState::Succeeded);
        let run = self.runs.iter().find(|run| run.run_id == written.run_id);
        let run = run.expect("a run");
        let figures = |run: &ArchiveRun| {
            (
                run.orders,
                run.bytes,
                run.crc32c.clone(),
                run.object.clone(),
            )
        };
        assert_eq!(figures(run), figures(&written));
        assert!(
            run.state == RunState::Succeeded || run.state == RunState::Verifying,
            "{run:?} has a manifest"
        );
        run
    }

    fn info(&self) -> serde_json::Value {
        serde_json::from_slice(&self.files[RUN_INFO]).expect("a whole run_info.json")
    }

    fn run_info_is_true(&self) {
        let info = self.info();
        let run_id = info["run_id"].as_str().expect("a run");
        let manifest = &self.files[&format!("{MANIFESTS}{run_id}.json")];
        let run = self.manifest(manifest);
        assert_eq!(info["orders_exported"], run.orders);
        assert_eq!(info["crc32c"], run.crc32c.clone().expect("a checksum"));
        assert_eq!(info["object"], run.object);
    }
}

fn tally(content: &[u8]) -> Tally {
    let mut tally = Tally::default();
    tally.add(content);
    tally
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
        files.insert(name, fs::read(&path).expect("a file"));
    }
}
