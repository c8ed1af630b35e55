//! The Verify buttons: the answer appears beside the run, without a new page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::live::{Part, reload};
use super::{checks, post};
use crate::model::Checked;

const READING: &str = "Reading it back…";

/// Handles the forms marked `data-verify`.
pub fn start() {
    _ = window_event_listener(leptos::ev::submit, |event| {
        if let Some(form) = post::form_of(&event)
            && form.has_attribute("data-verify")
            && let Some(run_id) = run_id(&form)
        {
            event.prevent_default();
            // A second press joins the first.
            if !checks::shows(&run_id, READING) {
                spawn_local(verify(form, run_id));
            }
        }
    });
}

async fn verify(form: HtmlFormElement, run_id: String) {
    checks::set(&run_id, "checked", READING.to_owned());
    let (class, text) = match post::post::<Checked>(&form).await {
        Ok(checked) => (checked.class(), checked.sentence()),
        Err(error) => (
            "checked problem",
            format!("Not verified: {}", error.message),
        ),
    };
    super::announce(&text);
    checks::set(&run_id, class, text);
    // The result may decide whether the month counts as archived.
    _ = reload(Part::Archive).await;
}

fn run_id(form: &HtmlFormElement) -> Option<String> {
    let field = form.query_selector("[name=run_id]").ok()??;
    Some(field.dyn_into::<HtmlInputElement>().ok()?.value())
}
