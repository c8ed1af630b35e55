//! The modes on the command line.

use std::sync::Arc;
use std::time::Duration;

use server::store::sqlite::SqliteStore;

use crate::support::program::Program;
use crate::support::serving::Serving;
use crate::support::source_shop::{KEYS, SourceShop, agree, agrees};

fn program(shop: &SourceShop) -> Program {
    let program = Program::new().with("SOURCE_URI", &shop.uri());
    program.with("SOURCE_KEYS", KEYS)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_is_enough_for_a_shop_that_has_only_tables() {
    let Some(shop) = SourceShop::open().await else {
        return;
    };
    shop.run(
        "DROP PUBLICATION shopstream_dashboard; ALTER TABLE shop.order_lines REPLICA IDENTITY DEFAULT;
         DROP INDEX shop.order_lines_key",
    )
    .await;
    shop.fill(1, 20).await;
    let program = program(&shop);
    let refused = program.fails(&["sync", "--follow"]);
    assert!(
        refused.contains("publication") && refused.contains("--plan"),
        "{refused}"
    );
    let plan = program.succeeds(&["sync", "--plan"]);
    assert!(
        plan.contains("CREATE ROLE \"shopstream_sync\" LOGIN REPLICATION"),
        "{plan}"
    );
    let sql: Vec<_> = plan
        .lines()
        .skip_while(|line| !line.starts_with("-- 3."))
        .collect();
    // CONCURRENTLY cannot be in a transaction, and each line is a statement.
    for line in sql.iter().filter(|line| !line.starts_with("--")) {
        shop.run(line).await;
    }
    let plan = program.succeeds(&["sync", "--plan"]);
    assert!(
        plan.contains("the publication shopstream_dashboard is there"),
        "{plan}"
    );
    let mut child = program
        .command(&["sync", "--follow"])
        .spawn()
        .expect("a process");
    while !program.database().exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let store = Arc::new(
        SqliteStore::open(&program.database())
            .await
            .expect("a store"),
    );
    agree(&shop, store.as_ref()).await;
    shop.run("DELETE FROM shop.order_lines WHERE order_id = 5")
        .await;
    agree(&shop, store.as_ref()).await;
    child.kill().expect("a kill");
    child.wait().expect("an end");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mode_says_what_it_did() {
    let Some(shop) = SourceShop::open().await else {
        return;
    };
    shop.fill(1, 30).await;
    let orders = shop.orders().await.len();
    let program = program(&shop);
    let said = program.succeeds(&["sync"]);
    assert!(
        said.starts_with(&format!("wrote {orders} orders from postgres://127.0.0.1:")),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
    let store = Arc::new(
        SqliteStore::open(&program.database())
            .await
            .expect("a store"),
    );
    agrees(&shop, store.as_ref()).await;
    let said = program.succeeds(&["sync", "--compare"]);
    assert_eq!(said, "0 orders, $0.00 apart over 35 days\n");
    shop.run("DELETE FROM shop.order_lines WHERE order_id = 1")
        .await;
    let ended = program.run(&["sync", "--compare"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.stdout.contains(" is not in the source\n"),
        "{ended:?}"
    );
    assert_eq!(
        program.succeeds(&["sync", "--repair"]),
        "repaired 2 orders\n"
    );
    agrees(&shop, store.as_ref()).await;
    shop.run("DELETE FROM shop.orders WHERE id < 5").await;
    program.succeeds(&["sync", "--full"]);
    agrees(&shop, store.as_ref()).await;
    let said = program.succeeds(&["sync", "--drop-slot"]);
    assert!(said.contains("has no slot"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_follows_and_its_page_and_check_say_how_far() {
    let Some(shop) = SourceShop::open().await else {
        return;
    };
    shop.fill(1, 50).await;
    let program = program(&shop);
    let said = program.run(&["check"]).stdout;
    assert!(said.contains("source: no sync has run yet"), "{said}");
    let serving = Serving::start(&program, &["--sync"]);
    let store = Arc::new(
        SqliteStore::open(&program.database())
            .await
            .expect("a store"),
    );
    agree(&shop, store.as_ref()).await;
    shop.run("UPDATE shop.orders SET status = 'shipped'").await;
    agree(&shop, store.as_ref()).await;
    let line = "0 orders, $0.00 apart over 35 days, compared";
    let page = loop {
        let page = serving.get("/");
        if page.contains(line) {
            break page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert!(page.contains("id=\"source-age\""), "{page}");
    // Its exit code depends on the day of the month.
    let said = program.run(&["check"]).stdout;
    for words in [
        "source: following, at ",
        "is being read and keeps ",
        "no limit",
        line,
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("hunter2") && !page.contains("hunter2"));
    // The same for programs.
    let status = serving.post("/api/status", "");
    let follows = status.contains(r#""order_source":{"#) && status.contains(r#""follows":true"#);
    assert!(follows, "{status}");
    let json = program.run(&["check", "--json"]).stdout;
    for field in ["safe_wal_size", "retained_bytes", "position", "compared_at"] {
        assert!(json.contains(&format!("\"{field}\":")), "{field}: {json}");
    }
    let ended = serving.stop();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let said = program.run(&["check"]).stdout;
    assert!(said.contains("is not being read"), "{said}");
}
