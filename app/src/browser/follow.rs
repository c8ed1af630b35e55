//! Follows an archive run to its end.

use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::prelude::document;

use super::live::{Part, reload};

const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Reloads the archive panel until no run is under way, then returns a sentence about how the newest
/// run ended. `None` if the server stopped answering: the panel keeps what it shows, and pressing
/// Archive again joins the run.
pub async fn follow_archive() -> Option<String> {
    loop {
        reload(Part::Archive).await.ok()?;
        if !is_running() {
            return outcome();
        }
        sleep(POLL_INTERVAL).await;
    }
}

/// Does the same if the panel shows a run under way; otherwise nothing.
pub async fn follow_running_archive() -> Option<String> {
    if !is_running() {
        return None;
    }
    sleep(POLL_INTERVAL).await;
    follow_archive().await
}

fn is_running() -> bool {
    matches!(document().query_selector("[data-running]"), Ok(Some(_)))
}

fn outcome() -> Option<String> {
    document()
        .query_selector("[data-outcome]")
        .ok()??
        .get_attribute("data-outcome")
}
