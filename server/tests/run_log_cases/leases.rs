//! What every lease must do.

use chrono::{DateTime, TimeDelta, Utc};
use server::store::{Lease, LeaseStore};

fn lease(run_id: &str, until: i64) -> Lease {
    Lease {
        run_id: run_id.to_owned(),

        until: second(until),
    }
}

fn second(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
}

pub async fn the_lease_is_one_runs_until_it_expires(store: &impl LeaseStore) {
    let take = async |run, until, now| {
        let taken = store.take(&lease(run, until), second(now)).await;
        taken.expect("an answer")
    };
    assert_eq!(store.current().await.expect("an answer"), None);
    assert_eq!(take("A", 30, 0).await, None);
    assert_eq!(take("B", 31, 1).await, Some(lease("A", 30)));
    // Its own it may take again.
    assert_eq!(take("A", 40, 10).await, None);
    assert_eq!(take("B", 69, 39).await, Some(lease("A", 40)));
    assert_eq!(take("B", 70, 40).await, None);
    assert_eq!(take("A", 71, 41).await, Some(lease("B", 70)));
    assert_eq!(
        store.current().await.expect("an answer"),
        Some(lease("B", 70))
    );
}

pub async fn the_lease_is_renewed_and_released_by_its_holder_alone(store: &impl LeaseStore) {
    let renew = async |run, until| {
        let renewed = store.renew(&lease(run, until)).await;
        renewed.expect("an answer")
    };
    assert!(!renew("A", 30).await);
    store.take(&lease("A", 30), second(0)).await.expect("taken");
    assert!(renew("A", 50).await);
    assert!(!renew("B", 60).await);
    store.release("B").await.expect("an answer");
    let current = store.current().await.expect("an answer");
    assert_eq!(current.map(|lease| lease.until), Some(second(50)));
    store.release("A").await.expect("an answer");
    assert_eq!(store.current().await.expect("an answer"), None);
    assert!(!renew("A", 70).await);
    let taken = store.take(&lease("B", 90), second(1)).await;
    assert_eq!(taken.expect("an answer"), None);
}

pub async fn of_many_that_take_the_lease_at_once_one_gets_it(store: &impl LeaseStore) {
    for round in 0..5 {
        let leases: Vec<Lease> = (0..8)
            .map(|run| lease(&format!("R{round}-{run}"), round * 100 + 30))
            .collect();
        let now = second(round * 100);
        let takes = leases.iter().map(|lease| store.take(lease, now));
        let taken = futures::future::try_join_all(takes).await.expect("answers");
        let free = taken.iter().filter(|holder| holder.is_none()).count();
        assert_eq!(free, 1, "{taken:?}");
    }
}
