//! Synthetic orders in a real store.

#![expect(clippy::expect_used, reason = "a test ends where something fails")]

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use server::calendar::UtcWindow;
use server::clock::{Clock, FixedClock};
use server::generate::{
    Arrivals, GenerateError, Generated, Plan, Story, arrive, generate, generate_story,
};
use server::order::Order;
use server::store::OrderStore;
use server::store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

#[path = "support/lines.rs"]
mod lines;

use lines::lines;

/// A clock that the test sets.
#[derive(Debug)]
struct SetClock(Mutex<DateTime<Utc>>);

impl SetClock {
    fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().expect("a clock") = now;
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("a clock")
    }
}

async fn store() -> (Arc<SqliteStore>, TempDir) {
    let folder = TempDir::new().expect("a temporary folder");
    let store = SqliteStore::open(&folder.path().join("orders.sqlite"))
        .await
        .expect("a store");
    (Arc::new(store), folder)
}

fn now() -> DateTime<Utc> {
    "2026-11-23T09:30:00Z".parse().expect("an RFC 3339 time")
}

async fn fill(store: &SqliteStore, plan: Plan, now: DateTime<Utc>) -> Generated {
    generate(store, plan, &FixedClock(now), |_| {})
        .await
        .expect("synthetic orders")
}

/// The orders that a store filled at [`now`] has at `later`, with the statuses of that time.
fn as_of(plan: Plan, later: DateTime<Utc>) -> Vec<Order> {
    let oldest = plan.initial(now()).next().expect("an order").created_at;
    plan.between(oldest - TimeDelta::milliseconds(1), later)
        .collect()
}

/// The documents of all orders, by time.
async fn documents(store: &SqliteStore) -> Vec<String> {
    let window = UtcWindow {
        from: DateTime::UNIX_EPOCH,
        to: now() + TimeDelta::days(1000),
    };
    lines(store.documents(window).await.expect("a stream")).await
}

#[tokio::test]
async fn an_empty_store_gets_exactly_the_planned_orders() {
    let (store, _folder) = store().await;
    let mut told = Vec::new();
    let plan = Plan::new(42, 2500, 35).expect("a plan");
    let generated = generate(store.as_ref(), plan, &FixedClock(now()), |orders| {
        told.push(orders);
    })
    .await
    .expect("synthetic orders");
    assert_eq!(generated.orders, 2500);
    assert_eq!(told, [1000, 2000, 2500]);
    assert_eq!(store.count().await.expect("a count"), 2500);
    let (from, to) = generated.span.expect("orders");
    assert_eq!(store.oldest().await.expect("an order"), Some(from));
    assert!((30..40).contains(&(to - from).num_days()));
    assert!(to <= now() && now() - to < TimeDelta::hours(3));
    assert!(store.is_demonstration().await.expect("an answer"));
}

#[tokio::test]
async fn generating_again_tops_up_without_duplicates() {
    let (in_steps, _folder) = store().await;
    let plan = Plan::default();
    let later = now() + TimeDelta::days(40);
    fill(&in_steps, plan, now()).await;
    let nothing = fill(&in_steps, plan, now()).await;
    assert_eq!((nothing.orders, nothing.span), (0, None));
    let mut written = 500;
    for days in [1, 2, 3, 40] {
        written += fill(&in_steps, plan, now() + TimeDelta::days(days))
            .await
            .orders;
    }
    assert_eq!(in_steps.count().await.expect("a count"), written);

    let (at_once, _folder) = store().await;
    let expected = as_of(plan, later);
    at_once.upsert(expected).await.expect("a write");
    assert_eq!(documents(&in_steps).await, documents(&at_once).await);
}

