//! Helpers of the Redis cases.

use std::future::Future;
use std::time::{Duration, Instant};

use app::model::{CategoryRevenue, Cents, Panel, Timestamp};
use server::cache::{Cache, Cached, Entry, RedisCache};

/// An operation may take 150 ms; the rest is for a busy machine.
const AT_MOST: Duration = Duration::from_millis(400);
/// How long recovery may take after the server's return.
pub const HEALED_WITHIN: Duration = Duration::from_secs(5);

pub fn entry(rows: &str) -> Entry {
    Entry {
        rows: rows.to_owned(),
        meta: "{}".to_owned(),
    }
}

/// The answer of the lesson's shape.
pub fn revenue() -> Entry {
    let category = |category: &str, cents, orders| {
        CategoryRevenue::new(category.to_owned(), Cents(cents), orders)
    };
    let answer = Cached {
        data: vec![
            category("footwear", 123_450, 7),
            category("größer \"x\"", 100, 3),
        ],
        window: None,
        computed_at: Timestamp::parse("2026-11-23T10:30:00Z").expect("a time"),
        took_ms: 1.5,
    };
    answer.to_entry().expect("an entry")
}

/// The result of `operation`, which must not take long.
pub async fn soon<T>(operation: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let result = operation.await;
    let took = begun.elapsed();
    assert!(took < AT_MOST, "{took:?}");
    result
}

/// Waits until `holds` and returns how long that took.
pub async fn until<F: Future<Output = bool>>(
    what: &str,
    within: Duration,
    mut holds: impl FnMut() -> F,
) -> Duration {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < within, "{what}: not within {within:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    begun.elapsed()
}

/// Reads until the breaker is open.
pub async fn given_up(cache: &RedisCache) {
    until("given up", HEALED_WITHIN, || async {
        soon(cache.get(&Panel::Today.into())).await;
        !cache.is_up()
    })
    .await;
}

/// Waits until a put can be read again.
pub async fn healed(cache: &RedisCache) {
    until("healed", HEALED_WITHIN, || async {
        cache.put(&Panel::Today.into(), entry("[\"healed\"]")).await;
        cache.get(&Panel::Today.into()).await == Some(entry("[\"healed\"]"))
    })
    .await;
    assert!(cache.is_up());
}
