//! Ages and clocks that keep counting: "18 s ago", "5 s".

use std::cell::Cell;
use std::time::Duration;

use js_sys::Date;
use leptos::prelude::*;
use web_sys::{Document, Element};

use super::elements;
use crate::model::number::{ago, elapsed};

/// The server's clock and this browser's two clocks at one moment, in milliseconds. Ages count from
/// here, so they are right even if the browser's clock is wrong.
#[derive(Copy, Clone)]
struct Known {
    server: i64,
    /// Cannot be changed, but may stop while the computer sleeps.
    since_start: i64,
    /// Does not stop during sleep.
    wall: i64,
}

thread_local! {
    static KNOWN: Cell<Option<Known>> = const { Cell::new(None) };
    /// When the orders were last as in their source.
    static AS_OF: Cell<Option<i64>> = const { Cell::new(None) };
}

/// Takes note of the server's clock, which it has just told.
pub fn set_clock(server: i64) {
    KNOWN.set(Some(Known {
        server,
        since_start: since_start(),
        wall: wall(),
    }));
}

/// The same, if it has not told it before.
pub fn set_clock_once(server: i64) {
    if KNOWN.get().is_none() {
        set_clock(server);
    }
}

/// Takes note of when the orders were last as in their source.
pub fn set_as_of(as_of: i64) {
    AS_OF.set(Some(as_of));
    show(&document());
}

/// Nobody tells it any more: the page shows what it was rendered with, once it is loaded again.
pub fn forget_as_of() {
    AS_OF.set(None);
}

/// Updates the ages every second.
pub fn start() {
    set_interval(|| show(&document()), Duration::from_secs(1));
}

/// Updates every age and clock on `page`. Until the server has told its time, the page shows times.
pub fn show(page: &Document) {
    let Some(known) = KNOWN.get() else { return };
    let passed = (since_start() - known.since_start).max(wall() - known.wall);
    if let (Some(as_of), Some(age)) = (AS_OF.get(), page.get_element_by_id("source-age")) {
        let behind = (known.server + passed - as_of) / 1_000;
        write(&age, &format!("{} behind", elapsed(behind)));
    }
    for element in elements(page.query_selector_all("time.age")) {
        let at = element.get_attribute("datetime").unwrap_or_default();
        let at = Date::parse(&at);
        if at.is_finite() {
            show_age(&element, known.server + passed - at as i64);
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
    write(element, &text);
}

/// Writing an equal text would still count as a change of the document.
fn write(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

fn since_start() -> i64 {
    window().performance().map_or(0, |clock| clock.now() as i64)
}

fn wall() -> i64 {
    Date::now() as i64
}
