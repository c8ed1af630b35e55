//! What the page does in the browser beside its islands.

pub mod ages;
pub mod checks;
pub mod copy;
pub mod follow;
pub mod keys;
pub mod live;
pub mod verify;

use std::cell::Cell;

use leptos::prelude::document;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, NodeList};

thread_local! {
    static ALIVE: Cell<u32> = const { Cell::new(0) };
    static BUSY: Cell<u32> = const { Cell::new(0) };
}

/// Called by each island once it is alive; after the last one the document says so, for the style
/// sheet and the browser tests.
pub fn island_is_alive() {
    let alive = ALIVE.get() + 1;
    ALIVE.set(alive);
    if alive
        == document()
            .get_elements_by_tag_name("leptos-island")
            .length()
    {
        set_on_root("data-hydrated", true);
    }
}

/// Shows that new values are on their way; the old ones stay until they are there. Each `true`
/// needs its `false`: of several on their way, the last one's arrival ends it.
pub fn busy(busy: bool) {
    let on_their_way = if busy {
        BUSY.get() + 1
    } else {
        BUSY.get().saturating_sub(1)
    };
    BUSY.set(on_their_way);
    set_on_root("data-refreshing", on_their_way > 0);
}

/// Says it to those who do not see what has changed on the page: once, in the archive's card.
fn say(text: &str) {
    if let Some(said) = document().get_element_by_id("said") {
        // Emptied first, so that the same sentence is announced again.
        said.set_text_content(None);
        said.set_text_content(Some(text));
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
