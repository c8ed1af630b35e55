//! One month, exported and verified.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::support::program::Program;

/// Months that are over on every machine.
const ORDERS: &str = r#"{"order_id":"A1","created_at":"2020-04-30T23:30:00Z","total":1.5}
{"order_id":"A2","created_at":"2020-05-04T10:00:00Z","total":2.5,"note":"größer"}
{"order_id":"A3","created_at":"2020-05-31T22:30:00Z","total":3.5}
"#;

fn program() -> Program {
    let program = Program::new();
    let ended = program.run_with(&["import", "-"], ORDERS);
    assert_eq!(ended.code, Some(0));
    program
}

#[test]
fn a_receipt_says_what_is_stored_where() {
    let program = program();
    let said = program.succeeds(&["archive", "--month", "2020-05"]);
    let (receipt, place) = said.trim_end().split_once('\n').expect("two lines");
    let place = program.folder().join(place);
    assert!(place.starts_with(program.data().join("archive/shopstream/orders/runs")));
    let stored = fs::read_to_string(place).expect("a file");
    let dated = "archive/shopstream/orders/2020/05/31/orders_export.jsonl";
    let published = fs::read_to_string(program.data().join(dated));
    assert_eq!(published.expect("a file"), stored);
    assert_eq!(stored.lines().count(), 2);
    assert!(stored.contains("größer"));
    let bytes = stored.len();
    let checksum = crc32c::crc32c(stored.as_bytes());
    assert_eq!(
        receipt,
        format!("archived May 2020: 2 orders, {bytes} bytes, CRC32C {checksum:08x}, verified")
    );
}

#[test]
fn a_month_is_one_of_the_business_time_zone() {
    let program = program().with("BUSINESS_TIMEZONE", "Europe/Berlin");
    let said = program.succeeds(&["archive", "--month", "2020-05", "--json"]);
    let run: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&run["state"], &run["orders"]),
        (&"succeeded".into(), &2.into())
    );
    assert_eq!(run["window"]["from"], "2020-05-01T00:00:00.000+02:00");
    assert_eq!(run["window"]["to"], "2020-06-01T00:00:00.000+02:00");
    assert_eq!(said.lines().count(), 1);
    let info = program
        .data()
        .join("archive/shopstream/metadata/run_info.json");
    let info = fs::read_to_string(info).expect("a file");
    let info: Value = serde_json::from_str(&info).expect("JSON");
    assert_eq!(
        (&info["date"], &info["orders_exported"]),
        (&"2020-05-31".into(), &2.into())
    );
}

#[test]
fn this_month_is_the_default() {
    let program = Program::new();
    program.succeeds(&["generate"]);
    let said = program.succeeds(&["archive", "--json"]);
    let run: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&run["state"], &run["error"]),
        (&"succeeded".into(), &Value::Null)
    );
}

#[test]
fn months_that_cannot_be_archived_are_refused() {
    let program = program();
    assert_eq!(
        program.fails(&["archive", "--month", "9999-12"]),
        "December 9999 is still to come"
    );
    assert_eq!(
        program.fails(&["archive", "--month", "2020-03"]),
        "there are no orders of March 2020: the oldest are of April 2020"
    );
    assert_eq!(
        program.fails(&["archive", "--month", "2026-13"]),
        "invalid value '2026-13' for '--month <YYYY-MM>': expected a month like 2026-11; see --help"
    );
    assert!(!program.data().join("archive/shopstream").exists());
}

