//! Following an archive run to its end.

use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::prelude::document;

use super::live::{Part, reload};

const PAUSE: Duration = Duration::from_millis(500);

/// Shows how the archive stands now, and how it goes on while a run is under way; then says in a
/// sentence how the newest run ended. `None` where the server stopped answering: the panel keeps
/// what it shows, and pressing Archive again joins the run.
pub async fn follow_archive() -> Option<String> {
    loop {
        reload(Part::Archive).await.ok()?;
        if !is_running() {
            return outcome();
        }
        sleep(PAUSE).await;
    }
}

/// The same, but nothing is asked of the server, nor said, unless a run is shown as under way.
pub async fn follow_running_archive() -> Option<String> {
    if !is_running() {
        return None;
    }
    sleep(PAUSE).await;
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
