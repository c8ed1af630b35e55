//! What runs in the browser besides the islands.

pub mod ages;
pub mod archive;
pub mod checks;
pub mod copy;
pub mod in_use;
pub mod keys;
pub mod live;
pub mod post;
pub mod stream;
pub mod verify;

use std::cell::Cell;

use leptos::prelude::document;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, NodeList};

thread_local! {
    static HYDRATED: Cell<u32> = const { Cell::new(0) };
    static BUSY: Cell<u32> = const { Cell::new(0) };
}

/// Each island calls this once it works. After the last one the document is marked `data-hydrated`,
/// for the style sheet and the browser tests.
pub fn island_hydrated() {
    let hydrated = HYDRATED.get() + 1;
    HYDRATED.set(hydrated);
    if hydrated
        == document()
            .get_elements_by_tag_name("leptos-island")
            .length()
    {
        set_on_root("data-hydrated", true);
    }
}

/// Marks the document `data-refreshing` while new values are being loaded. Each `true` needs its
/// `false`; the last one removes the mark.
pub fn busy(busy: bool) {
    let loading = if busy {
        BUSY.get() + 1
    } else {
        BUSY.get().saturating_sub(1)
    };
    BUSY.set(loading);
    set_on_root("data-refreshing", loading > 0);
}

/// Announces `text` to screen readers, through the status line of the archive's card.
fn announce(text: &str) {
    if let Some(status) = document().get_element_by_id("said") {
        // Emptied first, so that the same sentence is announced again.
        status.set_text_content(None);
        status.set_text_content(Some(text));
    }
}

/// The elements in `found`, none where the query failed.
pub fn elements(found: Result<NodeList, JsValue>) -> Vec<Element> {
    let Ok(list) = found else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.item(index)?.dyn_into().ok())
        .collect()
}

fn set_on_root(attribute: &str, present: bool) {
    if let Some(root) = document().document_element() {
        _ = root.toggle_attribute_with_force(attribute, present);
    }
}
