//! Renewing the numbers: the server renders the page again, and every element marked `data-live`
//! is replaced by its new rendering where that differs. There is one rendering of each panel, the
//! server's.

use std::cell::Cell;
use std::time::Duration;

use gloo_net::http::Request;
use gloo_timers::future::sleep;
use js_sys::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Document, DomParser, Element, HtmlElement, SupportedType};

use super::{ages, checks, elements, in_use};
use crate::base::href;

/// What can have the focus inside a card.
const FOCUSABLE: &str = "summary, a, button, select";
const CARDS: &str = "[data-live]:not([id^=archive], #notice)";
/// The notices say which months are not archived.
const ARCHIVE: &str = "[data-live]:is([id^=archive], #notice)";
/// What the page shows in short, on its main part.
const VERSION: &str = "data-version";
/// What is not there yet.
const COMPUTING: &str = "[data-computing]";
/// The pause between two looks for it.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Which part of the page is renewed.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum Part {
    All,
    Archive,
}

thread_local! {
    static ASKED: Cell<u32> = const { Cell::new(0) };
    static CARDS_SHOWN: Cell<u32> = const { Cell::new(0) };
    static ARCHIVE_SHOWN: Cell<u32> = const { Cell::new(0) };
    static POLLING: Cell<bool> = const { Cell::new(false) };
}

/// Renews the live elements of `part`. What the user has opened stays open, and the focus stays
/// where it is. After success the page shows this rendering or one asked for later: an answer that
/// was overtaken is dropped. Returns whether all of the part is shown, and not only what nobody is using
/// just now. An error is a sentence for people.
pub async fn reload(part: Part) -> Result<bool, String> {
    let turn = ASKED.get() + 1;
    ASKED.set(turn);
    let html = fetch().await.ok_or_else(|| {
        "The dashboard's server does not answer; the values are those shown before".to_owned()
    })?;
    let page = DomParser::new()
        .and_then(|parser| parser.parse_from_string(&html, SupportedType::TextHtml))
        .map_err(|_| "This browser cannot read the page".to_owned())?;
    let mut all = true;
    if turn > ARCHIVE_SHOWN.replace(turn.max(ARCHIVE_SHOWN.get())) {
        all &= show(ARCHIVE, &page);
    }
    if part == Part::All && turn > CARDS_SHOWN.replace(turn.max(CARDS_SHOWN.get())) {
        all &= show(CARDS, &page);
        if all {
            set_version(&page);
        }
    }
    if is_computing() && !POLLING.replace(true) {
        spawn_local(poll());
    }
    Ok(all)
}

/// Waits until the page shows nothing any more that is still being computed.
pub async fn computed() {
    while is_computing() {
        sleep(POLL_INTERVAL).await;
    }
}

/// Renews the numbers until none is being computed.
async fn poll() {
    while is_computing() {
        sleep(POLL_INTERVAL).await;
        // Without an answer the cards keep their values, and the next one may come.
        _ = reload(Part::All).await;
    }
    POLLING.set(false);
}

fn is_computing() -> bool {
    matches!(document().query_selector(COMPUTING), Ok(Some(_)))
}

/// Shows what was not there yet when the page was rendered, as soon as it is. "Try again" loads the
/// cards, not the whole document.
pub fn start() {
    if is_computing() && !POLLING.replace(true) {
        spawn_local(poll());
    }
    _ = window_event_listener(leptos::ev::submit, |event| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if form.is_some_and(|form| form.has_attribute("data-reload")) {
            event.prevent_default();
            spawn_local(async {
                super::busy(true);
                _ = reload(Part::All).await;
                super::busy(false);
            });
        }
    });
}

async fn fetch() -> Option<String> {
    // With what the address chooses.
    let search = window().location().search().unwrap_or_default();
    let response = Request::get(&href(&format!("/{search}")))
        .header("accept", "text/html")
        .send()
        .await
        .ok()?;
    // To the second: the stream tells it better.
    let now = response
        .headers()
        .get("date")
        .map(|date| Date::parse(&date));
    if let Some(now) = now.filter(|now| now.is_finite()) {
        ages::set_clock_once(now as i64);
    }
    if response.ok() {
        response.text().await.ok()
    } else {
        None
    }
}

/// Shows the elements of `page` that match `selector`. Where the page is made of other elements
/// than this document, after an update of the server, the document is loaded again. Whether all of
/// it is shown: what somebody is using stays as it is.
fn show(selector: &str, page: &Document) -> bool {
    let old = elements(document().query_selector_all(selector));
    let new = elements(page.query_selector_all(selector));
    if old.iter().map(Element::id).ne(new.iter().map(Element::id)) {
        _ = window().location().reload();
        return false;
    }
    // Ages count on by themselves: they are no difference.
    ages::show(&document());
    ages::show(page);
    // What was found here is no part of the server's rendering.
    checks::show(page);
    let mut all = true;
    for (old, new) in old.iter().zip(&new) {
        all &= replace(old, new);
    }
    all
}

/// The version that the page shows.
pub fn version() -> String {
    let main = document().get_element_by_id("main");
    main.and_then(|main| main.get_attribute(VERSION))
        .unwrap_or_default()
}

fn set_version(page: &Document) {
    if let (Some(old), Some(new)) = (
        document().get_element_by_id("main"),
        page.get_element_by_id("main"),
    ) {
        _ = old.set_attribute(VERSION, &new.get_attribute(VERSION).unwrap_or_default());
    }
}

/// Puts `new` in the place of `old`, with the same details open and the same element in focus.
/// Whether `old` shows the same now; not while somebody is using it.
fn replace(old: &Element, new: &Element) -> bool {
    let all = |page: &Element, selector| elements(page.query_selector_all(selector));
    let (before, after) = (all(old, "summary"), all(new, "summary"));
    for open in all(old, "[open] > summary") {
        let summary = like(&open, &before, &after);
        if let Some(details) = summary.and_then(|summary| summary.parent_element()) {
            _ = details.set_attribute("open", "");
        }
    }
    if old.is_equal_node(Some(new)) {
        return true;
    }
    if in_use::is_used(old) {
        return false;
    }
    let active = document().active_element();
    let focused = active.filter(|active| old.contains(Some(active)));
    let before = all(old, FOCUSABLE);
    if old.replace_with_with_node_1(new).is_ok()
        && let Some(focused) = focused
        && let Some(element) = like(&focused, &before, &all(new, FOCUSABLE))
    {
        _ = element.unchecked_ref::<HtmlElement>().focus();
    }
    true
}

/// The one of `after` that `element` of `before` has become. Its words say what it is for, as in
/// "Archive October 2026", and then its place may be another; else it is the one in its place.
fn like<'a>(element: &Element, before: &[Element], after: &'a [Element]) -> Option<&'a Element> {
    let words = element.text_content();
    let same = after.iter().find(|other| other.text_content() == words);
    same.or_else(|| {
        let place = before.iter().position(|other| other == element)?;
        after.get(place).filter(|_| before.len() == after.len())
    })
}
