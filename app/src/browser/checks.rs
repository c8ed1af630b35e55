//! Reading archives back, and what that has shown: it stays on the page while its elements are
//! replaced.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlInputElement};

use super::live::{Part, elements, reload};
use crate::api::ArchiveVerify;
use crate::model::Checked;

/// What is shown beside a run.
#[derive(Clone)]
struct Shown {
    class: String,
    text: String,
}

thread_local! {
    static SHOWN: RefCell<BTreeMap<String, Shown>> = const { RefCell::new(BTreeMap::new()) };
}

const READING: &str = "Reading it back…";

/// The forms marked `data-verify` are answered in their place.
pub fn start() {
    // What a form has found that was posted before there were scripts.
    for element in elements(document().query_selector_all("[data-checked]")) {
        let text = element.text_content().unwrap_or_default();
        if let (Some(run_id), false) = (element.get_attribute("data-checked"), text.is_empty()) {
            let class = element.class_name();
            SHOWN.with_borrow_mut(|shown| shown.insert(run_id, Shown { class, text }));
        }
    }
    _ = window_event_listener(leptos::ev::submit, |event| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .filter(|form| form.has_attribute("data-verify"));
        if let Some(run_id) = form.and_then(|form| run_id(&form)) {
            event.prevent_default();
            // A second press waits for the first one's answer.
            if !is_reading(&run_id) {
                spawn_local(verify(run_id));
            }
        }
    });
}

/// Shows on `page` what has been found so far.
pub fn show(page: &Document) {
    SHOWN.with_borrow(|shown| {
        for element in elements(page.query_selector_all("[data-checked]")) {
            let run_id = element.get_attribute("data-checked");
            if let Some(shown) = run_id.and_then(|run_id| shown.get(&run_id)) {
                element.set_class_name(&shown.class);
                element.set_text_content(Some(&shown.text));
            }
        }
    });
}

async fn verify(run_id: String) {
    found(&run_id, "checked", READING.to_owned());
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
    super::say(&text);
    found(&run_id, class, text);
    // Whether the month counts as archived may depend on it. Loading the document again would lose
    // what has just been said.
    _ = reload(Part::ArchiveInPlace).await;
}

fn found(run_id: &str, class: &str, text: String) {
    let class = class.to_owned();
    SHOWN.with_borrow_mut(|shown| shown.insert(run_id.to_owned(), Shown { class, text }));
    show(&document());
}

fn is_reading(run_id: &str) -> bool {
    SHOWN.with_borrow(|shown| shown.get(run_id).is_some_and(|shown| shown.text == READING))
}

fn run_id(form: &Element) -> Option<String> {
    let field = form.query_selector("[name=run_id]").ok()??;
    Some(field.dyn_into::<HtmlInputElement>().ok()?.value())
}
