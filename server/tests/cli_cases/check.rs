//! `server check`.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::program::Program;

/// The JSON report of a check that exits with `code`.
pub fn report(program: &Program, code: i32) -> Value {
    let json = said(program, &["check", "--json"], code);
    serde_json::from_str(&json).expect("JSON")
}

/// The text of a check that exits with `code`: 2 if orders are older than 35 days.
pub fn table(program: &Program, code: i32) -> String {
    said(program, &["check"], code)
}

fn said(program: &Program, arguments: &[&str], code: i32) -> String {
    let ended = program.run(arguments);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(code), ""));
    ended.stdout
}

#[test]
fn the_embedded_stores_are_up() {
    let program = Program::new();
    program.succeeds(&["generate"]);
    // The oldest of 35 days of orders leave now.
    let urgent = table(&program, 2);
    let warning = urgent.lines().nth(4).expect("a warning");
    assert!(warning.starts_with("archive: "), "{warning}");
    assert!(
        warning.contains(" is not archived, and its oldest orders leave"),
        "{warning}"
    );
    program.succeeds(&["archive", "--all-missing"]);
    let again = program.succeeds(&["archive", "--all-missing"]);
    assert!(again.starts_with("nothing to archive"), "{again}");
    let said = program.succeeds(&["check"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 5, "{said}");
    assert!(lines[4].starts_with("time zone: UTC, rules 20"), "{said}");
    let state = lines[0].find("state").expect("a column");
    for (line, start) in lines[1..].iter().zip([
        "orders   SQLite ",
        "cache    in-process cache ",
        "archive  local folder ",
    ]) {
        assert!(line.starts_with(start), "{said}");
        assert_eq!(line.get(state..state + 3), Some("up "), "{said}");
    }
    assert!(lines[1].contains("  50"), "{said}");

    let report = report(&program, 0);
    assert_eq!(report["up"], true);
    let orders = &report["stores"][0];
    assert_eq!(
        (&orders["store"], &orders["unreadable"]),
        (&"orders".into(), &0.into())
    );
    assert!(
        orders["orders"]
            .as_u64()
            .is_some_and(|orders| orders >= 500),
        "{orders}"
    );
    let newest = orders["newest_order"].as_str().expect("a time");
    assert!(
        newest.contains('T') && newest.ends_with("+00:00"),
        "{newest}"
    );
    let file = orders["location"].as_str().expect("a place");
    assert!(
        file.starts_with('/') && file.ends_with("/data/shopstream.sqlite3"),
        "{file}"
    );
    assert!(orders["latency_ms"].as_f64().is_some(), "{orders}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the program has no other clock")]
fn statuses_that_no_figure_knows_are_named_until_they_are_set() {
    let program = Program::new();
    let time = chrono::Utc::now().to_rfc3339();
    let words = ["Returned", "cancelled", "Cancelled", "refunded", "Pending"];
    let order = |word: &str| {
        format!(r#"{{"order_id":"{word}","created_at":"{time}","total":1,"status":"{word}"}}"#)
    };
    program.write("orders.jsonl", words.map(order).join("\n"));
    program.succeeds(&["import", "orders.jsonl"]);
    let said = program.succeeds(&["check"]);
    let expected = "orders: 3 orders have a status that no figure knows: cancelled 2, refunded 1. Set NOT_REVENUE_STATUSES\n";
    assert!(said.contains(expected), "{said}");
    let orders = &report(&program, 0)["stores"][0];
    assert_eq!(orders["unknown_statuses"][1]["status"], "refunded");

    let program = program.with("NOT_REVENUE_STATUSES", "returned,CANCELLED, Refunded");
    let said = program.succeeds(&["check"]);
    assert!(!said.contains("status that"), "{said}");
}

#[test]
fn a_damaged_database_is_down_and_the_other_stores_are_tried() {
    let program = Program::new();
    program.write("data/shopstream.sqlite3", "no database");
    let report = report(&program, 1);
    assert_eq!(report["up"], false);
    let states: Vec<bool> = (0..3)
        .map(|at| report["stores"][at]["up"] == true)
        .collect();
    assert_eq!(states, [false, true, true], "{report}");
    let note = report["stores"][0]["notes"][0].as_str().expect("a note");
    assert!(note.contains("is not a database; move it away"), "{note}");
}

#[test]
fn a_folder_that_cannot_be_used_is_down() {
    let program = Program::new().with("DATA_DIR", "file");
    program.write("file", "not a folder");
    let report = report(&program, 1);
    for at in [0, 2] {
        let note = report["stores"][at]["notes"][0].as_str().expect("a note");
        assert!(note.starts_with("DATA_DIR=file cannot be used"), "{note}");
    }
}

#[test]
fn unreachable_servers_are_down_within_the_time_limit_and_passwords_stay_secret() {
    // One refuses connections, one never answers, one does not exist.
    let hanging = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = hanging.local_addr().expect("an address").port();
    for (host, port) in [
        ("127.0.0.1", 1),
        ("127.0.0.1", port),
        ("no-such-host.invalid", 1),
    ] {
        let uri = format!("mongodb://u:hunter2@{host}:{port}");
        let program = Program::new()
            .with("MONGODB_URI", &uri)
            .with("REDIS_HOST", host)
            .with("REDIS_PORT", &port.to_string())
            .with("REDIS_PASSWORD", "hunter2");
        let started = Instant::now();
        let ended = program.run(&["check"]);
        // 12 seconds, and some more on a busy machine.
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "{:?}",
            started.elapsed()
        );
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
        let said = ended.stdout;
        let row = |start: &str| said.lines().find(|line| line.starts_with(start));
        let has = |start: &str, part: &str| row(start).is_some_and(|line| line.contains(part));
        assert!(has("orders  ", " down "), "{said}");
        assert!(
            has("orders  ", &format!(" mongodb://{host}:{port}/shopstream ")),
            "{said}"
        );
        assert!(has("cache  ", " down "), "{said}");
        assert!(
            has("cache  ", &format!(" redis://{host}:{port}/0 ")),
            "{said}"
        );
        assert!(has("archive  ", " up "), "{said}");
        // Notes say what to do.
        assert!(has("orders: ", "MongoDB"), "{said}");
        assert!(has("cache: ", "REDIS_HOST"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}
