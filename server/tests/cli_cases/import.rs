//! `server import`.

use crate::support::program::Program;

const LESSON: &str = include_str!("../data/lesson_orders.jsonl");

#[test]
fn a_file_replaces_the_synthetic_orders() {
    let program = Program::new();
    program.succeeds(&["generate"]);
    program.write("orders.jsonl", LESSON);
    assert_eq!(
        program.succeeds(&["import", "orders.jsonl"]),
        "removed 500 synthetic orders\nloaded 500 orders into SQLite\n"
    );
}

#[test]
fn twice_is_once() {
    let program = Program::new();
    program.write("orders.jsonl", LESSON);
    for _ in 0..2 {
        assert_eq!(
            program.succeeds(&["import", "orders.jsonl"]),
            "loaded 500 orders into SQLite\n"
        );
    }
    assert!(program.fails(&["generate"]).contains("not synthetic"));
}

#[test]
fn a_dash_is_standard_input() {
    let program = Program::new();
    let ended = program.run_with(&["import", "-"], LESSON);
    assert_eq!(
        (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
        (Some(0), "loaded 500 orders into SQLite\n", "")
    );
}

#[test]
fn bad_lines_are_numbered_and_the_rest_is_loaded() {
    let program = Program::new();
    let good = LESSON.lines().next().expect("a line");
    let input = format!("{good}\n\nnot an order\n[1]\n{{\"order_id\":7.5}}\n{good}");
    let ended = program.run_with(&["import", "-"], &input);
    assert_eq!(ended.code, Some(1));
    assert_eq!(
        ended.stdout,
        "loaded 2 orders into SQLite\nleft out 3 bad orders\n"
    );
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for (line, start) in lines
        .iter()
        .zip(["line 3: ", "line 4: ", "line 5: order_id: "])
    {
        assert!(line.starts_with(start), "{line}");
    }
}

#[test]
fn an_unreadable_file_creates_no_store() {
    let program = Program::new();
    program.write("folder/file", "");
    let said = program.fails(&["import", "missing.jsonl"]);
    assert!(said.starts_with("missing.jsonl cannot be read: "), "{said}");
    let said = program.fails(&["import", "folder"]);
    assert_eq!(said, "folder is a folder: expected a file of orders");
    assert!(!program.data().exists());
}

#[test]
fn bad_lines_alone_do_not_remove_the_synthetic_orders() {
    let program = Program::new();
    program.succeeds(&["generate"]);
    let ended = program.run_with(&["import", "-"], "{}\n");
    assert_eq!(
        (ended.code, ended.stdout.lines().next()),
        (Some(1), Some("loaded 0 orders into SQLite"))
    );
    let said = program.succeeds(&["generate"]);
    assert!(said.contains("SQLite has 50"), "{said}");
}

#[test]
fn what_is_no_file_of_orders_is_refused_in_one_line() {
    let program = Program::new();
    program.write("page.html", "<html>\n");
    assert_eq!(
        program.fails(&["import", "page.html"]),
        "the file cannot be read, and nothing is loaded: expected JSON Lines, a JSON array, or CSV whose \
         first line names order_id, created_at and total; found \"<html>\""
    );
}
