//! Unusable folders and databases in `DATA_DIR`.

use std::fs;

use crate::support::program::Program;

const COMMANDS: [&[&str]; 3] = [&["generate"], &["import", "orders.jsonl"], &["archive"]];

fn program() -> Program {
    let program = Program::new();
    let order = r#"{"order_id":"A1","created_at":"2020-05-04T10:00:00Z","total":1}"#;
    program.write("orders.jsonl", order);
    program
}

#[test]
fn an_unusable_folder_is_named() {
    // Unusable even for root.
    for folder in ["file", "file/below", "/proc/nowhere"] {
        let program = program().with("DATA_DIR", folder);
        program.write("file", "not a folder");
        for arguments in COMMANDS {
            let said = program.fails(arguments);
            let start = format!(
                "DATA_DIR={folder} cannot be used: make it a folder that this user may write to, or choose another: "
            );
            assert!(said.starts_with(&start), "{said}");
        }
        let file = fs::read_to_string(program.folder().join("file"));
        assert_eq!(file.expect("a file"), "not a folder");
    }
}

/// Checks that every command reports the database and does not change it.
fn refused(program: &Program, because: &str) {
    let before = fs::read(program.database()).expect("a file");
    for arguments in COMMANDS {
        let ended = program.run(arguments);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(1), ""),
            "{ended:?}"
        );
        assert!(
            ended.stderr.contains("shopstream.sqlite3"),
            "{}",
            ended.stderr
        );
        assert!(
            ended.stderr.contains(because),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert!(ended.stderr.starts_with("server: "), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
    let after = fs::read(program.database()).expect("a file");
    assert!(before == after, "the file has changed");
}

#[test]
fn a_file_that_is_not_a_database() {
    for content in [
        "a short text".to_owned(),
        "a long text ".repeat(1_000),
        "\0".repeat(8_192),
    ] {
        let program = program();
        program.write("data/shopstream.sqlite3", content);
        refused(
            &program,
            "is not a database; move it away or set DATA_DIR to another folder",
        );
    }
}

#[test]
fn a_truncated_database() {
    let program = program();
    program.succeeds(&["generate"]);
    let whole = fs::read(program.database()).expect("a file");
    program.write("data/shopstream.sqlite3", &whole[..whole.len() / 3]);
    refused(&program, "is damaged; move it away");
}

#[test]
fn a_database_with_broken_pages() {
    let program = program();
    program.succeeds(&["generate"]);
    let mut broken = fs::read(program.database()).expect("a file");
    // All but the first, which says whose file it is.
    broken[4_096..].fill(0xA5);
    program.write("data/shopstream.sqlite3", broken);
    for arguments in &COMMANDS[..2] {
        let said = program.fails(arguments);
        let expected = "shopstream.sqlite3 is damaged; move it away, a new one is made at the";
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_folder_with_the_name_of_the_database() {
    let program = program();
    program.write("data/shopstream.sqlite3/file", "");
    for arguments in COMMANDS {
        let said = program.fails(arguments);
        assert!(
            said.contains("shopstream.sqlite3 cannot be written; check DATA_DIR"),
            "{said}"
        );
    }
}
