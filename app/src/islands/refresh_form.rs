use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::base::href;
use crate::browser::{self, live::Part, post};
use crate::model::RefreshReport;

/// The Refresh button, and what the last refresh did. `children` are the fields that say what is
/// on the page; without JavaScript the form posts them as it stands.
#[island]
pub fn RefreshForm(
    /// What the refresh did that led to this rendering, if one did.
    refreshed: String,
    children: Children,
) -> impl IntoView {
    let outcome = RwSignal::new(refreshed);
    let submit = move |event: leptos::ev::SubmitEvent| {
        let Some(form) = post::form_of(&event) else {
            return;
        };
        event.prevent_default();
        spawn_local(async move {
            browser::busy(true);
            // Emptied without a word, so that the same sentence is announced again.
            outcome.set(String::new());
            let (said, is_whole) = match post::post::<RefreshReport>(&form).await {
                Ok(report) => (report.sentence(), report.computing.is_empty()),
                Err(error) => (format!("Not refreshed: {}", error.message), true),
            };
            let reloaded = browser::live::reload(Part::All).await;
            browser::busy(false);
            let said = reloaded.map_or_else(|error| error, |_| said);
            outcome.set(said.clone());
            if !is_whole {
                browser::live::computed().await;
                // Unless another refresh has said something since.
                if outcome.get_untracked() == said {
                    outcome.set("Refreshed".to_owned());
                }
            }
        });
    };
    Effect::new(browser::island_hydrated);
    view! {
        <span role="status" class="outcome">{move || outcome.get()}</span>
        <form method="post" action=href("/api/refresh") on:submit=submit>
            {children()}
            // Never disabled while it works: it would lose the focus, and a second press does no harm.
            <button id="refresh" aria-keyshortcuts="r">"Refresh"</button>
        </form>
    }
}
