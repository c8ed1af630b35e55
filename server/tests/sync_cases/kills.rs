//! The real program, killed at random moments under writes, and suspended.

use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use server::store::sqlite::SqliteStore;
use tokio::time::sleep;

use crate::support::program::Program;
use crate::support::source_shop::{KEYS, SourceShop, agree, job_into, soaked, state};

fn program(shop: &SourceShop) -> Program {
    let program = Program::new().with("SOURCE_URI", &shop.uri());
    program.with("SOURCE_KEYS", KEYS)
}

fn follow(program: &Program) -> Child {
    let child = program.command(&["sync", "--follow"]).spawn();
    child.expect("a process")
}

/// A process that was killed keeps the lease for 30 s.
fn lease_expires(database: &Path) {
    if let Ok(connection) = rusqlite::Connection::open(database) {
        connection
            .busy_timeout(Duration::from_secs(10))
            .expect("a timeout");
        // Before the first start there is no table.
        _ = connection.execute("DELETE FROM meta WHERE key = 'sync_lease'", []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_loses_and_repeats_nothing() {
    let Some(shop) = SourceShop::open().await else {
        return;
    };
    shop.fill(1, 8_000).await;
    let program = program(&shop);
    let writer = shop.postgres.client().await;
    let writing = tokio::spawn(async move {
        let mut random = fastrand::Rng::with_seed(5);
        for number in 0_u32.. {
            let (id, size) = (random.u32(1..8_000), random.u32(1..400));
            let change = match random.u8(0..4) {
                0 => format!("DELETE FROM shop.orders WHERE id BETWEEN {id} AND {id} + 1"),
                1 => format!(
                    "BEGIN; INSERT INTO shop.orders (id) VALUES ({number} + 100000);
                     INSERT INTO shop.order_lines (order_id) VALUES ({number} + 100000); COMMIT"
                ),
                _ => format!(
                    "UPDATE shop.orders SET status = 'state {number}' WHERE id BETWEEN {id} AND {id} + {size}"
                ),
            };
            writer.batch_execute(&change).await.expect("a change");
        }
    });
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..soaked(20, 200) {
        let mut child = follow(&program);
        sleep(Duration::from_millis(random.u64(50..2_500))).await;
        child.kill().expect("a kill");
        let status = child.wait().expect("an end");
        assert_eq!(status.code(), None, "it ended by itself");
        lease_expires(&program.database());
    }
    writing.abort();
    let mut child = follow(&program);
    let store = Arc::new(
        SqliteStore::open(&program.database())
            .await
            .expect("a store"),
    );
    agree(&shop, store.as_ref()).await;
    let job = job_into(&shop.uri(), store.clone(), store.clone());
    assert!(state(&job).await.healed.is_none(), "the stream had a gap");
    child.kill().expect("a kill");
    child.wait().expect("an end");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_one_writes_also_when_it_was_suspended() {
    let Some(shop) = SourceShop::open().await else {
        return;
    };
    shop.fill(1, 100).await;
    let program = program(&shop);
    let mut first = follow(&program);
    while !program.database().exists() {
        sleep(Duration::from_millis(20)).await;
    }
    let store = Arc::new(
        SqliteStore::open(&program.database())
            .await
            .expect("a store"),
    );
    agree(&shop, store.as_ref()).await;
    signal(&first, "STOP");
    // It holds the lease for 30 s more, and the slot as long as the source waits for it.
    let mut second = follow(&program);
    shop.run("UPDATE shop.orders SET status = 'one'").await;
    agree_patiently(&shop, &store).await;
    shop.run("UPDATE shop.orders SET status = 'two'").await;
    signal(&first, "CONT");
    let ended = tokio::task::spawn_blocking(move || first.wait()).await;
    let ended = ended.expect("an end").expect("an end");
    assert_eq!(ended.code(), Some(3), "the first one goes on");
    agree(&shop, store.as_ref()).await;
    signal(&second, "TERM");
    let ended = tokio::task::spawn_blocking(move || second.wait()).await;
    assert_eq!(ended.expect("an end").expect("an end").code(), Some(0));
}

/// Up to 30 s longer than others wait.
async fn agree_patiently(shop: &SourceShop, store: &Arc<SqliteStore>) {
    let job = job_into(&shop.uri(), store.clone(), store.clone());
    let before = state(&job).await.written;
    for _ in 0..900 {
        if state(&job).await.written > before {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    agree(shop, store.as_ref()).await;
}

fn signal(child: &Child, name: &str) {
    let mut kill = Command::new("kill");
    let status = kill
        .args([&format!("-{name}"), &child.id().to_string()])
        .status();
    assert!(status.expect("an end").success());
}
