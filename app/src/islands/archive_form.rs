use leptos::form::FromFormData;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;

use crate::api::ArchiveStart;
use crate::browser;
use crate::model::Month;

/// Which month to archive, and the button that does it; then it follows the run to its end.
#[island]
pub fn ArchiveForm(
    /// Newest first; the first is the running month.
    months: Vec<Month>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let said = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        // What cannot be read here, the server reads as the plain form that it is.
        let Ok(start) = ArchiveStart::from_event(&event) else {
            return;
        };
        event.prevent_default();
        let wanted = start.month.clone();
        spawn_local(async move {
            said.set(None);
            let started = start.run_on_client().await;
            match &started {
                Ok(run) if wanted.is_some_and(|wanted| wanted != run.month.to_string()) => {
                    said.set(Some(format!(
                        "{} is already being archived",
                        run.month.name()
                    )));
                }
                _ => (),
            }
            let failed = started.is_err();
            problem.set(started.err().map(|error| error.message));
            let ended = browser::follow::follow_archive().await;
            if !failed && ended.is_some() {
                said.set(ended);
            }
        });
    };
    Effect::new(move || {
        browser::island_hydrated();
        // A run that another tab has started, or that was under way when this page was loaded.
        spawn_local(async move {
            if let Some(ended) = browser::follow::follow_running_archive().await {
                said.set(Some(ended));
            }
        });
    });
    let options = months.into_iter().enumerate().map(|(index, month)| {
        let so_far = if index == 0 { " (so far)" } else { "" };
        view! { <option value=month.to_string()>{format!("{}{so_far}", month.name())}</option> }
    });
    view! {
        <form method="post" action="/api/archive_start" on:submit=submit>
            <div class="row">
                <label>"Month " <select name="month">{options.collect_view()}</select></label>
                <button>"Archive"</button>
            </div>
        </form>
        <p class="problem" role="alert">{move || problem.get()}</p>
        <p class="guard" role="status">{move || said.get()}</p>
    }
}
