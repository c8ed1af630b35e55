//! A panel's frame: title, body, and a foot that says what the numbers are.

use leptos::prelude::*;

use super::{DataTable, Freshness, Table, Time};
use crate::answers::Answer;
use crate::api::ApiError;
use crate::model::{Panel, Snapshot, Source};
use crate::page::Rendering;

/// One card around one metric. It shows the answer, or, inside the card alone, why there is none.
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
    /// What stands at the foot where the metric has no window.
    #[prop(optional)]
    without_window: &'static str,
    answer: Answer<Snapshot<T>>,
    body: B,
    table: fn(&T) -> Table,
) -> impl IntoView
where
    T: 'static,
    B: FnOnce(&Snapshot<T>) -> AnyView,
{
    let heading = format!("{id}-heading");
    let (state, subtitle, content) = match answer {
        Ok(snapshot) => {
            let stale = snapshot.source == Source::StaleCache;
            let content = view! {
                <div class="body">{body(&snapshot)}</div>
                <footer>
                    <Freshness window=snapshot.window computed_at=snapshot.computed_at
                        took_ms=snapshot.took_ms source=snapshot.source
                        stale_because=snapshot.stale_because.clone() without_window />
                    <Numbers panel title table=table(&snapshot.data) />
                </footer>
            };
            let state = if stale { "stale" } else { "" };
            (state, subtitle(&snapshot), content.into_any())
        }
        Err(error) => (
            "error",
            String::new(),
            view! { <Unavailable error /> }.into_any(),
        ),
    };
    view! {
        <section class=format!("card {class} {state}") id=id data-live="" aria-labelledby=heading.clone()>
            <header><h2 id=heading.clone()>{title} " " <span class="sub">{subtitle}</span></h2></header>
            {content}
        </section>
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
            <form class="row" method="get" action="/" data-reload="">
                <button>"Try again"</button>
            </form>
        </div>
        <footer><span>"last tried " <Time at=tried_at text=tried_at.time_of_day() /></span></footer>
    }
}

/// The numbers behind a card, as a table and as a file.
#[component]
fn Numbers(panel: Panel, title: &'static str, table: Table) -> impl IntoView {
    view! {
        <div class="tools">
            <details class="table">
                <summary>"Table" <span class="visually-hidden">{format!(" of {title}")}</span></summary>
                <DataTable table caption=title />
            </details>
            <a class="csv" href=format!("/panels/{}.csv", panel.endpoint()) download="">
                "CSV" <span class="visually-hidden">{format!(" of {title}")}</span>
            </a>
        </div>
    }
}
