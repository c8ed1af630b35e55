//! Variables that cannot be used: one line that names the variable, and nothing is done.

use std::fs;

use crate::support::program::Program;

const COMMANDS: [&[&str]; 4] = [&["serve"], &["generate"], &["import", "-"], &["archive"]];

fn refused(program: &Program, expected: &str) {
    for arguments in COMMANDS {
        assert_eq!(program.fails(arguments), expected, "{arguments:?}");
    }
    // Not even the folder.
    assert!(!program.data().exists());
}

#[test]
fn a_time_zone_that_is_none() {
    let program = Program::new().with("BUSINESS_TIMEZONE", "Europe/Atlantis");
    refused(
        &program,
        "failed to parse BUSINESS_TIMEZONE: expected an IANA name like Europe/Berlin, found \"Europe/Atlantis\"",
    );
}

#[test]
fn an_address_that_is_none() {
    let program = Program::new().with("LISTEN_ADDR", "localhost");
    refused(
        &program,
        "failed to parse LISTEN_ADDR: expected an address like 127.0.0.1:3000, found \"localhost\"",
    );
}

#[test]
fn stores_that_are_not_known_yet() {
    for variable in ["MONGODB_URI", "REDIS_HOST", "GCS_BUCKET_NAME"] {
        let program = Program::new().with(variable, "mongodb://user:secret@host");
        refused(
            &program,
            &format!(
                "{variable} is set, but this version knows only the embedded stores: unset it"
            ),
        );
    }
}

#[test]
fn a_broken_env_file_is_not_quoted() {
    let program = Program::new();
    program.write(".env", "REDIS_PASSWORD=\"secret\nX");
    let said = program.fails(&["generate"]);
    assert!(said.starts_with("failed to read .env: "), "{said}");
    assert!(!said.contains("secret"), "{said}");
    assert!(!program.data().exists());
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
