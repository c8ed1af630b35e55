//! `server clean --drop-orders`.

use crate::support::program::Program;
use crate::support::shop::Shop;

const LESSON: &str = include_str!("../data/lesson_orders.jsonl");

#[tokio::test(flavor = "multi_thread")]
async fn the_collection_is_dropped_only_with_yes() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(3).await;
    let program = shop.program();
    let ended = program.run(&["clean", "--drop-orders"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    let expected = "would drop the collection orders with 3 orders of mongodb://";
    assert!(ended.stdout.starts_with(expected), "{ended:?}");
    assert_eq!(ended.stdout.lines().count(), 1, "{ended:?}");
    assert_eq!(shop.count().await, 3);
    // Without the flag it is not mentioned.
    let said = program.succeeds(&["clean"]);
    assert!(said.starts_with("nothing to clean: "), "{said}");
    assert_eq!(shop.count().await, 3);

    let said = program.succeeds(&["clean", "--drop-orders", "--yes"]);
    assert!(
        said.starts_with("dropped the collection orders with 3 orders of "),
        "{said}"
    );
    let left = shop.database.list_collection_names().await.expect("names");
    assert!(!left.contains(&"orders".to_owned()), "{left:?}");
    // The store is as new: it accepts synthetic orders again.
    program.write("orders.jsonl", LESSON);
    program.succeeds(&["import", "orders.jsonl"]);
    program.succeeds(&["clean", "--drop-orders", "--yes"]);
    program.succeeds(&["generate"]);
    shop.end().await;
}

#[test]
fn the_embedded_database_must_be_removed_by_hand() {
    let program = Program::new();
    program.succeeds(&["generate"]);
    for arguments in [
        &["clean", "--drop-orders"][..],
        &["clean", "--drop-orders", "--yes"],
    ] {
        let said = program.fails(arguments);
        assert!(
            said.contains("shopstream.sqlite3") && said.contains("by hand"),
            "{said}"
        );
    }
    assert!(program.database().is_file());
}
