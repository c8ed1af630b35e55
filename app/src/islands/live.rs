use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use crate::browser;
use crate::browser::stream::{self, State};

/// Where the browser remembers that the page is paused, and since when.
const PAUSED: &str = "paused";

/// The switch that pauses a page that renews itself.
#[island]
pub fn Live() -> impl IntoView {
    let state = RwSignal::new(State::Live);
    let since = RwSignal::new(String::new());
    let press = move |_| {
        let paused = state.get_untracked() != State::Paused;
        remember(paused.then(now));
        since.set(remembered().unwrap_or_else(now));
        state.set(if paused { State::Paused } else { State::Live });
        if paused {
            stream::stop();
        } else {
            stream::resume();
        }
    };
    Effect::new(move || {
        if let Some(at) = remembered() {
            since.set(at);
            state.set(State::Paused);
        }
        stream::start(state);
        browser::island_hydrated();
    });
    let pressed = move || {
        if state.get() == State::Paused {
            "false"
        } else {
            "true"
        }
    };
    let word = move || match state.get() {
        State::Live => String::new(),
        State::Reconnecting => "reconnecting".to_owned(),
        State::Paused => format!("paused {}", since.get()),
    };
    view! {
        <button id="live" type="button" class="live js-only" class:again=move || state.get() == State::Reconnecting
            aria-pressed=pressed aria-keyshortcuts="l" on:click=press>"Live"</button>
        <span class="small quiet">{word}</span>
    }
}

/// "10:42", on this browser's clock.
fn now() -> String {
    let time = js_sys::Date::new_0();
    format!("{:02}:{:02}", time.get_hours(), time.get_minutes())
}

fn storage() -> Result<Option<web_sys::Storage>, JsValue> {
    window().local_storage()
}

fn remembered() -> Option<String> {
    storage().ok()??.get_item(PAUSED).ok()?
}

fn remember(since: Option<String>) {
    // A browser may keep nothing; then the page is live again when it is loaded.
    if let Ok(Some(storage)) = storage() {
        _ = match since {
            Some(since) => storage.set_item(PAUSED, &since),
            None => storage.remove_item(PAUSED),
        };
    }
}
