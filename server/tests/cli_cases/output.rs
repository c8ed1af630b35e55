//! Standard output that is closed or full.

use std::fs::File;

use chrono::{Months, Utc};

use crate::support::program::{Ended, Program};

/// Runs the program with its standard output going to `output`.
fn into(program: &Program, arguments: &[&str], output: File) -> Ended {
    let mut command = program.command(arguments);
    let output = command.stdout(output).output().expect("an end");
    Ended {
        code: output.status.code(),
        stdout: String::new(),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A pipe without a reader.
fn closed() -> File {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    std::os::fd::OwnedFd::from(writer).into()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the program has no other clock")]
fn a_closed_output_does_not_stop_the_work() {
    let program = Program::new();
    let months: Vec<String> = [1, 2]
        .iter()
        .map(|back| {
            let month = Utc::now() - Months::new(*back);
            month.format("%Y-%m").to_string()
        })
        .collect();
    let order = |(number, month): (usize, &String)| {
        format!(r#"{{"order_id":"N{number}","created_at":"{month}-15T12:00:00Z","total":1}}"#)
    };
    let lines: Vec<String> = months.iter().enumerate().map(order).collect();
    program.write("orders.jsonl", lines.join("\n"));
    program.succeeds(&["import", "orders.jsonl"]);

    let ended = into(&program, &["archive", "--all-missing"], closed());
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let said = program.succeeds(&["archive", "--all-missing"]);
    assert!(said.starts_with("nothing to archive"), "{said}");
    let ended = into(&program, &["schema"], closed());
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_full_output_is_a_failure() {
    let program = Program::new();
    let full = || File::options().write(true).open("/dev/full");
    for arguments in [vec!["schema"], vec!["check"], vec!["archive", "--dry-run"]] {
        let Ok(full) = full() else {
            println!("needs /dev/full");
            return;
        };
        let ended = into(&program, &arguments, full);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let expected = "server: failed to write to standard output: ";
        assert!(ended.stderr.starts_with(expected), "{ended:?}");
    }
}
