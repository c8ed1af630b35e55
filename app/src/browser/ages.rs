//! Ages and clocks that keep counting: "18 s ago", "5 s".

use std::cell::Cell;
use std::time::Duration;

use js_sys::Date;
use leptos::prelude::*;
use web_sys::{Document, Element};

use super::elements;
use crate::model::number::{ago, elapsed};

/// The server's clock when the page was rendered, and this browser's two clocks when it arrived, in
/// milliseconds. Ages count from here, so they are right even if the browser's clock is wrong.
#[derive(Copy, Clone, Default)]
struct Rendered {
    server: i64,
    /// Cannot be changed, but may stop while the computer sleeps.
    since_start: i64,
    /// Does not stop during sleep.
    wall: i64,
}

thread_local! {
    static RENDERED: Cell<Rendered> = const { Cell::new(Rendered { server: 0, since_start: 0, wall: 0 }) };
}

/// Reads the server's clock from a page that it has just rendered.
pub fn set_clock(page: &Document) {
    let server = page
        .get_element_by_id("main")
        .and_then(|main| main.get_attribute("data-now"))
        .and_then(|now| now.parse().ok());
    if let Some(server) = server {
        RENDERED.set(Rendered {
            server,
            since_start: since_start(),
            wall: wall(),
        });
    }
}

/// Updates the ages every second. The first rendering is as old as this document.
pub fn start() {
    set_clock(&document());
    let rendered = RENDERED.get();
    RENDERED.set(Rendered {
        since_start: 0,
        wall: rendered.wall - rendered.since_start,
        ..rendered
    });
    set_interval(|| show(&document()), Duration::from_secs(1));
}

/// How many milliseconds ago the numbers were rendered, including sleep.
pub fn of_page() -> i64 {
    let rendered = RENDERED.get();
    (since_start() - rendered.since_start).max(wall() - rendered.wall)
}

/// Updates every age and clock on `page`.
pub fn show(page: &Document) {
    let now = RENDERED.get().server + of_page();
    for element in elements(page.query_selector_all(".age[data-at]")) {
        let at: Option<i64> = element
            .get_attribute("data-at")
            .and_then(|at| at.parse().ok());
        if let Some(at) = at {
            show_age(&element, now - at);
        }
    }
}

fn show_age(element: &Element, milliseconds: i64) {
    let seconds = milliseconds / 1_000;
    let text = if element.has_attribute("data-clock") {
        elapsed(seconds)
    } else {
        ago(seconds)
    };
    // Writing an equal text would still count as a change of the document.
    if element.text_content().as_deref() != Some(&text) {
        element.set_text_content(Some(&text));
    }
}

fn since_start() -> i64 {
    window().performance().map_or(0, |clock| clock.now() as i64)
}

fn wall() -> i64 {
    Date::now() as i64
}
