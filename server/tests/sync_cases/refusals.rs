//! Bad input: one line that names the variable or the column, and nothing changed.

use crate::support::pgbouncer::Pgbouncer;
use crate::support::program::Program;
use crate::support::source_shop::{KEYS, PASSWORD, SourceShop, USER, through};

const VIEW: &str =
    "SELECT o.id::text AS order_id, o.status, o.created_at, o.updated_at AS source_updated_at,
    'footwear' AS category, 'P' AS product_id, 1 AS quantity, 2.5 AS total FROM shop.orders o";

async fn shop() -> Option<(SourceShop, Program)> {
    let shop = SourceShop::open().await?;
    shop.fill(1, 5).await;
    shop.run(
        "GRANT USAGE ON SCHEMA shop TO shopstream_sync;
         GRANT SELECT ON shop.orders, shop.order_lines TO shopstream_sync",
    )
    .await;
    let program = following(&shop.uri());
    Some((shop, program))
}

fn refused(program: &Program, arguments: &[&str], words: &[&str]) {
    let said = program.fails(arguments);
    for word in words {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
}

/// A program that has all that following needs.
fn following(uri: &str) -> Program {
    let program = Program::new().with("SOURCE_URI", uri);
    program.with("SOURCE_KEYS", KEYS)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_named_wrongly_is_refused() {
    let Some((shop, program)) = shop().await else {
        return;
    };
    let port = shop.postgres.port;
    for (uri, words) in [
        (String::new(), &["SOURCE_URI is not set"][..]),
        (
            format!("postgres://shopstream_sync:hunter2@127.0.0.1:{port}"),
            &["SOURCE_URI", "names no database"],
        ),
        (
            format!("postgres://shopstream_sync:hun/ter2@127.0.0.1:{port}/postgres"),
            &["SOURCE_URI", "%2F"],
        ),
        (
            format!("postgres://shopstream_sync:hunter3@127.0.0.1:{port}/postgres"),
            &["SOURCE_URI", "password"],
        ),
        (
            format!("postgres://shopstream_sync:hunter2@127.0.0.1:{port}/other"),
            &["SOURCE_URI", "other"],
        ),
        (
            format!("postgres://nobody:hunter2@127.0.0.1:{port}/postgres"),
            &["SOURCE_URI", "nobody"],
        ),
        (
            "postgres://shopstream_sync:hunter2@127.0.0.1:1/postgres".to_owned(),
            &["127.0.0.1:1", "not available"],
        ),
    ] {
        let program = following(&uri);
        refused(&program, &["sync"], words);
    }
    let nothing = Program::new().with("SOURCE_URI", &shop.uri());
    refused(
        &nothing,
        &["sync", "--follow"],
        &["SOURCE_KEYS", "shop.orders.id"],
    );
    for (keys, words) in [
        (
            "shop.orders.number",
            &["SOURCE_KEYS", "no column number"][..],
        ),
        ("shop.sales.id", &["SOURCE_KEYS", "no table shop.sales"]),
        ("orders", &["SOURCE_KEYS", "shop.orders.id"]),
    ] {
        let program = Program::new()
            .with("SOURCE_URI", &shop.uri())
            .with("SOURCE_KEYS", keys);
        refused(&program, &["sync", "--follow"], words);
    }
    drop(program);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_before_the_source_is_refused() {
    let Some((shop, _)) = shop().await else {
        return;
    };
    // A pooler does not know the options of our sessions, or it loses them.
    for settings in [
        "pool_mode = transaction\n",
        "pool_mode = transaction\nignore_startup_parameters = options\n",
        "pool_mode = session\nignore_startup_parameters = options\n",
    ] {
        let port = shop.postgres.port;
        let Some(pooler) = Pgbouncer::before(port, USER, PASSWORD, settings) else {
            return;
        };
        let program = following(&through(pooler.port));
        let words = ["SOURCE_URI", "name the server itself", "PgBouncer"];
        for mode in [&["sync"][..], &["sync", "--full"], &["sync", "--follow"]] {
            refused(&program, mode, &words);
        }
    }
    let slots = shop
        .owner
        .query("SELECT FROM pg_replication_slots", &[])
        .await;
    assert!(slots.expect("slots").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_gives_no_orders_is_refused() {
    let Some((_shop, program)) = shop().await else {
        return;
    };
    for (sql, words) in [
        (VIEW.replace("o.status, ", ""), &["no column status"][..]),
        (
            VIEW.replace("o.created_at", "o.created_at::text"),
            &["created_at", "of type text", "timestamptz"],
        ),
        (
            VIEW.replace("2.5 AS", "'2.5'::money AS"),
            &["total", "of type money", "numeric"],
        ),
        (
            VIEW.replace("o.id::text AS order_id", "'A' AS order_id"),
            &["two rows have the order_id A"],
        ),
        (
            VIEW.replace("o.updated_at", "now()::date"),
            &["source_updated_at", "of type date"],
        ),
        (
            VIEW.replace("o.updated_at AS source_updated_at,", ""),
            &["no column source_updated_at", "--full"],
        ),
        (format!("{VIEW}; DELETE FROM shop.orders"), &["one SELECT"]),
        (
            "WITH gone AS (DELETE FROM shop.orders RETURNING *) SELECT * FROM gone".to_owned(),
            &["one SELECT"],
        ),
        ("DELETE FROM shop.orders".to_owned(), &["one SELECT"]),
        ("SELEC".to_owned(), &["one SELECT"]),
    ] {
        program.write("orders.sql", &sql);
        let data = program.data();
        let uri = _shop.uri();
        let program = Program::new()
            .with("SOURCE_URI", &uri)
            .with(
                "SOURCE_ORDERS",
                program.folder().join("orders.sql").to_str().expect("UTF-8"),
            )
            .with("DATA_DIR", data.to_str().expect("UTF-8"));
        let mut all = vec!["SOURCE_ORDERS"];
        all.extend(words);
        refused(&program, &["sync"], &all);
    }
    let uri = _shop.uri();
    for (view, word) in [
        ("no_such_view", "no_such_view"),
        ("missing.sql", "missing.sql"),
    ] {
        let program = Program::new()
            .with("SOURCE_URI", &uri)
            .with("SOURCE_ORDERS", view);
        refused(&program, &["sync"], &["SOURCE_ORDERS", word]);
    }
    // A SELECT in a file works.
    program.write("orders.sql", format!("-- the orders\n{VIEW};\n"));
    let path = program.folder().join("orders.sql");
    let whole = Program::new().with("SOURCE_URI", &uri);
    whole
        .with("SOURCE_ORDERS", path.to_str().expect("UTF-8"))
        .succeeds(&["sync"]);
    let left = _shop.owner.query("SELECT FROM shop.orders", &[]).await;
    assert_eq!(left.expect("orders").len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_cannot_be_followed_says_what_to_change() {
    let Some(shop) = SourceShop::with("wal_level = replica\n").await else {
        return;
    };
    let program = following(&shop.uri());
    refused(
        &program,
        &["sync", "--follow"],
        &["wal_level", "postgresql.conf"],
    );
    let Some(shop) = SourceShop::with("max_replication_slots = 1\n").await else {
        return;
    };
    shop.run("SELECT pg_create_logical_replication_slot('other', 'pgoutput')")
        .await;
    let program = following(&shop.uri());
    refused(
        &program,
        &["sync", "--follow"],
        &["creating the slot", "max_replication_slots"],
    );
    let Some(shop) = SourceShop::open().await else {
        return;
    };
    let program = following(&shop.uri());
    for (publication, words) in [
        ("shop.orders (id)", "does not publish the table"),
        (
            "shop.orders (id), TABLE shop.order_lines (id)",
            "does not publish the column order_id",
        ),
    ] {
        let change = format!("ALTER PUBLICATION shopstream_dashboard SET TABLE {publication}");
        shop.run(&change).await;
        refused(
            &program,
            &["sync", "--follow"],
            &["publication", words, "--plan"],
        );
    }
    shop.run(
        "ALTER PUBLICATION shopstream_dashboard SET TABLE shop.orders (id), TABLE shop.order_lines (id, order_id);
         ALTER TABLE shop.order_lines REPLICA IDENTITY DEFAULT",
    )
    .await;
    refused(
        &program,
        &["sync", "--follow"],
        &["replica identity", "--plan"],
    );
    shop.run("ALTER TABLE shop.order_lines REPLICA IDENTITY USING INDEX order_lines_key")
        .await;
    shop.run("ALTER ROLE shopstream_sync NOREPLICATION").await;
    refused(
        &program,
        &["sync", "--follow"],
        &["creating the slot", "--plan"],
    );
    shop.run("ALTER ROLE shopstream_sync REPLICATION; REVOKE SELECT ON dashboard_orders FROM shopstream_sync").await;
    refused(
        &program,
        &["sync", "--follow"],
        &["SOURCE_ORDERS", "permission denied"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_without_a_key_is_not_planned() {
    let Some(shop) = SourceShop::open().await else {
        return;
    };
    shop.run("CREATE TABLE shop.bare (order_id bigint)").await;
    let keys = format!("{KEYS},shop.bare.order_id");
    let program = Program::new()
        .with("SOURCE_URI", &shop.uri())
        .with("SOURCE_KEYS", &keys);
    refused(
        &program,
        &["sync", "--plan"],
        &["shop", "bare", "no primary key"],
    );
}
