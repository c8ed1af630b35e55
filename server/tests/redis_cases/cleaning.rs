//! Removing our keys and no others.

use app::model::Panel;
use server::cache::{Cache, RedisCache};

use super::sight::entry;
use crate::support::redis::{RedisServer, config};

#[tokio::test]
async fn only_our_keys_are_removed() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    let mut neighbour = server.neighbour().await;
    let others = [
        "orders",
        "dashboard",
        "dashboards:today",
        "my:dashboard:today",
        "{other}:dashboard:x",
        "{dashboard}:x",
        "Dashboard:today",
    ];
    for name in others {
        let _: () = neighbour.ask(&["SET", name, "theirs"]).await;
    }
    // More than one batch.
    for number in 0..3000 {
        let name = format!("other:{number}");
        let _: () = neighbour.ask(&["SET", &name, "theirs"]).await;
    }
    let _: () = neighbour.ask_bytes(&[b"SET", b"\xff\xfe", b"theirs"]).await;
    cache.put(&Panel::Today.into(), entry("[]")).await;
    cache.put(&Panel::CategoryRevenue.into(), entry("[]")).await;
    cache.claim(&Panel::Today.into()).await;
    let _: u64 = neighbour.ask(&["RPUSH", "dashboard:older", "a"]).await;
    assert_eq!(cache.clean().await, Ok(6));
    assert_eq!(cache.clean().await, Ok(0));
    assert_eq!(cache.get(&Panel::Today.into()).await, None);
    let left: u64 = neighbour.ask(&["DBSIZE"]).await;
    assert_eq!(left, 3000 + 1 + others.len() as u64);
    assert_eq!(neighbour.calls("flushdb").await, 0);
}

#[tokio::test]
async fn another_database_is_left_alone() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let second = RedisCache::open(&server::config::RedisConfig {
        database: 2,
        ..server.config()
    });
    let second = second.expect("a cache");
    server.cache().put(&Panel::Today.into(), entry("[1]")).await;
    second.put(&Panel::Today.into(), entry("[2]")).await;
    assert_eq!(second.clean().await, Ok(2));
    assert_eq!(
        server.cache().get(&Panel::Today.into()).await,
        Some(entry("[1]"))
    );
}

#[tokio::test]
async fn an_unreachable_server_is_reported() {
    // No server listens on port 1.
    let cache = RedisCache::open(&config("127.0.0.1", 1)).expect("a cache");
    let error = cache.clean().await.expect_err("an error");
    assert!(error.contains("refuses the connection"), "{error}");
}
