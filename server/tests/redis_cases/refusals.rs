//! Servers that refuse.

use app::model::{Panel, Trouble};
use server::cache::{Cache, RedisCache};
use server::config::{RedisConfig, Secret};

use super::sight::{entry, given_up, healed};
use crate::support::redis::RedisServer;

/// A server that gives answers and takes none is of no use; `words` say what to do. It is left alone
/// until it takes them again.
async fn takes_no_answers(refuse: &[&str], trouble: Trouble, words: &str, grant: &[&str]) {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let mut admin = server.neighbour().await;
    let all = ["ACL", "SETUSER", "dash", "on", "nopass", "~*", "+@all"];
    let _: () = admin.ask(&all).await;
    let config = RedisConfig {
        username: Some("dash".to_owned()),
        password: Some(Secret::new("any")),
        ..server.config()
    };
    let open = || RedisCache::open(&config).expect("a cache");
    let cache = open();
    assert!(cache.put(&Panel::Today.into(), entry("[1]")).await);
    let _: () = admin.ask(refuse).await;
    // It is not asked any more, since its answers would not be renewed.
    assert!(!cache.put(&Panel::Today.into(), entry("[2]")).await);
    assert!(!cache.is_up());
    assert_eq!(cache.get(&Panel::Today.into()).await, None);
    // A check finds it out by itself.
    for cache in [&cache, &open()] {
        let error = cache.ping().await.expect_err("an error");
        assert_eq!(error.trouble, trouble);
        assert!(error.words.contains(words), "{}", error.words);
    }
    let _: () = admin.ask(grant).await;
    healed(&cache).await;
    assert_eq!(cache.ping().await, Ok(()));
    let mut left: Vec<String> = admin.ask(&["KEYS", "*"]).await;
    left.sort();
    assert_eq!(left, ["dashboard:today", "{dashboard:today}:meta"]);
}

#[tokio::test]
async fn a_replica_cannot_be_written_to() {
    takes_no_answers(
        // Its primary does not exist; what is here stays readable.
        &["REPLICAOF", "127.0.0.1", "1"],
        Trouble::Unwritable,
        "set REDIS_HOST to its primary",
        &["REPLICAOF", "NO", "ONE"],
    )
    .await;
}

#[tokio::test]
async fn a_memory_that_is_full() {
    takes_no_answers(
        &["CONFIG", "SET", "maxmemory", "1"],
        Trouble::Unwritable,
        "raise its maxmemory",
        &["CONFIG", "SET", "maxmemory", "0"],
    )
    .await;
}

#[tokio::test]
async fn a_user_who_may_only_read() {
    takes_no_answers(
        &["ACL", "SETUSER", "dash", "-@write"],
        Trouble::Refused,
        "allow REDIS_USERNAME",
        &["ACL", "SETUSER", "dash", "+@write"],
    )
    .await;
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
    let cache = RedisCache::open(&config).expect("a cache");
    given_up(&cache).await;
    let words = cache.ping().await.expect_err("an error").words;
    assert!(words.contains("REDIS_"), "{words}");
}

#[tokio::test]
async fn a_missing_host_is_reported() {
    let config = crate::support::redis::config("cache.invalid", 6379);
    let cache = RedisCache::open(&config).expect("a cache");
    let words = cache.ping().await.expect_err("an error").words;
    assert!(words.contains("REDIS_HOST=cache.invalid"), "{words}");
}
