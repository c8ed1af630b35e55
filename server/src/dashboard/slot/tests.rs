//! What is known of an answer, and for how long.

use super::*;

fn answer(number: u64, second: u32) -> Arc<Cached<u64>> {
    let computed_at = format!("2026-11-23T10:30:{second:02}Z");
    Arc::new(Cached {
        data: number,
        window: None,
        computed_at: Timestamp::parse(&computed_at).expect("a time"),
        took_ms: 1.0,
    })
}

#[tokio::test(start_paused = true)]
async fn what_is_found_in_the_cache_is_known_if_it_is_newer() {
    let slot = Slot::default();
    let data = |slot: &Slot| slot.last_known::<u64>().map(|known| known.data);
    for (number, second, known) in [(1, 5, 1), (2, 4, 1), (3, 6, 3)] {
        slot.found(&answer(number, second));
        assert_eq!(data(&slot), Some(known));
    }
    // It was computed elsewhere.
    assert!(slot.computed_here::<u64>().is_none());
    slot.computed(&answer(4, 7));
    slot.found(&answer(4, 7));
    tokio::time::advance(Duration::from_secs(5)).await;
    let here = slot.computed_here::<u64>();
    let (known, age) = here.expect("an answer");
    assert_eq!((known.data, age), (4, Duration::from_secs(5)));
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_once_and_soon_or_never() {
    let slot = Slot::default();
    let failure = ApiError::unavailable("MongoDB does not answer in time");
    slot.failed(&failure);
    assert_eq!(slot.tell_failure(), Some(failure.clone()));
    assert_eq!(slot.tell_failure(), None);
    slot.failed(&failure);
    tokio::time::advance(FAILURE_KEPT).await;
    assert_eq!(slot.tell_failure(), None);
}
