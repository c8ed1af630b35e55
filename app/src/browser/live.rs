//! Renewing the numbers: the server renders the page again, and every element marked `data-live`
//! is replaced by its new rendering. There is one rendering of each panel, the server's.

use std::cell::Cell;

use gloo_net::http::Request;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Document, DomParser, Element, HtmlElement, SupportedType};

use super::ages;

/// What can have the focus inside a card.
const FOCUSABLE: &str = "summary, a, button, select";

thread_local! {
    static NEWEST: Cell<u32> = const { Cell::new(0) };
}

/// Renews every live element. What the user has opened stays open, and the focus stays where it
/// is. Of several at once only the last one asked for is shown. An error is a sentence for people.
pub async fn reload() -> Result<(), String> {
    let turn = NEWEST.get() + 1;
    NEWEST.set(turn);
    let html = fetch().await.ok_or_else(|| {
        "The dashboard's server does not answer; the values are those shown before".to_owned()
    })?;
    let parser = DomParser::new().map_err(|_| "This browser cannot read the page".to_owned())?;
    let page = parser.parse_from_string(&html, SupportedType::TextHtml);
    if let Ok(page) = page
        && turn == NEWEST.get()
    {
        ages::set_clock(&page);
        for old in elements(&document(), "[data-live]") {
            if let Some(new) = page.get_element_by_id(&old.id()) {
                replace(&old, &new);
            }
        }
        ages::show();
    }
    Ok(())
}

/// "Try again" loads the cards, not the whole document.
pub fn start() {
    _ = window_event_listener(leptos::ev::submit, |event| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if form.is_some_and(|form| form.has_attribute("data-reload")) {
            event.prevent_default();
            spawn_local(async {
                super::busy(true);
                _ = reload().await;
                super::busy(false);
            });
        }
    });
}

/// The elements of `page` that match `selector`, as they are now.
pub fn elements(page: &Document, selector: &str) -> Vec<Element> {
    let Ok(list) = page.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.item(index)?.dyn_into().ok())
        .collect()
}

async fn fetch() -> Option<String> {
    let response = Request::get("/")
        .header("accept", "text/html")
        .send()
        .await
        .ok()?;
    if response.ok() {
        response.text().await.ok()
    } else {
        None
    }
}

/// Puts `new` in the place of `old`, with the same details open and the same element in focus.
fn replace(old: &Element, new: &Element) {
    let open = within(old, "details")
        .into_iter()
        .map(|details| details.has_attribute("open"));
    for (details, open) in within(new, "details").into_iter().zip(open) {
        _ = details.toggle_attribute_with_force("open", open);
    }
    let active = document().active_element();
    let focused = within(old, FOCUSABLE)
        .iter()
        .position(|element| Some(element) == active.as_ref());
    if old.replace_with_with_node_1(new).is_ok()
        && let Some(element) =
            focused.and_then(|index| within(new, FOCUSABLE).into_iter().nth(index))
    {
        _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

fn within(element: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = element.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.item(index)?.dyn_into().ok())
        .collect()
}
