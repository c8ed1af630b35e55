//! Following an archive run to its end.

use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::prelude::document;

use super::live;

const PAUSE: Duration = Duration::from_millis(500);

/// Shows how the archive stands now, and how it goes on while a run is under way.
pub async fn follow_archive() {
    // Without an answer the panel keeps what it shows; pressing Archive again joins the run.
    if live::reload().await.is_ok() {
        follow_running_archive().await;
    }
}

/// The same, but nothing is asked of the server unless a run is shown as under way.
pub async fn follow_running_archive() {
    while matches!(document().query_selector("[data-running]"), Ok(Some(_))) {
        sleep(PAUSE).await;
        if live::reload().await.is_err() {
            return;
        }
    }
}
