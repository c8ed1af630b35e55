//! Commands on a Redis that other programs use too.

use serde_json::Value;

use super::check::report;
use crate::support::program::Program;
use crate::support::redis::RedisServer;

fn program(server: &RedisServer) -> Program {
    Program::new()
        .with("REDIS_HOST", "127.0.0.1")
        .with("REDIS_PORT", &server.port().to_string())
}

fn note(program: &Program) -> String {
    let report = report(program, 1);
    let cache = &report["stores"][1];
    assert_eq!(
        (&cache["store"], &cache["up"]),
        (&"cache".into(), &false.into())
    );
    cache["notes"][0].as_str().expect("a note").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn clean_removes_only_our_keys() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let mut neighbour = server.neighbour().await;
    for key in ["dashboard:a", "dashboard:b", "dashboardx", "session:1"] {
        let () = neighbour.ask(&["SET", key, "1"]).await;
    }
    let program = program(&server);
    let place = format!("redis://127.0.0.1:{}/0", server.port());
    assert_eq!(
        program.succeeds(&["clean"]),
        format!("removed 2 keys from {place}\n")
    );
    assert_eq!(
        program.succeeds(&["clean"]),
        format!("removed 0 keys from {place}\n")
    );
    let left: u64 = neighbour.ask(&["DBSIZE"]).await;
    assert_eq!(left, 2);
    // It creates no data folder.
    assert!(!program.data().exists());
}

#[test]
fn without_redis_there_is_nothing_to_clean() {
    let program = Program::new();
    assert_eq!(
        program.succeeds(&["clean"]),
        "nothing to clean: the cache is in the server's process\n"
    );
    assert!(!program.data().exists());
}

#[test]
fn a_server_that_is_down_cannot_be_cleaned() {
    let program = Program::new()
        .with("REDIS_HOST", "127.0.0.1")
        .with("REDIS_PORT", "1");
    let said = program.fails(&["clean"]);
    assert!(said.starts_with("failed to clean the cache: "), "{said}");
    assert!(said.contains("REDIS_HOST=127.0.0.1"), "{said}");
}

#[test]
fn a_server_with_a_password() {
    let Some(server) = RedisServer::start(&["--requirepass", "hunter2"]) else {
        return;
    };
    let right = program(&server).with("REDIS_PASSWORD", "hunter2");
    let up: Value = report(&right, 0);
    assert_eq!(up["stores"][1]["kind"], "Redis");
    assert!(up["stores"][1]["latency_ms"].is_number(), "{up}");

    let none = note(&program(&server));
    assert!(none.contains("REDIS_PASSWORD"), "{none}");
    let wrong = note(&program(&server).with("REDIS_PASSWORD", "correct horse"));
    assert!(
        wrong.contains("REDIS_PASSWORD") && !wrong.contains("horse"),
        "{wrong}"
    );
    let said = program(&server)
        .with("REDIS_PASSWORD", "correct horse")
        .fails(&["clean"]);
    assert!(
        said.contains("REDIS_PASSWORD") && !said.contains("horse"),
        "{said}"
    );
}

#[test]
fn a_server_that_takes_no_answers() {
    let Some(server) = RedisServer::start(&["--maxmemory", "1"]) else {
        return;
    };
    let said = note(&program(&server));
    assert!(said.contains("memory is full"), "{said}");
}

#[test]
fn a_server_without_tls() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let said = note(&program(&server).with("REDIS_TLS", "true"));
    assert!(said.contains("REDIS_TLS"), "{said}");
}

#[test]
fn a_missing_database() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    report(&program(&server).with("REDIS_DB", "15"), 0);
    let said = note(&program(&server).with("REDIS_DB", "16"));
    assert!(said.contains("REDIS_DB=16"), "{said}");
}
