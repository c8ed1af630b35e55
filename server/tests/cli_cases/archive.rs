//! One month, exported and verified.

use std::fs;

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
    assert!(place.ends_with("archive/shopstream/orders/2020/05/31/orders_export.jsonl"));
    let stored = fs::read_to_string(place).expect("a file");
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
    // The log has the cause; what to say about it comes last.
    let line = ended.stderr.lines().last().expect("a line");
    let start =
        "server: the archive of May 2020 did not succeed: the archive could not be written: ";
    assert!(line.starts_with(start), "{line}");
    let end = " failed, a file stands where a folder belongs: move it away; what was archived before \
               is unchanged";
    assert!(line.ends_with(end), "{line}");
    assert!(ended.stderr.contains("Not a directory"), "{}", ended.stderr);
    assert!(
        !ended.stderr.contains('\x1b'),
        "colours only on a terminal: {}",
        ended.stderr
    );
}

#[test]
fn what_is_in_doubt_holds_up_nothing_and_is_no_success() {
    let program = program();
    program.succeeds(&["archive", "--month", "2020-05"]);
    let orders = program.data().join("archive/shopstream/orders/2020");
    let may = orders.join("05/31/orders_export.jsonl");
    fs::remove_file(&may).expect("an archive");
    fs::create_dir(&may).expect("a folder in its place");

    let checked = program.run(&["check"]);
    assert_eq!(checked.code, Some(2));
    for words in [
        "archive: which months are still to be archived is not known for certain: ",
        "archive: April 2020 is not archived",
    ] {
        assert!(checked.stdout.contains(words), "{}", checked.stdout);
    }
    for archived in ["archived April 2020: 1 order", ""] {
        let ended = program.run(&["archive", "--all-missing"]);
        assert_eq!(ended.code, Some(1));
        assert!(ended.stdout.starts_with(archived), "{}", ended.stdout);
        assert_eq!(ended.stdout.is_empty(), archived.is_empty());
        let words = "server: which months are still to be archived is not known for certain: ";
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
    assert!(orders.join("04/30/orders_export.jsonl").is_file());
}
