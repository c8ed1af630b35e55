//! The results of verifying archives. They stay when elements of the page are replaced.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::document;
use web_sys::Document;

use super::elements;

/// What is shown beside a run.
#[derive(Clone)]
struct Shown {
    class: String,
    text: String,
}

thread_local! {
    static SHOWN: RefCell<BTreeMap<String, Shown>> = const { RefCell::new(BTreeMap::new()) };
}

/// Keeps the results that the server has rendered: those of forms posted before there were scripts.
pub fn start() {
    for element in elements(document().query_selector_all("[data-checked]")) {
        let text = element.text_content().unwrap_or_default();
        if let (Some(run_id), false) = (element.get_attribute("data-checked"), text.is_empty()) {
            let class = element.class_name();
            SHOWN.with_borrow_mut(|shown| shown.insert(run_id, Shown { class, text }));
        }
    }
}

/// Keeps `text` for a run and shows it.
pub fn set(run_id: &str, class: &str, text: String) {
    let class = class.to_owned();
    SHOWN.with_borrow_mut(|shown| shown.insert(run_id.to_owned(), Shown { class, text }));
    show(&document());
}

/// Whether `text` is shown for a run.
pub fn shows(run_id: &str, text: &str) -> bool {
    SHOWN.with_borrow(|shown| shown.get(run_id).is_some_and(|shown| shown.text == text))
}

/// Shows all results on `page`.
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
