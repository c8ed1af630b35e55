//! Network faults through toxiproxy.

use std::time::Duration;

use app::model::Panel;
use server::cache::{Cache, Claim, RedisCache};

use super::sight::{HEALED_WITHIN, entry, given_up, healed, soon, until};
use crate::support::redis::{RedisServer, config};
use crate::support::toxiproxy::Way;

struct Stage {
    server: RedisServer,
    way: Way,
    cache: RedisCache,
}

/// A working cache behind a proxy.
async fn stage() -> Option<Stage> {
    let server = RedisServer::start(&[])?;
    let way = Way::to(server.port()).await?;
    let cache = RedisCache::open(&config("127.0.0.1", way.port)).expect("a cache");
    healed(&cache).await;
    Some(Stage { server, way, cache })
}

impl Stage {
    /// Checks that every operation fails fast and few requests are sent; then removes the fault and
    /// checks that all recovers.
    async fn survives(mut self) {
        let cache = &self.cache;
        assert_eq!(soon(cache.get(&Panel::Today.into())).await, None);
        soon(cache.put(&Panel::Today.into(), entry("[\"lost\"]"))).await;
        assert_eq!(
            soon(cache.claim(&Panel::Today.into())).await,
            Claim::Unknown
        );
        soon(cache.release(&Panel::Today.into(), "token")).await;
        given_up(cache).await;
        let words = soon(cache.ping()).await.expect_err("an error").words;
        assert!(words.contains("REDIS_HOST=127.0.0.1"), "{words}");
        self.few_requests_are_sent().await;
        self.way.heal().await;
        healed(&self.cache).await;
    }

    async fn few_requests_are_sent(&mut self) {
        let mut neighbour = self.server.neighbour().await;
        let before = neighbour.calls("mget").await;
        let mut given_up = 0;
        for _ in 0..1000 {
            given_up += u32::from(!self.cache.is_up());
            assert_eq!(
                soon(self.cache.get(&Panel::ActiveOrders.into())).await,
                None
            );
        }
        let sent = neighbour.calls("mget").await - before;
        assert!(sent <= 5, "{sent} of 1000 reads reached the server");
        assert!(given_up > 990, "{given_up}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused() {
    let Some(stage) = stage().await else { return };
    stage.way.refuse().await;
    stage.survives().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hanging() {
    let Some(stage) = stage().await else { return };
    stage.way.hang().await;
    stage.survives().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_second_late() {
    let Some(stage) = stage().await else { return };
    stage.way.slow(500).await;
    stage.survives().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reset() {
    let Some(stage) = stage().await else { return };
    stage.way.reset().await;
    stage.survives().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_in_mid_answer() {
    let Some(stage) = stage().await else { return };
    let large = entry(&"x".repeat(100_000));
    stage.cache.put(&Panel::Today.into(), large.clone()).await;
    assert_eq!(stage.cache.get(&Panel::Today.into()).await, Some(large));
    // After the 10 bytes of two CLIENT SETINFO, 40 of the answer.
    stage.way.cut_after(50).await;
    for _ in 0..3 {
        assert_eq!(soon(stage.cache.get(&Panel::Today.into())).await, None);
    }
    stage.way.heal().await;
    healed(&stage.cache).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flapping() {
    let Some(stage) = stage().await else { return };
    for _ in 0..5 {
        stage.way.refuse().await;
        soon(stage.cache.get(&Panel::Today.into())).await;
        soon(stage.cache.put(&Panel::Today.into(), entry("[3]"))).await;
        stage.way.heal().await;
        soon(stage.cache.get(&Panel::Today.into())).await;
        soon(stage.cache.claim(&Panel::Today.into())).await;
    }
    healed(&stage.cache).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_late_answer_does_not_open_the_breaker() {
    let Some(stage) = stage().await else { return };
    for _ in 0..3 {
        stage.way.hang().await;
        assert_eq!(soon(stage.cache.get(&Panel::Today.into())).await, None);
        assert!(stage.cache.is_up());
        stage.way.heal().await;
        until("an answer", HEALED_WITHIN, || async {
            let connected = stage.cache.get(&Panel::Today.into()).await.is_some();
            // At most two in a row fail: the one above, and one during the reconnection.
            assert!(stage.cache.is_up());
            connected
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_readers_wait_no_longer_than_one() {
    let Some(stage) = stage().await else { return };
    stage.way.hang().await;
    let today = Panel::Today.into();
    let reads = (0..500).map(|_| stage.cache.get(&today));
    let answers = soon(futures::future::join_all(reads)).await;
    assert!(answers.iter().all(Option::is_none));
    assert!(!stage.cache.is_up());
    // Now nobody waits.
    let at_once = tokio::time::timeout(Duration::from_millis(20), stage.cache.get(&today));
    assert_eq!(at_once.await, Ok(None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_distant_server_is_found_again() {
    let Some(stage) = stage().await else { return };
    stage.way.refuse().await;
    given_up(&stage.cache).await;
    stage.way.heal().await;
    // Each round trip is within the limits; a new connection takes several.
    stage.way.slow(60).await;
    healed(&stage.cache).await;
}
