//! The buttons that copy a figure.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

/// A button marked `data-copy` copies that value. If there is no clipboard (without HTTPS) or the
/// browser refuses it, the figure is selected, so that the keyboard can copy it.
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
    if write_to_clipboard(attribute("data-copy")).await {
        super::announce(&format!("{name} copied"));
        for other in super::elements(document().query_selector_all("[data-copied]")) {
            _ = other.remove_attribute("data-copied");
        }
        _ = button.set_attribute("data-copied", "");
    } else {
        select(&button);
        super::announce(&format!(
            "{name} could not be copied; it is selected instead"
        ));
    }
}

/// Returns whether it worked.
async fn write_to_clipboard(value: String) -> bool {
    let clipboard = window().navigator().clipboard();
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(&value)).await.is_ok()
}

/// Selects the figure before the button.
fn select(button: &Element) {
    if let (Some(figure), Ok(Some(selection))) =
        (button.previous_element_sibling(), window().get_selection())
    {
        _ = selection.select_all_children(&figure);
    }
}
