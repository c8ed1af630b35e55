//! The keyboard shortcut of Refresh.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// `r` presses Refresh.
pub fn start() {
    _ = window_event_listener(leptos::ev::keydown, |event| {
        if is_refresh(&event)
            && let Some(button) = document().get_element_by_id("refresh")
        {
            button.unchecked_into::<HtmlElement>().click();
        }
    });
}

/// Whether the event is the key R without modifiers, outside of input fields.
fn is_refresh(event: &KeyboardEvent) -> bool {
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| {
            element.is_content_editable()
                || matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
        });
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
    let bare = !typing && !modified && !event.repeat();
    bare && event.key().eq_ignore_ascii_case("r")
}
