//! `server generate`.

use crate::support::program::Program;

#[test]
fn the_default_is_five_hundred_orders() {
    let program = Program::new();
    let said = program.succeeds(&["generate"]);
    assert!(
        said.starts_with("wrote 500 synthetic orders from "),
        "{said}"
    );
    assert!(said.ends_with("; SQLite has 500\n"), "{said}");

    // Meanwhile an order may have become due.
    let again = program.succeeds(&["generate"]);
    if let Some(rest) = again.strip_prefix("wrote ") {
        let orders: u32 = rest
            .split(' ')
            .next()
            .expect("a number")
            .parse()
            .expect("a number");
        assert!(orders < 5, "{again}");
    } else {
        assert_eq!(again, "nothing new: SQLite has 500 orders up to now\n");
    }
}

#[test]
fn bad_plans_are_refused() {
    let program = Program::new();
    for (arguments, expected) in [
        (
            ["generate", "--orders", "0"],
            "expected 1 to 50,000,000 orders, found 0",
        ),
        (
            ["generate", "--orders", "18446744073709551615"],
            "expected 1 to 50,000,000 orders, found 18446744073709551615",
        ),
        (
            ["generate", "--days", "0"],
            "expected 1 to 3660 days, found 0",
        ),
        (
            ["generate", "--days", "4294967295"],
            "expected 1 to 3660 days, found 4294967295",
        ),
    ] {
        assert_eq!(program.fails(&arguments), expected);
    }
    assert!(!program.data().exists());
}

#[test]
fn imported_orders_are_not_mixed_with_synthetic_ones() {
    let program = Program::new();
    program.write(
        "orders.jsonl",
        r#"{"order_id":"A1","created_at":"2020-05-04T10:00:00Z","total":1.5}"#,
    );
    program.succeeds(&["import", "orders.jsonl"]);
    let said = program.fails(&["generate"]);
    assert_eq!(
        said,
        "SQLite has orders that are not synthetic, and adding synthetic ones would make the figures \
         wrong: set DATA_DIR to another folder, or add --yes to add synthetic orders to it"
    );
    assert_eq!(
        program.succeeds(&["import", "orders.jsonl"]),
        "loaded 1 order into SQLite\n"
    );
}

#[test]
fn with_yes_they_are_added_to_other_orders() {
    let program = Program::new();
    let order = r#"{"order_id":"A1","created_at":"2020-05-04T10:00:00Z","total":1.5}"#;
    program.write("orders.jsonl", order);
    program.succeeds(&["import", "orders.jsonl"]);
    for _ in 0..2 {
        let said = program.succeeds(&["generate", "--yes", "--orders", "2500"]);
        // More than one batch; meanwhile an order may have become due.
        assert!(said.contains("SQLite has 2,50"), "{said}");
    }
    assert!(program.fails(&["generate"]).contains("not synthetic"));
}

#[test]
fn a_story_is_told_in_20_000_orders() {
    let program = Program::new();
    let said = program.succeeds(&["generate", "--story", "returns-spike"]);
    assert!(said.starts_with("wrote 20,000 synthetic orders"), "{said}");
    let ended = program.run(&["generate", "--story", "good-news"]);
    assert_ne!(ended.code, Some(0));
    assert!(ended.stderr.contains("checkout-down"), "{}", ended.stderr);
}