#[tokio::test]
async fn a_story_ends_when_orders_are_generated_again() {
    let (store, _folder) = store().await;
    let story = |story, now| {
        let store = store.clone();
        async move {
            let (plan, clock) = (Plan::DEMONSTRATION, FixedClock(now));
            generate_story(store.as_ref(), plan, story, &clock, |_| {}).await
        }
    };
    let down = story(Story::CheckoutDown, now()).await.expect("orders");
    let (_, newest) = down.span.expect("orders");
    assert!(newest <= now() - TimeDelta::minutes(40));
    // Again, and another one.
    let again = story(Story::CheckoutDown, now()).await.expect("orders");
    assert_eq!(again, down);
    story(Story::ReturnsSpike, now()).await.expect("orders");
    assert_eq!(store.count().await.expect("a count"), 20_000);

    fill(&store, Plan::DEMONSTRATION, now() + TimeDelta::minutes(1)).await;
    let error = story(Story::CheckoutDown, now() + TimeDelta::minutes(2)).await;
    assert!(matches!(error, Err(GenerateError::OrdersSince { .. })));
    store.adopt().await.expect("an answer");
    let error = story(Story::ReturnsSpike, now()).await;
    assert!(matches!(error, Err(GenerateError::NotDemonstration { .. })));
}

#[tokio::test]
async fn a_store_with_fewer_orders_is_filled() {
    let (store, _folder) = store().await;
    let plan = Plan::default();
    let some = plan.initial(now()).skip(100).take(50).collect();
    store.upsert(some).await.expect("a write");
    assert_eq!(fill(&store, plan, now()).await.orders, 500);
    assert_eq!(store.count().await.expect("a count"), 500);
}

#[tokio::test]
async fn another_plan_gets_all_its_orders() {
    let (store, _folder) = store().await;
    fill(&store, Plan::default(), now()).await;
    let larger = Plan::new(42, 3000, 35).expect("a plan");
    assert_eq!(fill(&store, larger, now()).await.orders, 3000);
    assert_eq!(store.count().await.expect("a count"), 3500);
}

#[tokio::test]
async fn a_store_with_real_orders_is_refused() {
    let (store, _folder) = store().await;
    store.adopt().await.expect("an answer");
    let error = generate(store.as_ref(), Plan::default(), &FixedClock(now()), |_| {})
        .await
        .expect_err("a refusal");
    assert!(matches!(error, GenerateError::NotDemonstration { .. }));
    assert_eq!(store.count().await.expect("a count"), 0);
}

#[tokio::test]
async fn orders_arrive_when_they_are_due() {
    let (store, _folder) = store().await;
    let plan = Plan::default();
    fill(&store, plan, now()).await;
    let clock = Arc::new(SetClock(Mutex::new(now() + TimeDelta::hours(1))));
    let mut arrivals = Arrivals::new(store.clone(), plan, clock.clone());
    for hours in [1, 1, 2, 30, 29, 31] {
        clock.set(now() + TimeDelta::hours(hours));
        arrivals.write_due().await.expect("orders");
    }
    let expected: Vec<String> = as_of(plan, now() + TimeDelta::hours(31))
        .into_iter()
        .map(|order| order.document)
        .collect();
    assert!(expected.len() > 505);
    assert_eq!(documents(&store).await, expected);
}

#[tokio::test]
async fn nothing_arrives_in_an_adopted_store() {
    let (store, _folder) = store().await;
    store.adopt().await.expect("an answer");
    let later = Arc::new(FixedClock(now() + TimeDelta::days(1)));
    arrive(
        store.clone(),
        Plan::default(),
        later,
        CancellationToken::new(),
    )
    .await;
    assert_eq!(store.count().await.expect("a count"), 0);
}

#[tokio::test]
async fn arrivals_end_when_the_store_is_adopted() {
    let (store, _folder) = store().await;
    let plan = Plan::default();
    fill(&store, plan, now()).await;
    let clock = Arc::new(SetClock(Mutex::new(now())));
    let mut arrivals = Arrivals::new(store.clone(), plan, clock.clone());
    arrivals.write_due().await.expect("orders");
    store.adopt().await.expect("an answer");
    let adopted = store.count().await.expect("a count");
    clock.set(now() + TimeDelta::days(1));
    let error = arrivals.write_due().await.expect_err("a refusal");
    assert!(matches!(error, GenerateError::NotDemonstration { .. }));
    assert_eq!(store.count().await.expect("a count"), adopted);
}

#[tokio::test]
async fn arrivals_end_when_they_are_cancelled() {
    let (store, _folder) = store().await;
    let cancel = CancellationToken::new();
    let task = tokio::spawn(arrive(
        store,
        Plan::default(),
        Arc::new(FixedClock(now())),
        cancel.clone(),
    ));
    cancel.cancel();
    task.await.expect("an end");
}
