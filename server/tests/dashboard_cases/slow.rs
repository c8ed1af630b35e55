//! A query that takes long is not waited for, and its answer is shown when it is there.

use std::sync::Arc;
use std::time::Duration;

use app::api::{ApiError, ErrorKind};
use app::model::{ActiveOrders, Filter, Panel, Snapshot, Source};
use app::ports::{Dashboard, Read};
use chrono::TimeDelta;
use server::dashboard::CachedDashboard;
use tokio::time::{advance, pause, resume};

use super::seen::seen;
use crate::support::draft::Draft;
use crate::support::lesson;
use crate::support::stage::Stage;

/// Longer than a reader waits.
const LONG: Duration = Duration::from_secs(3);
/// Longer than a query may take.
const TOO_LONG: Duration = Duration::from_secs(31);
const QUERY: &str = "active";

type Answer = Result<Snapshot<ActiveOrders>, ApiError>;

async fn active(dashboard: &CachedDashboard) -> Answer {
    let all = Filter::default();
    dashboard.active_orders(&all, Read::Cached).await
}

/// The first answer is still being computed; gives what was said then, and releases the query.
async fn while_the_first_is_computed(stage: &Stage) -> Answer {
    let held = stage.store.hold(QUERY);
    let dashboard = Arc::clone(&stage.dashboard);
    let answer = tokio::spawn(async move { active(&dashboard).await });
    held.arrived.await.expect("a query");
    // Nothing sleeps: the timers are told that their time has come.
    pause();
    advance(LONG).await;
    let answer = answer.await.expect("an end");
    resume();
    // Those who come later are not held up once more, and begin nothing.
    let again = active(&stage.dashboard).await;
    assert_eq!(again, answer);
    assert_eq!(stage.store.calls(QUERY), 1);
    held.release.send(()).expect("somebody who waits");
    answer
}

/// Waits until nothing is being computed.
async fn computed(dashboard: &CachedDashboard) -> Snapshot<ActiveOrders> {
    loop {
        match active(dashboard).await {
            Ok(answer) if answer.computing_since.is_none() => return answer,
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind, ErrorKind::Computing),
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_first_answer_says_since_when_it_is_being_computed() {
    let stage = Stage::open("Europe/Berlin", lesson::NOW, lesson::orders()).await;
    let error = while_the_first_is_computed(&stage).await;
    let error = error.expect_err("no answer yet");
    assert_eq!(error.kind, ErrorKind::Computing);
    assert_eq!(error.message, "being computed since 11:37:21");
    let since = error.since.expect("a time").to_string();
    assert_eq!(since, "2026-11-22T11:37:21.000+01:00");
    assert_eq!(computed(&stage.dashboard).await.data.pending, 29);
    assert_eq!(stage.store.calls(QUERY), 1);
}

#[tokio::test]
async fn an_older_answer_is_shown_while_a_refresh_computes() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    let seen = seen(&stage).await;
    let order = Draft::at("NEW_1", "2026-11-22T10:00:00Z").status("pending");
    stage.add(vec![order.order()]).await;
    stage.clock.advance(TimeDelta::seconds(30));
    let held = stage.store.hold(QUERY);
    let dashboard = Arc::clone(&stage.dashboard);
    let report = tokio::spawn(async move { dashboard.refresh(Some(seen)).await });
    held.arrived.await.expect("a query");
    // The other panels are quick: only this one is left.
    while stage
        .dashboard
        .watermark(Read::Cached)
        .await
        .expect("one")
        .figures
        .orders
        == 435
    {
        tokio::task::yield_now().await;
    }
    pause();
    advance(LONG).await;
    let report = report.await.expect("an end").expect("a report");
    resume();
    assert_eq!(report.computing, [Panel::ActiveOrders]);
    assert_eq!(report.failed, []);
    assert!(
        report
            .sentence()
            .ends_with(" panels is still being computed"),
        "{}",
        report.sentence()
    );
    let older = active(&stage.dashboard).await.expect("an older answer");
    assert_eq!((older.data.pending, older.source), (29, Source::StaleCache));
    let because = older.stale_because.expect("a reason");
    assert_eq!(because, "being computed since 10:37:51");
    let since = older.computing_since.expect("a time").to_string();
    assert_eq!(since, "2026-11-22T10:37:51.000+00:00");
    held.release.send(()).expect("somebody who waits");
    let newer = computed(&stage.dashboard).await;
    assert_eq!((newer.data.pending, newer.source), (30, Source::Cache));
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_given_up_and_the_next_reader_is_told() {
    let stage = Stage::open("UTC", lesson::NOW, lesson::orders()).await;
    let held = stage.store.hold(QUERY);
    let dashboard = Arc::clone(&stage.dashboard);
    let answer = tokio::spawn(async move { active(&dashboard).await });
    held.arrived.await.expect("a query");
    pause();
    advance(LONG).await;
    answer.await.expect("an end").expect_err("no answer yet");
    advance(TOO_LONG).await;
    resume();
    let error = loop {
        let error = active(&stage.dashboard).await.expect_err("no answer");
        if error.kind != ErrorKind::Computing {
            break error;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert_eq!(
        error.message,
        "SQLite does not answer in time, and nothing is cached"
    );
    assert_eq!(stage.store.calls(QUERY), 1, "it has not begun again");
    assert_eq!(computed(&stage.dashboard).await.data.pending, 29);
}
