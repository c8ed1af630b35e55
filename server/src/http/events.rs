//! Server-sent events: the page has changed. They tell a state and no story: who misses one is told
//! by the next.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use app::model::Timestamp;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::future::ready;
use futures::{StreamExt, stream};
use tokio::sync::watch;

use super::{Problem, Web};
use crate::clock::Clock;

/// When a browser that has lost its stream comes back, in milliseconds: not all at once.
const RETRY_MS: std::ops::RangeInclusive<u64> = 2_000..=6_000;
/// Proxies close connections that are silent for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// When somebody else may have stopped listening.
const BUSY_RETRY_SECONDS: &str = "30";
/// Where nginx would hold the events back.
const UNBUFFERED: (&str, &str) = ("x-accel-buffering", "no");

/// The version of the page at once, and then every other one.
pub async fn events(State(web): State<Arc<Web>>) -> Response {
    let Some(listener) = web.live.listen().await else {
        let message = "too many pages are open: this one renews itself once a minute";
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, message);
        return ([(header::RETRY_AFTER, BUSY_RETRY_SECONDS)], problem).into_response();
    };
    let clock = web.clock.clone();
    let versions = stream::unfold((listener, true), move |(mut listener, first)| {
        let clock = clock.clone();
        async move {
            if !first {
                listener.changed().await.ok()?;
            }
            let version = listener.borrow_and_update().clone();
            Some((page(&version, clock.as_ref()), (listener, false)))
        }
    });
    let lags = stream::unfold(first_too(web.live.as_of()), |mut as_of| async move {
        as_of.changed().await.ok()?;
        let at = *as_of.borrow_and_update();
        Some((at, as_of))
    });
    let lags = lags.filter_map(|as_of| ready(as_of.map(lag)));
    let retry = Event::default().retry(Duration::from_millis(fastrand::u64(RETRY_MS)));
    let events = stream::iter([retry])
        .chain(stream::select(versions, lags))
        .map(Ok::<_, Infallible>)
        .take_until(web.stopping.clone().cancelled_owned());
    let headers = [
        UNBUFFERED,
        (header::CACHE_CONTROL.as_str(), "no-cache, no-transform"),
    ];
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    (headers, Sse::new(events).keep_alive(keep_alive)).into_response()
}

/// With the value that is there, not only with later ones.
fn first_too<T>(mut receiver: watch::Receiver<T>) -> watch::Receiver<T> {
    receiver.mark_changed();
    receiver
}

/// When the orders were last as in their source, in milliseconds. It moves all the time, and changes
/// one text on the page.
fn lag(as_of: Timestamp) -> Event {
    let as_of = as_of.milliseconds().to_string();
    Event::default().event("lag").data(as_of)
}

/// The data are the server's time in milliseconds: ages count from it, whatever the browser's clock
/// says.
fn page(version: &str, clock: &dyn Clock) -> Event {
    let now = clock.now().timestamp_millis().to_string();
    Event::default().event("page").id(version).data(now)
}
