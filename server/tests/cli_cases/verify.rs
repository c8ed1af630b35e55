//! Archives verified again, and the exit codes of the archive's commands.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::program::Program;

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

fn archived(program: &Program, month: &str) -> (String, PathBuf) {
    let said = program.succeeds(&["archive", "--month", month, "--json"]);
    let run: Value = serde_json::from_str(&said).expect("JSON");
    let text = |name: &str| run[name].as_str().expect("text").to_owned();
    (text("run_id"), PathBuf::from(text("location")))
}

#[test]
fn verify_compares_with_the_receipt() {
    let program = program();
    assert_eq!(
        program.fails(&["verify"]),
        "there is nothing to verify: no archive is recorded here; name a RUN_ID"
    );
    let (april, _) = archived(&program, "2020-04");
    let (may, place) = archived(&program, "2020-05");
    let said = program.succeeds(&["verify"]);
    assert!(said.starts_with(&format!(
        "run {may}: the archive is what was stored: 2 lines, "
    )));
    let said = program.succeeds(&["verify", &april]);
    assert!(said.starts_with(&format!("run {april}: ")), "{said}");
    assert_eq!(
        program
            .succeeds(&["verify", "--all", "--json"])
            .lines()
            .count(),
        2
    );

    let content = fs::read_to_string(&place).expect("a file");
    let place = program.folder().join(place);
    for (changed, outcome) in [
        (Some(content.replace("A2", "A9")), "changed"),
        (Some(content[..20].to_owned()), "truncated"),
        (None, "missing"),
    ] {
        match changed {
            Some(changed) => fs::write(&place, changed).expect("a file"),
            None => fs::remove_file(&place).expect("a file"),
        }
        let ended = program.run(&["verify", &may, "--json"]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
        let report: Value = serde_json::from_str(&ended.stdout).expect("JSON");
        assert_eq!(report["outcome"], outcome, "{report}");
        let ended = program.run(&["verify", "--all"]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_eq!(ended.stdout.lines().count(), 4, "{ended:?}");
    }
}

#[test]
fn runs_that_there_are_not_are_one_line() {
    let program = program();
    assert_eq!(
        program.fails(&["verify", "01JD8Q0Z3W6K5T9V2N4R7X1B8C"]),
        "there is no run 01JD8Q0Z3W6K5T9V2N4R7X1B8C"
    );
    assert_eq!(
        program.fails(&["verify", "no\nrun"]),
        "\"no\\nrun\" is not a run id: expected one like 01JD8Q0Z3W6K5T9V2N4R7X1B8C"
    );
    assert_eq!(
        program.fails(&["verify", "--all", "01JD8Q0Z3W6K5T9V2N4R7X1B8C"]),
        "the argument '--all' cannot be used with '[RUN_ID]'; see --help"
    );
}

#[test]
fn a_month_is_given_once() {
    let program = program();
    assert_eq!(
        program.fails(&["archive", "--month", "2020-04", "--month", "2020-05"]),
        "the argument '--month <YYYY-MM>' cannot be used multiple times; see --help"
    );
    assert_eq!(
        program.fails(&["archive", "--month", "2020-04", "--all-missing"]),
        "the argument '--month <YYYY-MM>' cannot be used with '--all-missing'; see --help"
    );
    assert!(!program.data().join("archive/shopstream").exists());
}

#[test]
fn a_dry_run_changes_nothing() {
    let program = program();
    let said = program.succeeds(&["archive", "--month", "2020-05", "--dry-run"]);
    let expected = "would archive May 2020: 2 orders from 2020-05-01T00:00:00.000+00:00 to \
        2020-06-01T00:00:00.000+00:00\n";
    assert!(said.starts_with(expected), "{said}");
    let said = program.succeeds(&["archive", "--month", "2020-05", "--dry-run", "--json"]);
    let plan: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        plan["object"],
        "shopstream/orders/2020/05/31/orders_export.jsonl"
    );
    assert!(!program.data().join("archive/shopstream").exists());
    assert_eq!(
        program.fails(&["archive", "--month", "2020-03", "--dry-run"]),
        "there are no orders of March 2020: the oldest are of April 2020"
    );
}

#[test]
fn another_jobs_turn_is_exit_code_3() {
    let program = program();
    archived(&program, "2020-05");
    let database = rusqlite::Connection::open(program.database()).expect("a database");
    let run = |state: &str, id: &str| {
        let sql = "INSERT INTO archive_runs SELECT ?2, started_at + 1,
            json_set(document, '$.state', ?1, '$.run_id', ?2) FROM archive_runs LIMIT 1";
        database.execute(sql, [state, id]).expect("a run");
    };
    // Of a process on another machine, whose lease has not expired yet.
    run("running", "01JD8Q0Z3W6K5T9V2N4R7X1B8C");
    let sql = "INSERT INTO archive_lease VALUES (1, '01JD8Q0Z3W6K5T9V2N4R7X1B8C', 'elsewhere', ?1)";
    database.execute(sql, [i64::MAX / 4_000]).expect("a lease");
    let ended = program.run(&["archive", "--month", "2020-04"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""));
    assert_eq!(
        ended.stderr,
        "server: run 01JD8Q0Z3W6K5T9V2N4R7X1B8C is archiving May 2020: try again when it has ended\n"
    );
    // And when it has.
    database
        .execute("UPDATE archive_lease SET until = 1", [])
        .expect("an expiry");
    program.succeeds(&["archive", "--month", "2020-04"]);
}

#[test]
fn the_schema_is_what_the_lines_conform_to() {
    let program = Program::new();
    program.succeeds(&["generate"]);
    let schema: Value = serde_json::from_str(&program.succeeds(&["schema"])).expect("JSON");
    let columns = schema.as_array().expect("columns");
    let stored = |program: &Program, arguments: &[&str]| {
        let run: Value = serde_json::from_str(&program.succeeds(arguments)).expect("JSON");
        let place = run["location"].as_str().expect("a place").to_owned();
        fs::read_to_string(program.folder().join(place)).expect("a file")
    };
    let mut lines = stored(&program, &["archive", "--json"]);
    let lesson = include_str!("../data/lesson_orders.jsonl");
    let other = Program::new();
    // As a line of a decimal of MongoDB is.
    let decimal = r#"{"order_id":"D","created_at":"2026-10-30T12:00:00Z","total":12.345678901234567890123456789,"quantity":3}"#;
    let input = format!("{lesson}\n{decimal}\n");
    assert_eq!(other.run_with(&["import", "-"], &input).code, Some(0));
    lines += &stored(&other, &["archive", "--month", "2026-10", "--json"]);
    assert!(lines.lines().count() > 188 && lines.contains(decimal));
    for line in lines.lines() {
        let order: Value = serde_json::from_str(line).expect("JSON");
        let order = order.as_object().expect("an object");
        for name in order.keys() {
            assert!(
                columns.iter().any(|column| column["name"] == **name),
                "{name}"
            );
        }
        for column in columns {
            let name = column["name"].as_str().expect("a name");
            match order.get(name) {
                None | Some(Value::Null) => assert_eq!(column["mode"], "NULLABLE", "{line}"),
                Some(value) => assert!(conforms(&column["type"], value), "{name}: {line}"),
            }
        }
    }
}

/// What BigQuery takes for each type.
fn conforms(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("STRING") => value.is_string(),
        Some("INTEGER") => value.is_i64(),
        Some("FLOAT") => value.is_number(),
        Some("TIMESTAMP") => value.as_str().is_some_and(|text| {
            text.ends_with('Z') && text.parse::<chrono::DateTime<chrono::Utc>>().is_ok()
        }),
        _ => false,
    }
}
