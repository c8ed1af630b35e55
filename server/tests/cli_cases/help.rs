//! Help, version and bad arguments.

use crate::support::program::Program;

#[test]
fn every_command_has_help() {
    let program = Program::new();
    for (arguments, parts) in [
        (vec!["--help"], ["LISTEN_ADDR", "MONGODB_URI"]),
        (vec!["--help"], ["REDIS_HOST", "REDIS_PASSWORD"]),
        (
            vec!["check", "--help"],
            ["--json", "exit code is 1 when a store is down, 2 when"],
        ),
        (vec!["migrate", "--help"], ["--yes", "35 days"]),
        (vec!["clean", "--help"], ["--drop-orders", "cached answers"]),
        (
            vec!["serve", "--help"],
            ["--as-of <TIME>", "synthetic ones"],
        ),
        (
            vec!["generate", "--help"],
            ["[default: 500]", "refused unless --yes is given"],
        ),
        (vec!["import", "--help"], ["<FILE>", "the exit code is 1"]),
        (
            vec!["archive", "--help"],
            ["<YYYY-MM>", "The exit code is 0 when"],
        ),
        (vec!["archive", "--help"], ["--all-missing", "--dry-run"]),
        (vec!["verify", "--help"], ["[RUN_ID]", "--all"]),
        (vec!["schema", "--help"], ["bq load", "BigQuery"]),
        (
            vec!["bench", "--help"],
            ["[default: 20000]", "temporary folder"],
        ),
    ] {
        let said = program.succeeds(&arguments);
        assert!(said.contains("Usage: server"), "{said}");
        for part in parts {
            assert!(said.contains(part), "{part} is not in {said}");
        }
    }
    let said = program.succeeds(&["--help"]);
    for command in [
        "serve", "generate", "import", "archive", "verify", "schema", "check", "migrate", "clean",
        "bench",
    ] {
        let line = said
            .lines()
            .find(|line| line.trim_start().starts_with(command));
        assert!(
            line.is_some_and(|line| line.len() > 20),
            "{command}: {said}"
        );
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let said = Program::new().succeeds(&["--version"]);
    assert_eq!(said, concat!("server ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn bad_arguments_are_one_line() {
    let program = Program::new();
    for arguments in [
        vec!["sevre"],
        vec!["serve", "--port", "1"],
        vec!["import"],
        vec!["generate", "--orders", "-1"],
        vec!["archive", "--month"],
        vec!["clean", "--yes"],
    ] {
        let said = program.fails(&arguments);
        assert!(said.ends_with("; see --help"), "{said}");
    }
    assert!(!program.data().exists());
}

#[test]
fn bad_values_are_named_with_their_argument() {
    let program = Program::new();
    for (arguments, expected) in [
        (
            ["generate", "--days", "99999999999"],
            "invalid value '99999999999' for '--days <DAYS>': ",
        ),
        (
            ["generate", "--seed", "x"],
            "invalid value 'x' for '--seed <SEED>': ",
        ),
        (
            ["bench", "--rounds", "0"],
            "invalid value '0' for '--rounds <ROUNDS>': ",
        ),
        (
            ["serve", "--as-of", "2026-11-23"],
            "invalid value '2026-11-23' for '--as-of <TIME>': expected an RFC 3339 time like 2026-11-23T09:30:00Z",
        ),
        (
            ["archive", "--month", "2026\n11"],
            "invalid value '2026 11' for '--month <YYYY-MM>': expected a month like 2026-11",
        ),
    ] {
        let said = program.fails(&arguments);
        assert!(said.starts_with(expected), "{said}");
    }
    assert!(!program.data().exists());
}
