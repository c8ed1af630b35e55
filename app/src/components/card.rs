//! A panel's frame: title, body, and a foot that says what the numbers are.

use leptos::prelude::*;

use super::foot::Foot;
use super::{Clock, Table, Time};
use crate::answers::Answer;
use crate::api::ApiError;
use crate::base::href;
use crate::model::{Panel, Snapshot, Source, Timestamp};
use crate::page::Rendering;

/// One card around one metric. It shows the answer, or why there is none yet, or none at all.
#[component]
pub fn Card<T, B>(
    /// Unique on the page.
    id: &'static str,
    /// Which metric it shows.
    panel: Panel,
    title: &'static str,
    /// The grid's class: how wide the card is.
    class: &'static str,
    /// The window in words.
    subtitle: fn(&Snapshot<T>) -> String,
    /// What the foot says where the metric has no window.
    #[prop(optional)]
    without_window: &'static str,
    /// Which orders count.
    counts: &'static str,
    answer: Answer<Snapshot<T>>,
    body: B,
    table: fn(&T) -> Table,
) -> impl IntoView
where
    T: 'static,
    B: FnOnce(&Snapshot<T>) -> AnyView,
{
    let heading = format!("{id}-heading");
    let (state, computing, subtitle, content) = match answer {
        Ok(snapshot) => {
            let state = match (snapshot.source, snapshot.computing_since) {
                (Source::StaleCache, None) => "stale",
                _ => "",
            };
            let computing = snapshot.computing_since.is_some();
            let content = view! {
                <div class="body">{body(&snapshot)}</div>
                <Foot origin=(&snapshot).into() panel title without_window counts table=table(&snapshot.data) />
            };
            (state, computing, subtitle(&snapshot), content.into_any())
        }
        Err(error) => {
            let (state, content) = match error.since {
                Some(since) => {
                    let window = match without_window {
                        "" => "00 Jan 00:00 – 00 Jan 00:00",
                        all => all,
                    };
                    ("computing", view! { <Computing since window /> }.into_any())
                }
                None => ("error", view! { <Unavailable error /> }.into_any()),
            };
            (state, state == "computing", String::new(), content)
        }
    };
    view! {
        // The browser loads the cards again as long as one has this mark.
        <section class=format!("card {class} {state}") id=id data-live=""
            data-computing=computing.then_some("") aria-labelledby=heading.clone()>
            <header><h2 id=heading.clone()>{title} " " <span class="sub">{subtitle}</span></h2></header>
            {content}
        </section>
    }
}

/// A card's content while its first answer is being computed. The card is already as large as with
/// it: the style sheet knows the bodies, and the foot is that of an answer, but not to be seen.
#[component]
fn Computing(
    since: Timestamp,
    /// A text as long as the window's.
    window: &'static str,
) -> impl IntoView {
    let today = expect_context::<Rendering>().at.day();
    view! {
        <div class="body">
            <p class="big" aria-hidden="true">"…"</p>
            <p class="delta">
                "computing since " <Time at=since text=since.relative_to(today) /> " · " <Clock since />
            </p>
        </div>
        <footer aria-hidden="true">
            <span>{window}</span>
            <span class="csv">"Table"</span>
        </footer>
    }
}

/// A card's content where there is no answer.
#[component]
pub fn Unavailable(error: ApiError) -> impl IntoView {
    let tried_at = expect_context::<Rendering>().at;
    view! {
        <div class="body">
            <strong>"Not available"</strong>
            <p>{error.message} ". The other panels are not affected."</p>
            // A plain reload without JavaScript; with it only the cards are loaded again.
            <form class="row" method="get" action=href("/") data-reload="">
                <button>"Try again"</button>
            </form>
        </div>
        <footer><span>"last tried " <Time at=tried_at text=tried_at.time_of_day() /></span></footer>
    }
}
