//! Servers that refuse.

use app::model::{Panel, Trouble};
use server::cache::Cache;

use super::sight::{entry, given_up, healed};
use crate::support::redis::RedisServer;

#[tokio::test]
async fn a_read_only_replica_is_reported() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    cache.put(&Panel::Today.into(), entry("[1]")).await;
    let mut admin = server.neighbour().await;
    // Its primary does not exist, but its keys stay readable.
    let _: () = admin.ask(&["REPLICAOF", "127.0.0.1", "1"]).await;
    assert_eq!(cache.get(&Panel::Today.into()).await, Some(entry("[1]")));
    for _ in 0..5 {
        cache.put(&Panel::Today.into(), entry("[2]")).await;
        assert_eq!(cache.get(&Panel::Today.into()).await, Some(entry("[1]")));
    }
    let error = cache.ping().await.expect_err("an error");
    assert_eq!(error.trouble, Trouble::Unwritable);
    let words = error.words;
    assert!(words.contains("set REDIS_HOST to its primary"), "{words}");
    assert!(cache.is_up());
    let _: () = admin.ask(&["REPLICAOF", "NO", "ONE"]).await;
    healed(&cache).await;
    assert_eq!(cache.ping().await, Ok(()));
}

#[tokio::test]
async fn full_memory_is_reported() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    let mut admin = server.neighbour().await;
    let _: () = admin.ask(&["CONFIG", "SET", "maxmemory", "1"]).await;
    cache.put(&Panel::Today.into(), entry("[1]")).await;
    let words = cache.ping().await.expect_err("an error").words;
    assert!(words.contains("maxmemory"), "{words}");
    let _: () = admin.ask(&["CONFIG", "SET", "maxmemory", "0"]).await;
    healed(&cache).await;
    assert_eq!(cache.ping().await, Ok(()));
}

#[tokio::test]
async fn a_server_that_is_not_redis_is_reported() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a listener");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            tokio::spawn(async move {
                let answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
                _ = tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await;
            });
        }
    });
    let config = crate::support::redis::config("127.0.0.1", port);
    let cache = server::cache::RedisCache::open(&config).expect("a cache");
    given_up(&cache).await;
    let words = cache.ping().await.expect_err("an error").words;
    assert!(words.contains("REDIS_"), "{words}");
}

#[tokio::test]
async fn a_missing_host_is_reported() {
    let config = crate::support::redis::config("cache.invalid", 6379);
    let cache = server::cache::RedisCache::open(&config).expect("a cache");
    let words = cache.ping().await.expect_err("an error").words;
    assert!(words.contains("REDIS_HOST=cache.invalid"), "{words}");
}
