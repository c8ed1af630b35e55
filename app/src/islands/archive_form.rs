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
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(start) = ArchiveStart::from_event(&event) else {
            return;
        };
        spawn_local(async move {
            problem.set(start.run_on_client().await.err().map(|error| error.message));
            browser::follow::follow_archive().await;
        });
    };
    Effect::new(|| {
        browser::island_is_alive();
        // A run that another tab has started, or that was under way when this page was loaded.
        spawn_local(browser::follow::follow_running_archive());
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
    }
}
