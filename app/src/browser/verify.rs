//! The Verify buttons: the answer appears beside the run, without a new page.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::checks;
use super::live::{Part, reload};
use crate::api::ArchiveVerify;
use crate::model::Checked;

const READING: &str = "Reading it back…";

/// Handles the forms marked `data-verify`.
pub fn start() {
    _ = window_event_listener(leptos::ev::submit, |event| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .filter(|form| form.has_attribute("data-verify"));
        if let Some(run_id) = form.and_then(|form| run_id(&form)) {
            event.prevent_default();
            // A second press joins the first.
            if !checks::shows(&run_id, READING) {
                spawn_local(verify(run_id));
            }
        }
    });
}

async fn verify(run_id: String) {
    checks::set(&run_id, "checked", READING.to_owned());
    let verify = ArchiveVerify {
        run_id: run_id.clone(),
    };
    let (class, text) = match verify.run_on_client().await {
        Ok(report) => {
            let checked = Checked::from(report);
            (checked.class(), checked.sentence())
        }
        Err(error) => (
            "checked problem",
            format!("Not verified: {}", error.message),
        ),
    };
    super::announce(&text);
    checks::set(&run_id, class, text);
    // The result may decide whether the month counts as archived. Loading the whole document would
    // lose what has just been announced.
    _ = reload(Part::ArchiveInPlace).await;
}

fn run_id(form: &Element) -> Option<String> {
    let field = form.query_selector("[name=run_id]").ok()??;
    Some(field.dyn_into::<HtmlInputElement>().ok()?.value())
}
