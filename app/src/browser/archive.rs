//! The Archive buttons, and following a run to its end.

use std::cell::Cell;
use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use serde::Deserialize;
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::live::{Part, reload};
use super::post;
use crate::model::Month;

const POLL_INTERVAL: Duration = Duration::from_millis(500);

thread_local! {
    static FOLLOWING: Cell<bool> = const { Cell::new(false) };
}

/// What we need to know of the run that was started or joined.
#[derive(Deserialize)]
struct Started {
    month: Month,
}

/// Handles the forms marked `data-archive`, and follows a run that was under way when this page was
/// loaded.
pub fn start() {
    _ = window_event_listener(leptos::ev::submit, |event| {
        if let Some(form) = post::form_of(&event)
            && form.has_attribute("data-archive")
        {
            event.prevent_default();
            spawn_local(archive(form));
        }
    });
    resume();
}

/// Follows a run that is under way, if this page does not do so already.
pub fn resume() {
    if is_running() {
        spawn_local(follow());
    }
}

async fn archive(form: HtmlFormElement) {
    say("");
    let wanted = month(&form);
    match post::post::<Started>(&form).await {
        Ok(Started { month }) => {
            if wanted.is_some_and(|wanted| wanted != month.to_string()) {
                say(&format!("{} is already being archived", month.name()));
            }
            follow().await;
        }
        Err(error) => say(&error.message),
    }
}

fn month(form: &HtmlFormElement) -> Option<String> {
    let field = form.query_selector("[name=month]").ok()??;
    Some(field.dyn_into::<HtmlInputElement>().ok()?.value())
}

/// Reloads the archive until no run is under way, and says how the newest one ended. If the server
/// stops answering, the panel keeps what it shows; pressing Archive again joins the run.
async fn follow() {
    if FOLLOWING.replace(true) {
        return;
    }
    let ended = loop {
        if reload(Part::Archive).await.is_err() {
            break None;
        }
        if !is_running() {
            break outcome();
        }
        sleep(POLL_INTERVAL).await;
    };
    FOLLOWING.set(false);
    if let Some(ended) = ended {
        say(&ended);
    }
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

/// Says it below the months, and to screen readers.
fn say(text: &str) {
    if let Some(status) = document().get_element_by_id("archive-said") {
        status.set_text_content(Some(text));
    }
}
