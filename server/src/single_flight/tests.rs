//! What is computed once, and what begins anew.

use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::join_all;
use tokio::sync::oneshot;

use super::*;

const LONG: Duration = Duration::from_secs(60);

/// Flights whose answers are numbers, and how many have begun.
#[derive(Default)]
struct Counted {
    flights: SingleFlight<u32>,
    begun: Arc<AtomicU32>,
}

impl Counted {
    /// A computation that gives `answer` once it is released.
    fn held(&self, answer: u32) -> (oneshot::Sender<()>, impl Future<Output = u32> + use<>) {
        let (release, released) = oneshot::channel();
        let begun = self.begun.clone();
        let compute = async move {
            begun.fetch_add(1, Ordering::Relaxed);
            _ = released.await;
            answer
        };
        (release, compute)
    }

    fn begun(&self) -> u32 {
        self.begun.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn all_who_come_meanwhile_get_the_same_answer() {
    let counted = Counted::default();
    let (release, compute) = counted.held(1);
    let first = counted.flights.join(DateTime::UNIX_EPOCH, compute);
    let others = (2..10).map(|number| {
        let (_, compute) = counted.held(number);
        counted
            .flights
            .join(DateTime::UNIX_EPOCH, compute)
            .wait(LONG)
    });
    let others: Vec<_> = others.collect();
    release.send(()).expect("a computation");
    assert_eq!(first.wait(LONG).await, Ok(1));
    assert!(
        join_all(others)
            .await
            .into_iter()
            .all(|answer| answer == Ok(1))
    );
    assert_eq!(counted.begun(), 1);
    let again = counted.flights.join(DateTime::UNIX_EPOCH, async { 2 });
    assert_eq!(again.wait(LONG).await, Ok(2));
}

#[tokio::test]
async fn all_who_want_the_next_one_share_it_and_it_begins_after_the_one_under_way() {
    let counted = Counted::default();
    let (release, compute) = counted.held(1);
    let first = counted.flights.join(DateTime::UNIX_EPOCH, compute);
    tokio::task::yield_now().await;
    let (go, compute) = counted.held(2);
    let second = counted.flights.join_next(DateTime::UNIX_EPOCH, compute);
    let (_, shared) = counted.held(3);
    let third = counted.flights.join_next(DateTime::UNIX_EPOCH, shared);
    assert_eq!(counted.begun(), 1, "two at once");
    release.send(()).expect("a computation");
    assert_eq!(first.wait(LONG).await, Ok(1));
    // Once it has begun it is the one under way.
    go.send(()).expect("a computation");
    assert_eq!(second.wait(LONG).await, Ok(2));
    assert_eq!(third.wait(LONG).await, Ok(2));
    assert_eq!(counted.begun(), 2);
    assert!(counted.flights.under_way().is_none());
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_from_the_first_asking() {
    let counted = Counted::default();
    let (release, compute) = counted.held(1);
    let flight = counted.flights.join(DateTime::UNIX_EPOCH, compute);
    let limit = Duration::from_secs(2);
    assert_eq!(flight.clone().wait(limit).await, Err(Unanswered::UnderWay));
    let begun = Instant::now();
    assert_eq!(flight.clone().wait(limit).await, Err(Unanswered::UnderWay));
    assert_eq!(begun.elapsed(), Duration::ZERO);
    release.send(()).expect("a computation");
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    assert_eq!(flight.wait(limit).await, Ok(1), "what is there is given");
}

#[tokio::test]
async fn a_computation_that_panics_holds_up_none_after_it() {
    let flights = SingleFlight::<u32>::default();
    let broken = flights.join(DateTime::UNIX_EPOCH, async { panic!("a fault") });
    let next = flights.join_next(DateTime::UNIX_EPOCH, async { 2 });
    assert_eq!(broken.wait(LONG).await, Err(Unanswered::Broken));
    assert_eq!(next.wait(LONG).await, Ok(2));
}
