//! The buttons that copy a figure.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

/// A button marked `data-copy` copies that value. Where the clipboard is refused, or there is none
/// (a page that did not come over HTTPS), the figure is marked for the keyboard's own copying.
pub fn start() {
    _ = window_event_listener(leptos::ev::click, |event| {
        let button = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("[data-copy]").ok()?);
        if let Some(button) = button {
            spawn_local(copy(button));
        }
    });
}

async fn copy(button: Element) {
    let attribute = |name| button.get_attribute(name).unwrap_or_default();
    let name = attribute("data-name");
    if is_copied(attribute("data-copy")).await {
        super::say(&format!("{name} copied"));
        for other in super::elements(document().query_selector_all("[data-copied]")) {
            _ = other.remove_attribute("data-copied");
        }
        _ = button.set_attribute("data-copied", "");
    } else {
        mark(&button);
        super::say(&format!(
            "{name} could not be copied; it is selected instead"
        ));
    }
}

async fn is_copied(value: String) -> bool {
    let clipboard = window().navigator().clipboard();
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(&value)).await.is_ok()
}

/// Selects the figure before the button.
fn mark(button: &Element) {
    if let (Some(figure), Ok(Some(selection))) =
        (button.previous_element_sibling(), window().get_selection())
    {
        _ = selection.select_all_children(&figure);
    }
}
