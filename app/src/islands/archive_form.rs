use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use crate::base::href;
use crate::browser::{self, follow, post};
use crate::model::Month;

/// What the form needs to know of the run that was started or joined.
#[derive(Deserialize)]
struct Started {
    month: Month,
}

/// Which month to archive, and the button that does it; then it follows the run to its end.
#[island]
pub fn ArchiveForm(
    /// Newest first; the first is the running month.
    months: Vec<Month>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let said = RwSignal::new(None::<String>);
    let select = NodeRef::<leptos::html::Select>::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        let Some(form) = post::form_of(&event) else {
            return;
        };
        event.prevent_default();
        let wanted = select.get_untracked().map(|select| select.value());
        spawn_local(async move {
            said.set(None);
            let started = post::post::<Started>(&form).await;
            if let Ok(Started { month }) = &started
                && wanted.is_some_and(|wanted| wanted != month.to_string())
            {
                said.set(Some(format!("{} is already being archived", month.name())));
            }
            let failed = started.is_err();
            problem.set(started.err().map(|error| error.message));
            let ended = follow::follow_archive().await;
            if !failed && ended.is_some() {
                said.set(ended);
            }
        });
    };
    Effect::new(move || {
        browser::island_hydrated();
        // A run that another tab has started, or that was under way when this page was loaded.
        spawn_local(async move {
            if let Some(ended) = follow::follow_running_archive().await {
                said.set(Some(ended));
            }
        });
    });
    let options = months.into_iter().enumerate().map(|(index, month)| {
        let so_far = if index == 0 { " (so far)" } else { "" };
        view! { <option value=month.to_string()>{format!("{}{so_far}", month.name())}</option> }
    });
    view! {
        <form method="post" action=href("/api/archive_start") on:submit=submit>
            <div class="row">
                <label>"Month " <select name="month" node_ref=select>{options.collect_view()}</select></label>
                <button>"Archive"</button>
            </div>
        </form>
        <p class="problem" role="alert">{move || problem.get()}</p>
        <p class="guard" role="status">{move || said.get()}</p>
    }
}
