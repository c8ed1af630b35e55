//! The keys on the server: the contract with other programs.

use std::process::Command;

use app::model::Panel;
use serde_json::{Value, json};
use server::cache::{Cache, Key};

use super::sight::{entry, revenue};
use crate::support::process::on_path;
use crate::support::redis::RedisServer;

/// The lesson's Python, without a library for Redis.
const PYTHON: &str = r#"
import json, socket, sys
server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
stream = server.makefile("rb")
key = b"dashboard:category_revenue"
server.sendall(b"*2\r\n$3\r\nGET\r\n$%d\r\n%s\r\n" % (len(key), key))
length = int(stream.readline()[1:])
for row in json.loads(stream.read(length)):
    print(row["_id"], "%.2f" % row["revenue"], row["orders"] + 0, "%.2f" % row["avg_order"])
"#;

#[tokio::test]
async fn the_keys_follow_the_contract() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    cache
        .put(&Panel::CategoryRevenue.into(), entry("[1]"))
        .await;
    cache.put(&Panel::DailyOrders.into(), entry("[2]")).await;
    let mut neighbour = server.neighbour().await;
    let mut names: Vec<String> = neighbour.ask(&["KEYS", "*"]).await;
    names.sort();
    assert_eq!(
        names,
        [
            "dashboard:category_revenue",
            "dashboard:daily_order_count",
            "{dashboard:category_revenue}:meta",
            "{dashboard:daily_order_count}:meta",
        ]
    );
    let rows: String = neighbour.ask(&["GET", "dashboard:daily_order_count"]).await;
    let meta: String = neighbour
        .ask(&["GET", &Key::from(Panel::DailyOrders).meta_name()])
        .await;
    assert_eq!((rows.as_str(), meta.as_str()), ("[2]", "{}"));
}

#[tokio::test]
async fn rows_and_meta_expire_together() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    let mut neighbour = server.neighbour().await;
    let mut seen = Vec::new();
    for key in [Key::from(Panel::CategoryRevenue), Key::from(Panel::Today)] {
        let lifetime = i64::try_from(key.time_to_live().as_millis()).expect("a number");
        for _ in 0..20 {
            cache.put(&key, entry("[]")).await;
            // The time of expiry, because the time left changes while we ask.
            let rows: i64 = neighbour.ask(&["PEXPIRETIME", key.name()]).await;
            let meta: i64 = neighbour.ask(&["PEXPIRETIME", &key.meta_name()]).await;
            assert!((rows - meta).abs() <= 1, "{rows} {meta}");
            let left: i64 = neighbour.ask(&["PTTL", key.name()]).await;
            // One second for the time since then.
            let range = lifetime * 9 / 10 - 1000..=lifetime;
            assert!(range.contains(&left), "{key:?}: {left}");
            seen.push(left * 1000 / lifetime);
        }
    }
    let (least, most) = (seen.iter().min(), seen.iter().max());
    assert!(
        most.zip(least)
            .is_some_and(|(most, least)| most - least > 20),
        "all alike: {seen:?}"
    );
}

#[tokio::test]
async fn the_lessons_program_reads_the_rows() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    server
        .cache()
        .put(&Panel::CategoryRevenue.into(), revenue())
        .await;
    let mut neighbour = server.neighbour().await;
    let text: String = neighbour.ask(&["GET", "dashboard:category_revenue"]).await;
    let rows: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        rows,
        json!([
            { "_id": "footwear", "revenue": 1234.5, "orders": 7, "avg_order": 176.36 },
            { "_id": "größer \"x\"", "revenue": 1.0, "orders": 3, "avg_order": 0.33 },
        ])
    );
    let Some(python) = on_path("python3") else {
        println!("skipped: needs python3");
        return;
    };
    let mut python = Command::new(python);
    python.args(["-X", "utf8", "-c", PYTHON, &server.port().to_string()]);
    let output = python.output().expect("an end");
    assert_eq!(
        String::from_utf8(output.stdout).expect("UTF-8"),
        "footwear 1234.50 7 176.36\ngrößer \"x\" 1.00 3 0.33\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn deleting_rows_or_meta_alone_is_a_miss() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    let mut neighbour = server.neighbour().await;
    for name in [
        Key::from(Panel::Today).name(),
        &Key::from(Panel::Today).meta_name(),
    ] {
        cache.put(&Panel::Today.into(), entry("[1]")).await;
        assert_eq!(neighbour.ask::<u64>(&["DEL", name]).await, 1);
        assert_eq!(cache.get(&Panel::Today.into()).await, None, "{name}");
    }
    cache.put(&Panel::Today.into(), entry("[1]")).await;
    assert_eq!(cache.get(&Panel::Today.into()).await, Some(entry("[1]")));
}

#[tokio::test]
async fn an_expired_entry_is_a_miss() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    cache.put(&Panel::Today.into(), entry("[1]")).await;
    let mut neighbour = server.neighbour().await;
    for name in [
        Key::from(Panel::Today).name(),
        &Key::from(Panel::Today).meta_name(),
    ] {
        let _: i64 = neighbour.ask(&["PEXPIREAT", name, "1"]).await;
    }
    assert_eq!(cache.get(&Panel::Today.into()).await, None);
}

#[tokio::test]
async fn a_read_is_one_command_and_a_put_one_transaction() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    let mut neighbour = server.neighbour().await;
    for _ in 0..10 {
        cache.put(&Panel::Today.into(), entry("[1]")).await;
        cache.get(&Panel::Today.into()).await;
    }
    let mut calls = Vec::new();
    for command in ["mget", "get", "multi", "exec", "set"] {
        calls.push(neighbour.calls(command).await);
    }
    assert_eq!(calls, [10, 0, 10, 10, 20]);
}
