//! What readers share, and what they do not.

use futures::FutureExt;
use futures::future::pending;

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

#[tokio::test]
async fn an_older_answer_does_not_replace_a_newer_one() {
    let slot = Slot::default();
    let (first, second, third) = (slot.begin(), slot.begin(), slot.begin());
    let cached = tokio::sync::Mutex::new(0);
    // The first one ends last but one, the third one last.
    for computation in [second, first, third] {
        let write = async {
            *cached.lock().await = computation;
            true
        };
        let answer = answer(computation, 0);
        slot.write(computation, &answer, write).await;
        assert_ne!(*cached.lock().await, first);
    }
    assert_eq!(*cached.lock().await, third);
    assert_eq!(slot.last_known::<u64>().map(|known| known.data), Some(3));
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
    slot.write(slot.begin(), &answer(4, 7), async { true })
        .await;
    slot.found(&answer(4, 7));
    tokio::time::advance(Duration::from_secs(5)).await;
    let here = slot.computed_here::<u64>();
    let (known, age) = here.expect("an answer");
    assert_eq!((known.data, age), (4, Duration::from_secs(5)));
    slot.forget();
    assert_eq!(data(&slot), None);
}

#[tokio::test(start_paused = true)]
async fn a_look_that_was_left_in_the_midst_is_not_taken_up_much_later() {
    let slot = Slot::default();
    let begun = AtomicU64::new(0);
    let join = |goes_on: bool| {
        let _joined = slot.join(|computing| {
            begun.fetch_add(1, Ordering::Relaxed);
            computing.store(goes_on, Ordering::Relaxed);
            pending().boxed().shared()
        });
        begun.load(Ordering::Relaxed)
    };
    assert_eq!((join(false), join(false)), (1, 1));
    tokio::time::advance(LOOKED_WITHIN * 2).await;
    assert_eq!(join(true), 2);
    tokio::time::advance(LOOKED_WITHIN * 2).await;
    assert_eq!(join(false), 2, "what goes on by itself is joined");
}

#[tokio::test]
async fn what_is_cached_stays_outdated_until_it_has_been_replaced() {
    let slot = Slot::default();
    slot.forget();
    slot.write(slot.begin(), &answer(1, 0), async { false })
        .await;
    assert!(slot.is_outdated());
    slot.write(slot.begin(), &answer(1, 0), async { true })
        .await;
    assert!(!slot.is_outdated());
}
