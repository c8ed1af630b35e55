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
    for_all_ends(|| HELD.set(None));
}

fn for_all_ends(end: fn()) {
    _ = window_event_listener(leptos::ev::pointerup, move |_| end());
    _ = window_event_listener(leptos::ev::pointercancel, move |_| end());
}

/// Whether text in `element` is selected, a pointer is down in it, or one of its menus may be open.
pub fn is_used(element: &Element) -> bool {
    let held = HELD.with_borrow(|held| element.contains(held.as_ref()));
    held || has_selection(element) || has_menu(element)
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

fn has_menu(element: &Element) -> bool {
    document()
        .active_element()
        .is_some_and(|active| active.tag_name() == "SELECT" && element.contains(Some(&active)))
}
