//! A server that goes down or hangs, and comes back.

use app::model::Panel;
use server::cache::{Cache, RedisCache};

use super::sight::{entry, given_up, healed, soon};
use crate::support::process::free_port;
use crate::support::redis::{RedisServer, config};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_server_is_found() {
    let Some(mut server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    healed(&cache).await;
    for _ in 0..2 {
        server.stop();
        given_up(&cache).await;
        let words = cache.ping().await.expect_err("an error").words;
        assert!(words.contains("REDIS_HOST"), "{words}");
        server.start_again();
        healed(&cache).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_server_is_found_again() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    healed(&cache).await;
    server.process().pause();
    assert_eq!(soon(cache.get(&Panel::Today.into())).await, None);
    given_up(&cache).await;
    let words = cache.ping().await.expect_err("an error").words;
    assert!(words.contains("does not answer in time"), "{words}");
    server.process().go_on();
    healed(&cache).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_pauses_its_clients() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    healed(&cache).await;
    let mut admin = server.neighbour().await;
    let _: () = admin.ask(&["CLIENT", "PAUSE", "2000", "ALL"]).await;
    soon(cache.put(&Panel::Today.into(), entry("[1]"))).await;
    given_up(&cache).await;
    // The pause of two seconds counts towards the time to recover.
    healed(&cache).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_started_later_is_found() {
    let port = free_port();
    let cache = RedisCache::open(&config("127.0.0.1", port)).expect("a cache");
    let words = soon(cache.ping()).await.expect_err("an error").words;
    assert!(words.contains("refuses the connection"), "{words}");
    given_up(&cache).await;
    let listen = ["--port".to_owned(), port.to_string()];
    let Some(_server) = RedisServer::listening(port, &listen, &[]) else {
        return;
    };
    healed(&cache).await;
}
