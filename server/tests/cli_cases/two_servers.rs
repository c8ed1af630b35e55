//! Several processes on one folder.

use std::thread;

use server::store::OrderStore;
use server::store::sqlite::SqliteStore;

use crate::support::program::Program;
use crate::support::serving::Serving;

const AS_OF: [&str; 2] = ["--as-of", "2026-11-22T10:37:21Z"];

#[tokio::test]
async fn two_servers_share_one_demonstration() {
    let program = Program::new();
    let [first, second] = [(); 2].map(|()| Serving::start(&program, &AS_OF));
    let answers = [&first, &second].map(|server| {
        let answer = server.post("/api/category_revenue", "");
        let data = answer.split("\"data\":").nth(1).expect("data");
        data.split("],").next().expect("rows").to_owned()
    });
    assert!(answers[0].contains("footwear"), "{}", answers[0]);
    assert_eq!(answers[0], answers[1]);

    let runs = [&first, &second].map(|server| server.post("/api/archive_start", "month=2026-10"));
    assert!(
        runs.iter()
            .all(|run| run.starts_with("HTTP/1.1 200 OK\r\n")),
        "{runs:?}"
    );
    for server in [first, second] {
        let ended = server.stop();
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    }
    let store = SqliteStore::open(&program.database())
        .await
        .expect("a store");
    assert_eq!(store.count().await.expect("a count"), 20_000);
    drop(store);
    let connection = rusqlite::Connection::open(program.database()).expect("a connection");
    let check: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("a check");
    assert_eq!(check, "ok");
}

#[test]
fn parallel_imports_lose_nothing() {
    let program = Program::new();
    let line = |id: u32| {
        format!("{{\"order_id\":\"A{id}\",\"created_at\":\"2020-05-04T10:00:00Z\",\"total\":1}}\n")
    };
    // One creates the store first.
    program.succeeds(&["import", "/dev/null"]);
    thread::scope(|scope| {
        for part in 0..4 {
            let program = &program;
            scope.spawn(move || {
                let input: String = (0..2_000).map(|id| line(part * 1_500 + id)).collect();
                let ended = program.run_with(&["import", "-"], &input);
                assert_eq!(
                    (ended.code, ended.stdout.as_str()),
                    (Some(0), "loaded 2,000 orders into SQLite\n"),
                    "{ended:?}"
                );
            });
        }
    });
    let said = program.succeeds(&["archive", "--month", "2020-05"]);
    assert!(
        said.starts_with("archived May 2020: 6,500 orders, "),
        "{said}"
    );
}
