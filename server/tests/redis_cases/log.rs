//! The log has each error once, and no secrets.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;
use std::time::Duration;

use app::model::Panel;
use futures::future::join_all;
use server::cache::{Cache, RedisCache};
use server::config::{RedisConfig, Secret};
use tokio::time::sleep;

use super::sight::{entry, given_up, healed};
use crate::support::redis::RedisServer;

thread_local! {
    /// Each test has its own thread and a runtime of one thread.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct ThreadsLog;

impl Write for ThreadsLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps the log from now on.
fn listen() {
    static ONCE: Once = Once::new();
    // For all threads: a subscriber of one thread loses lines when others log too.
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::fmt().with_ansi(false).without_time();
        let subscriber = subscriber.with_max_level(tracing::Level::DEBUG);
        subscriber.with_writer(|| ThreadsLog).init();
    });
}

fn warnings() -> Vec<String> {
    let text = String::from_utf8(LOG.with_borrow(Vec::clone)).expect("UTF-8");
    assert!(!text.contains("hunter2"), "{text}");
    let lines = text.lines().filter(|line| line.contains("WARN"));
    lines.map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn an_outage_is_a_few_lines() {
    let Some(mut server) = RedisServer::start(&[]) else {
        return;
    };
    listen();
    let cache = server.cache();
    healed(&cache).await;
    assert_eq!(warnings(), Vec::<String>::new());
    server.stop();
    for _ in 0..1000 {
        cache.get(&Panel::Today.into()).await;
        cache.put(&Panel::Today.into(), entry("[]")).await;
    }
    given_up(&cache).await;
    server.start_again();
    healed(&cache).await;
    let warnings = warnings();
    assert!((3..=6).contains(&warnings.len()), "{warnings:#?}");
    for part in [
        "the cache fails: REDIS_HOST=127.0.0.1",
        "left alone for now",
        "answers again",
    ] {
        let lines = warnings.iter().filter(|line| line.contains(part));
        assert!(lines.count() >= 1, "{part}: {warnings:#?}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_logged_once_and_not_shown() {
    let Some(server) = RedisServer::start(&["--requirepass", "other"]) else {
        return;
    };
    listen();
    let cache = RedisCache::open(&RedisConfig {
        password: Some(Secret::new("hunter2")),
        ..server.config()
    });
    let cache = cache.expect("a cache");
    given_up(&cache).await;
    for _ in 0..100 {
        cache.get(&Panel::Today.into()).await;
    }
    let warnings = warnings();
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    assert!(warnings[0].contains("left alone for now: REDIS_PASSWORD is wrong"));
}

#[tokio::test]
async fn a_refusal_is_logged_when_it_begins_and_when_it_ends() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    listen();
    let cache = server.cache();
    let mut admin = server.neighbour().await;
    let _: () = admin.ask(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let reader = async || {
        for _ in 0..50 {
            cache.get(&Panel::Today.into()).await;
            cache.put(&Panel::Today.into(), entry("[]")).await;
        }
    };
    join_all((0..20).map(|_| reader())).await;
    // Probes go on, and say nothing.
    let probes = admin.calls("multi").await;
    while admin.calls("multi").await < probes + 3 {
        sleep(Duration::from_millis(20)).await;
    }
    let begun = warnings();
    assert_eq!(begun.len(), 1, "{begun:#?}");
    assert!(begun[0].contains("left alone for now: the server's memory is full"));
    assert!(begun[0].contains(cache.location()));
    let _: () = admin.ask(&["CONFIG", "SET", "maxmemory", "0"]).await;
    healed(&cache).await;
    let ended = warnings();
    assert_eq!(ended.len(), 2, "{ended:#?}");
    assert!(ended[1].contains("answers again"), "{ended:#?}");
}