#[test]
fn an_archive_that_cannot_be_written_fails() {
    let program = program();
    program.write("data/archive/shopstream", "in the way");
    let ended = program.run(&["archive", "--month", "2020-05"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    // The log has the cause; the sentence for people comes last.
    let line = ended.stderr.lines().last().expect("a line");
    let start =
        "server: the archive of May 2020 did not succeed: the archive could not be stored: ";
    assert!(line.starts_with(start), "{line}");
    let end = " failed, there is a file in the place of a folder: move it away";
    assert!(line.ends_with(end), "{line}");
    assert!(ended.stderr.contains("NotADirectory"), "{}", ended.stderr);
    assert!(
        !ended.stderr.contains('\x1b'),
        "colours only on a terminal: {}",
        ended.stderr
    );
}

/// The archive of May fails with this line alone, and nothing is stored.
fn fails_with(program: &Program, words: &str) {
    let said = program.fails(&["archive", "--month", "2020-05"]);
    let start = format!("the archive of May 2020 did not succeed: {words}");
    assert!(said.starts_with(&start), "{said}");
    assert!(!program.data().join("archive/shopstream").exists());
}

#[test]
fn a_spool_folder_that_cannot_be_written() {
    let program = program();
    program.write("data/spool", "in the way");
    fails_with(&program, "the spool folder data/spool in DATA_DIR cannot");
}

/// Needs the right to mount a file system, which root has.
#[test]
fn a_disk_that_fills_in_mid_export() {
    let program = program();
    let note = "x".repeat(1_000);
    let order = |id: u32| {
        format!(
            "{{\"order_id\":\"B{id}\",\"created_at\":\"2020-05-04T10:00:00Z\",\"total\":1,\"note\":\"{note}\"}}\n"
        )
    };
    let orders: String = (0..5_000).map(order).collect();
    assert_eq!(program.run_with(&["import", "-"], &orders).code, Some(0));
    let Some(spool) = SmallDisk::mount(program.data().join("spool")) else {
        return;
    };
    fails_with(
        &program,
        "the disk of DATA_DIR is full: data/spool needs room",
    );
    let left = fs::read_dir(&spool.0).expect("a folder").count();
    assert_eq!(left, 0);
    drop(spool);
    program.succeeds(&["archive", "--month", "2020-05"]);
}

/// A file system of 1 MiB.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(folder: PathBuf) -> Option<Self> {
        fs::create_dir_all(&folder).expect("a folder");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(&folder);
        if mount.status().is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        let wanted = std::env::var_os("CI").is_some();
        assert!(!wanted, "a file system cannot be mounted here");
        println!("needs root: a disk that fills in mid-export is not tested");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.0).status();
        assert!(unmounted.is_ok_and(|status| status.success()));
    }
}

#[test]
fn a_run_that_is_kept_is_published_by_its_id() {
    let program = program();
    let dated = "data/archive/shopstream/orders/2020/05/31/orders_export.jsonl";
    program.write(dated, "{}\n");
    let ended = program.run(&["archive", "--month", "2020-05", "--json"]);
    let run: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!((ended.code, &run["published"]), (Some(0), &false.into()));
    let because = run["unpublished_because"].as_str().expect("words");
    assert!(because.contains("was written by no run"), "{because}");
    // April is no matter of that.
    program.succeeds(&["archive", "--month", "2020-04"]);
    let run_id = run["run_id"].as_str().expect("an id");
    let own = format!("data/archive/shopstream/orders/runs/{run_id}.jsonl");
    let published = || fs::read_to_string(program.folder().join(dated)).expect("a file");
    assert_eq!(published(), "{}\n");
    let said = program.succeeds(&["archive", "--publish", run_id]);
    assert!(
        said.starts_with("published May 2020: 2 orders of run "),
        "{said}"
    );
    assert_eq!(
        published(),
        fs::read_to_string(program.folder().join(&own)).expect("a file")
    );

    fs::remove_file(program.folder().join(&own)).expect("a file");
    let said = program.fails(&["archive", "--publish", run_id]);
    assert!(said.ends_with("is not in the archive"), "{said}");
    assert_eq!(
        program.fails(&["archive", "--publish", "01JD8Q0Z3W6K5T9V2N4R7X1B8C"]),
        "there is no run 01JD8Q0Z3W6K5T9V2N4R7X1B8C"
    );
    assert_eq!(
        program.fails(&["archive", "--publish", run_id, "--month", "2020-05"]),
        "the argument '--publish <RUN_ID>' cannot be used with '--month <YYYY-MM>'; see --help"
    );
}
