//! Values of other programs under our keys.

use std::time::Instant;

use app::model::Panel;
use server::cache::{Cache, Key};

use super::sight::{entry, healed, soon};
use crate::support::redis::{Neighbour, RedisServer};

/// Checks that it is a miss, not a failure, and that a put replaces it.
async fn is_overwritten(server: &RedisServer, neighbour: &mut Neighbour, value: &[&[u8]]) {
    let cache = server.cache();
    let what = String::from_utf8_lossy(value[0]).into_owned();
    let meta = Key::from(Panel::Today).meta_name();
    for name in [Key::from(Panel::Today).name(), &meta] {
        cache.put(&Panel::Today.into(), entry("[1]")).await;
        let _: redis::Value = neighbour.ask(&["DEL", name]).await;
        let command: Vec<&[u8]> = [value[0], name.as_bytes()]
            .into_iter()
            .chain(value[1..].iter().copied())
            .collect();
        let _: redis::Value = neighbour.ask_bytes(&command).await;
        // Often enough to open the breaker if it were a failure.
        for _ in 0..5 {
            assert_eq!(
                soon(cache.get(&Panel::Today.into())).await,
                None,
                "{what} {name}"
            );
        }
        assert!(cache.is_up());
        assert_eq!(cache.ping().await, Ok(()));
        cache.put(&Panel::Today.into(), entry("[2]")).await;
        assert_eq!(
            cache.get(&Panel::Today.into()).await,
            Some(entry("[2]")),
            "{what}"
        );
    }
}

#[tokio::test]
async fn values_of_every_type_are_misses_and_are_overwritten() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let mut neighbour = server.neighbour().await;
    let values: [&[&[u8]]; 7] = [
        &[b"RPUSH", b"a", b"b"],
        &[b"HSET", b"field", b"value"],
        &[b"SADD", b"member"],
        &[b"ZADD", b"1", b"member"],
        &[b"XADD", b"*", b"field", b"value"],
        // A HyperLogLog is a string of bytes in Redis.
        &[b"PFADD", b"element"],
        &[b"SET", b"\xff\xfe\x00 not UTF-8"],
    ];
    for value in values {
        is_overwritten(&server, &mut neighbour, value).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_megabytes_are_a_miss_and_no_failure() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let mut neighbour = server.neighbour().await;
    let large = vec![b'x'; 5 << 20];
    is_overwritten(&server, &mut neighbour, &[b"SET", &large]).await;
    let cache = server.cache();
    cache.put(&Panel::Today.into(), entry("[1]")).await;
    let key = Key::from(Panel::Today);
    let name = key.name().as_bytes();
    let _: redis::Value = neighbour.ask_bytes(&[b"SET", name, &large]).await;
    let begun = Instant::now();
    assert_eq!(cache.get(&Panel::Today.into()).await, None);
    println!("5 MB are read in {:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_too_large_to_arrive_in_time_is_overwritten_too() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let mut neighbour = server.neighbour().await;
    let cache = server.cache();
    cache.put(&Panel::Today.into(), entry("[1]")).await;
    let huge = vec![b'x'; 200 << 20];
    let key = Key::from(Panel::Today);
    let name = key.name().as_bytes();
    let _: redis::Value = neighbour.ask_bytes(&[b"SET", name, &huge]).await;
    assert_eq!(soon(cache.get(&Panel::Today.into())).await, None);
    soon(cache.put(&Panel::Today.into(), entry("[2]"))).await;
    healed(&cache).await;
}

#[tokio::test]
async fn entries_that_could_not_be_read_are_not_put() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    cache.put(&Panel::Today.into(), entry("[1]")).await;
    cache
        .put(&Panel::Today.into(), entry(&"x".repeat(5 << 20)))
        .await;
    assert_eq!(cache.get(&Panel::Today.into()).await, Some(entry("[1]")));
}
