//! What the program says of itself.

use crate::support::program::Program;

#[test]
fn every_command_explains_itself() {
    let program = Program::new();
    for (arguments, parts) in [
        (vec!["--help"], ["LISTEN_ADDR", "serve"]),
        (
            vec!["serve", "--help"],
            ["--as-of <TIME>", "synthetic ones"],
        ),
        (
            vec!["generate", "--help"],
            ["[default: 500]", "imported orders is refused"],
        ),
        (vec!["import", "--help"], ["<FILE>", "the exit code is 1"]),
        (
            vec!["archive", "--help"],
            ["<YYYY-MM>", "The exit code is 0 when"],
        ),
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
    for command in ["serve", "generate", "import", "archive", "bench"] {
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
fn the_version_is_the_packages() {
    let said = Program::new().succeeds(&["--version"]);
    assert_eq!(said, concat!("server ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn what_is_no_command_is_refused() {
    let program = Program::new();
    for arguments in [
        vec!["sevre"],
        vec!["serve", "--port", "1"],
        vec!["import"],
        vec!["generate", "--orders", "-1"],
        vec!["generate", "--days", "99999999999"],
        vec!["serve", "--as-of", "yesterday"],
        vec!["serve", "--as-of", "2026-11-23"],
    ] {
        let ended = program.run(&arguments);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
        assert!(ended.stderr.contains("--help"), "{}", ended.stderr);
    }
    assert!(!program.data().exists());
}
