//! The stream that says when the page has changed. Only a page that is seen holds one: browsers
//! allow six connections to a server.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use gloo_timers::future::sleep;
use js_sys::{Date, Math};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

use super::live::{Part, reload, version};
use super::{ages, archive};
use crate::base::href;

/// How long a page that is not seen keeps its stream.
const HIDDEN_FOR: Duration = Duration::from_secs(30);
const MINUTE: Duration = Duration::from_secs(60);
/// A stream that tells nothing for longer is lost: a version comes once a minute at least.
const SILENT_FOR_MS: f64 = 90_000.0;
/// The longest pause before a page renews itself: not all at once.
const SPREAD_MS: f64 = 1_000.0;
/// The shortest pause before what did not work is tried again, and what may be added to it.
const AGAIN: Duration = Duration::from_secs(2);
const AGAIN_MS: f64 = 2_000.0;

/// What the switch shows.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum State {
    Live,
    /// There is no stream now.
    Reconnecting,
    Paused,
}

thread_local! {
    static STATE: Cell<Option<RwSignal<State>>> = const { Cell::new(None) };
    static STREAM: RefCell<Option<Stream>> = const { RefCell::new(None) };
    /// The version that the stream has told of, or the page that came for it.
    static WANTED: RefCell<String> = const { RefCell::new(String::new()) };
    static RENEWING: Cell<bool> = const { Cell::new(false) };
    /// When the stream last told of a version, in milliseconds of the browser's clock.
    static TOLD_AT: Cell<f64> = const { Cell::new(0.0) };
}

/// An open stream with what listens to it.
struct Stream {
    source: EventSource,
    _listeners: [Closure<dyn FnMut(Event)>; 3],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Keeps the page new from now on, unless `state` is paused.
pub fn start(state: RwSignal<State>) {
    STATE.set(Some(state));
    _ = window_event_listener(leptos::ev::visibilitychange, |_| seen());
    spawn_local(renew_by_the_minute());
    resume();
}

/// Opens the stream, unless the page is paused, hidden, or has one.
pub fn resume() {
    if is_paused() || document().hidden() || STREAM.with_borrow(Option::is_some) {
        return;
    }
    let Ok(source) = EventSource::new(&href("/events")) else {
        return;
    };
    let page = Closure::new(|event: Event| {
        if let Ok(event) = event.dyn_into::<MessageEvent>() {
            show(State::Live);
            TOLD_AT.set(Date::now());
            if let Some(now) = event.data().as_string().and_then(|now| now.parse().ok()) {
                ages::set_clock(now);
            }
            WANTED.set(event.last_event_id());
            renew();
        }
    });
    let lag = Closure::new(|event: Event| {
        let event = event.dyn_into::<MessageEvent>().ok();
        let as_of = event.and_then(|event| event.data().as_string()?.parse().ok());
        if let Some(as_of) = as_of {
            ages::set_as_of(as_of);
        }
    });
    let failed = Closure::new(|_: Event| {
        show(State::Reconnecting);
        ages::forget_as_of();
        // A browser tries again by itself, but gives up for good where the server refuses.
        if is(EventSource::CLOSED) {
            again();
        }
    });
    for (name, listener) in [("page", &page), ("lag", &lag), ("error", &failed)] {
        let listener = listener.as_ref().unchecked_ref();
        _ = source.add_event_listener_with_callback(name, listener);
    }
    STREAM.set(Some(Stream {
        source,
        _listeners: [page, lag, failed],
    }));
}

/// Ends the stream.
pub fn stop() {
    STREAM.take();
    ages::forget_as_of();
}

fn again() {
    spawn_local(async {
        sleep(random(AGAIN_MS) + AGAIN).await;
        if is(EventSource::CLOSED) {
            stop();
            resume();
        }
    });
}

/// Whether there is a stream in this state.
fn is(state: u16) -> bool {
    STREAM.with_borrow(|stream| {
        let stream = stream.as_ref();
        stream.is_some_and(|stream| stream.source.ready_state() == state)
    })
}

/// A page that hears nothing renews itself once a minute, and asks for another stream: a proxy may
/// let none through, and a connection may be lost without a word.
async fn renew_by_the_minute() {
    loop {
        sleep(MINUTE).await;
        let hears = is(EventSource::OPEN) && Date::now() - TOLD_AT.get() < SILENT_FOR_MS;
        if !hears && !is_paused() && !document().hidden() {
            show(State::Reconnecting);
            stop();
            resume();
            _ = reload(Part::All).await;
        }
    }
}

/// Loads the page until it shows what the stream has told of; never twice at once.
fn renew() {
    if RENEWING.replace(true) {
        return;
    }
    spawn_local(async {
        while is_outdated() {
            sleep(random(SPREAD_MS)).await;
            if !is_outdated() {
                break;
            }
            let told = wanted();
            // Where several servers share the work, another one may have answered, who knows more
            // or less. Its page will do, or the two would be asked in turn for ever.
            if reload(Part::All).await == Ok(true) && wanted() == told {
                WANTED.set(version());
            }
            // Another page may have started one.
            archive::resume();
            // There was no answer, or somebody is using what would change.
            if is_outdated() {
                sleep(random(AGAIN_MS) + AGAIN).await;
            }
        }
        RENEWING.set(false);
    });
}

/// Whether the stream has told of something else than the page shows.
fn is_outdated() -> bool {
    STREAM.with_borrow(Option::is_some) && wanted() != version()
}

fn wanted() -> String {
    WANTED.with_borrow(Clone::clone)
}

/// A page that is hidden soon ends its stream; one that is seen again has the newest numbers.
fn seen() {
    if !document().hidden() {
        resume();
        return;
    }
    spawn_local(async {
        sleep(HIDDEN_FOR).await;
        if document().hidden() {
            stop();
        }
    });
}

fn show(shown: State) {
    if let Some(state) = STATE.get()
        && state.get_untracked() != shown
    {
        state.set(shown);
    }
}

/// Whether the page is to stay as it is.
fn is_paused() -> bool {
    STATE
        .get()
        .is_some_and(|state| state.get_untracked() == State::Paused)
}

fn random(most_ms: f64) -> Duration {
    Duration::from_millis((Math::random() * most_ms) as u64)
}
