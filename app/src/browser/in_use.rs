//! What somebody is using just now: it must not change under their hands.

use std::cell::RefCell;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Node};

thread_local! {
    /// Where a pointer is down.
    static HELD: RefCell<Option<Node>> = const { RefCell::new(None) };
}

/// Follows the pointer.
pub fn start() {
    _ = window_event_listener(leptos::ev::pointerdown, |event| {
        let target = event.target().and_then(|target| target.dyn_into().ok());
        HELD.set(target);
    });
    _ = window_event_listener(leptos::ev::pointerup, |_| HELD.set(None));
    _ = window_event_listener(leptos::ev::pointercancel, |_| HELD.set(None));
}

/// Whether text in `element` is selected or a pointer is down in it.
pub fn is_used(element: &Element) -> bool {
    let held = HELD.with_borrow(|held| element.contains(held.as_ref()));
    held || has_selection(element)
}

fn has_selection(element: &Element) -> bool {
    let Ok(Some(selection)) = window().get_selection() else {
        return false;
    };
    !selection.is_collapsed()
        && selection
            .contains_node_with_allow_partial_containment(element, true)
            .unwrap_or(false)
}
