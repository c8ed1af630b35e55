//! Ages that count on: "18 s ago".

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;
use web_sys::{Document, Element};

use super::live::elements;
use crate::model::number::ago;

/// The server's clock when a page was rendered, and this browser's when it came, both in
/// milliseconds. Ages are counted by this pair: a browser whose clock is wrong still shows right ones.
#[derive(Copy, Clone, Default)]
struct Rendered {
    server: i64,
    browser: i64,
}

thread_local! {
    static RENDERED: Cell<Rendered> = const { Cell::new(Rendered { server: 0, browser: 0 }) };
}

/// Takes over the server's clock from a page that it has just rendered.
pub fn set_clock(page: &Document) {
    let server = page
        .get_element_by_id("main")
        .and_then(|main| main.get_attribute("data-now"))
        .and_then(|now| now.parse().ok());
    if let Some(server) = server {
        RENDERED.set(Rendered {
            server,
            browser: since_start(),
        });
    }
}

/// Counts on, every second. The first rendering is as old as this document.
pub fn start() {
    set_clock(&document());
    RENDERED.set(Rendered {
        browser: 0,
        ..RENDERED.get()
    });
    set_interval(show, Duration::from_secs(1));
}

/// Shows every age as it is now.
pub fn show() {
    let rendered = RENDERED.get();
    let now = rendered.server + since_start() - rendered.browser;
    for element in elements(&document(), ".age[data-at]") {
        let at: Option<i64> = element
            .get_attribute("data-at")
            .and_then(|at| at.parse().ok());
        if let Some(at) = at {
            show_age(&element, now - at);
        }
    }
}

fn show_age(element: &Element, milliseconds: i64) {
    let text = ago(milliseconds / 1_000);
    // An equal text is not written again: that would be a change to whoever watches the document.
    if element.text_content().as_deref() != Some(&text) {
        element.set_text_content(Some(&text));
    }
}

fn since_start() -> i64 {
    window().performance().map_or(0, |clock| clock.now() as i64)
}
