//! `server migrate`.

use super::check::{report, table};
use crate::support::program::Program;
use crate::support::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn migrate_says_what_it_would_do_and_does_it_once() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(3).await;
    let program = shop.program();
    let said = program.succeeds(&["migrate"]);
    assert!(
        said.starts_with("would create 6 indexes in mongodb://"),
        "{said}"
    );
    assert!(
        said.contains("after 35 days: 3 orders would expire at once\n"),
        "{said}"
    );
    assert!(
        said.ends_with("nothing was changed: add --yes to do it\n"),
        "{said}"
    );
    assert_eq!(shop.indexes().await, 1);
    let check = report(&program, 2);
    let missing = check["stores"][0]["missing_indexes"].as_array();
    assert_eq!(missing.map(Vec::len), Some(6), "{check}");
    let table = table(&program, 2);
    assert!(
        table.contains("orders: missing indexes: created_at_1, "),
        "{table}"
    );
    assert!(table.contains("; run server migrate\n"), "{table}");

    let said = program.succeeds(&["migrate", "--yes"]);
    assert!(
        said.starts_with("created 6 indexes in mongodb://"),
        "{said}"
    );
    assert_eq!(shop.indexes().await, 6);
    for arguments in [&["migrate", "--yes"][..], &["migrate"]] {
        let said = program.succeeds(arguments);
        assert!(said.starts_with("nothing to migrate: mongodb://"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert_eq!(shop.indexes().await, 6);
    // It creates no data folder.
    let program = shop.program();
    program.succeeds(&["migrate"]);
    assert!(!program.data().exists());
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicate_order_ids_must_be_corrected_first() {
    let Some(shop) = Shop::empty().await else {
        return;
    };
    shop.insert(2).await;
    shop.insert(2).await;
    let ended = shop.program().run(&["migrate", "--yes"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.stdout.starts_with("created 5 indexes in "),
        "{ended:?}"
    );
    assert_eq!(
        ended.stderr,
        "server: order_id is not unique: 2 values in several documents; remove all but one of \
         each and migrate again\n"
    );
    shop.end().await;
}

#[test]
fn the_embedded_store_has_nothing_to_migrate() {
    let program = Program::new();
    let said = program.succeeds(&["migrate", "--yes"]);
    assert_eq!(
        said,
        "nothing to migrate: the embedded store keeps its own schema\n"
    );
    assert!(!program.data().exists());
}
