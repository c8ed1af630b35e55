use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::live::{self, Part};

const MINUTE: Duration = Duration::from_secs(60);

/// The choice to reload the numbers every minute.
#[component]
pub fn AutoReload() -> impl IntoView {
    let every_minute = RwSignal::new(false);
    Effect::new(move || {
        let reload = || {
            spawn_local(async {
                // After a failure the cards keep their values with their age.
                _ = live::reload(Part::All).await;
            });
        };
        if every_minute.get()
            && let Ok(timer) = set_interval_with_handle(reload, MINUTE)
        {
            on_cleanup(move || timer.clear());
        }
    });
    view! {
        <label class="js-only hide-s">
            "Auto "
            <select on:change=move |event| every_minute.set(event_target_value(&event) == "60")>
                <option value="0">"off"</option>
                <option value="60">"1 min"</option>
            </select>
        </label>
    }
}
