//! The keyboard shortcuts.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// A key and the button that it presses.
const KEYS: [(&str, &str); 2] = [("r", "refresh"), ("l", "live")];

/// `r` presses Refresh, `l` pauses.
pub fn start() {
    _ = window_event_listener(leptos::ev::keydown, |event| {
        let pressed = event.key();
        let key = KEYS
            .iter()
            .find(|(key, _)| pressed.eq_ignore_ascii_case(key));
        if let Some((_, button)) = key
            && is_bare(&event)
            && let Some(button) = document().get_element_by_id(button)
        {
            button.unchecked_into::<HtmlElement>().click();
        }
    });
}

/// Whether the key was pressed without modifiers, outside of input fields.
fn is_bare(event: &KeyboardEvent) -> bool {
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| {
            element.is_content_editable()
                || matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
        });
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
    !typing && !modified && !event.repeat()
}
