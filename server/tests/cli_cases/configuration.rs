//! A bad variable ends every command with one line that names it, before anything is done.

use std::fs;

use crate::support::program::{Ended, Program};

const COMMANDS: [&[&str]; 7] = [
    &["serve"],
    &["generate"],
    &["import", "-"],
    &["archive"],
    &["check"],
    &["migrate"],
    &["clean"],
];

pub fn refused(program: &Program, expected: &str) {
    for arguments in COMMANDS {
        assert_eq!(program.fails(arguments), expected, "{arguments:?}");
    }
    // Nothing was created.
    assert!(!program.data().exists());
}

#[test]
fn a_bad_time_zone() {
    let program = Program::new().with("BUSINESS_TIMEZONE", "Europe/Atlantis");
    refused(
        &program,
        "failed to parse BUSINESS_TIMEZONE: expected an IANA name like Europe/Berlin, found \"Europe/Atlantis\"",
    );
}

#[test]
fn a_bad_address() {
    let program = Program::new().with("LISTEN_ADDR", "localhost");
    refused(
        &program,
        "failed to parse LISTEN_ADDR: expected an address like 127.0.0.1:3000, found \"localhost\"",
    );
}

#[test]
fn a_bad_public_url() {
    let program = Program::new().with("PUBLIC_URL", "https://ops.example/dash?region=North");
    refused(
        &program,
        "failed to parse PUBLIC_URL: expected an address like https://ops.example or \
         https://ops.example/dash: it must not contain ? or #",
    );
}

#[test]
fn no_connections_at_all() {
    let program = Program::new().with("MAX_CONNECTIONS", "0");
    refused(
        &program,
        "failed to parse MAX_CONNECTIONS: expected a number from 1, found \"0\"",
    );
}

#[test]
fn an_error_names_the_line_of_the_env_file_and_does_not_quote_it() {
    for (content, line) in [
        ("# ours\nREDIS_HOST=h\n\nREDIS_PASSWORD=\"hunter2\nX", 4),
        ("REDIS_HOST=h\nhunter2 hunter2\n", 2),
    ] {
        let program = Program::new();
        program.write(".env", content);
        let said = program.fails(&["generate"]);
        let file = program.folder().join(".env");
        let start = format!(": syntax error on line {line}: expected NAME=value");
        assert!(said.starts_with("failed to read "), "{said}");
        assert!(said.contains(&file.display().to_string()), "{said}");
        assert!(said.contains(&start), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
        assert!(!program.data().exists());
    }
}

#[test]
fn an_env_file_with_a_byte_order_mark_is_read() {
    let program = Program::new();
    program.write(".env", "\u{feff}DATA_DIR=elsewhere\r\nREDIS_HOST=\r\n");
    program.succeeds(&["generate"]);
    let database = program.folder().join("elsewhere/shopstream.sqlite3");
    assert!(database.is_file());
}

#[test]
fn the_env_file_is_read_and_the_environment_wins() {
    let program = Program::new().with("BUSINESS_TIMEZONE", "Europe/Berlin");
    program.write(
        ".env",
        "BUSINESS_TIMEZONE=Europe/Atlantis\nDATA_DIR=elsewhere\n",
    );
    program.succeeds(&["generate"]);
    assert!(
        program
            .folder()
            .join("elsewhere/shopstream.sqlite3")
            .is_file()
    );
    assert!(!program.data().exists());
    let program = Program::new();
    program.write(".env", "BUSINESS_TIMEZONE=Europe/Atlantis\n");
    assert!(program.fails(&["generate"]).contains("Europe/Atlantis"));
}

#[test]
fn an_empty_variable_is_not_set() {
    let program = Program::new()
        .with("MONGODB_URI", "")
        .with("BUSINESS_TIMEZONE", "")
        .with("DATA_DIR", "");
    program.succeeds(&["generate"]);
    let entries = fs::read_dir(program.data()).expect("a folder");
    assert!(entries.count() >= 2);
}

#[test]
fn the_env_file_may_be_in_a_folder_above_and_sets_the_log_level() {
    let program = Program::new().with("DATA_DIR", "../data");
    program.write(".env", "RUST_LOG=server=trace,warn\n");
    program.write("data/archive/.writing/file", "left by a killed process");
    program.write("below/file", "");
    let mut command = program.command(&["generate"]);
    command.current_dir(program.folder().join("below"));
    let output = command.output().expect("an end");
    let ended = Ended::new(output.status.code(), output.stdout, output.stderr);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    // This is not logged by default.
    assert!(
        ended.stderr.contains("removed an unfinished file"),
        "{ended:?}"
    );
}

#[test]
fn a_bad_log_filter() {
    let program = Program::new().with("RUST_LOG", "server=loud");
    refused(
        &program,
        "failed to parse RUST_LOG: expected a filter like info or server=debug, found \"server=loud\"",
    );
}

#[test]
fn values_that_are_not_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let broken = OsStr::from_bytes(b"U\xffTC");
    for variable in [
        "LISTEN_ADDR",
        "BUSINESS_TIMEZONE",
        "RUST_LOG",
        "MONGODB_URI",
    ] {
        let program = Program::new();
        // The environment wins, even with this.
        program.write(".env", "BUSINESS_TIMEZONE=UTC\nRUST_LOG=warn\n");
        let mut command = program.command(&["generate"]);
        let output = command.env(variable, broken).output().expect("an end");
        let ended = Ended::new(output.status.code(), output.stdout, output.stderr);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let start = format!("server: failed to parse {variable}: ");
        assert!(ended.stderr.starts_with(&start), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert!(!program.data().exists());
    }
    // A path need not be UTF-8.
    let program = Program::new();
    let mut command = program.command(&["generate"]);
    let output = command.env("DATA_DIR", broken).output().expect("an end");
    assert_eq!(output.status.code(), Some(0));
    let database = program.folder().join(broken).join("shopstream.sqlite3");
    assert!(database.is_file());
}
