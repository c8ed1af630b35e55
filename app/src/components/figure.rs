//! One figure of the band.

use leptos::prelude::*;

use super::{Clock, Origin, Time, Unavailable, Why};
use crate::answers::Answer;
use crate::model::{Snapshot, Source};
use crate::page::Rendering;

/// A title with the figure and its yardstick, or why there is none, or none yet.
#[component]
pub fn Figure<T, B>(
    /// Unique on the page.
    id: &'static str,
    title: &'static str,
    /// The window in words.
    #[prop(optional)]
    subtitle: &'static str,
    answer: Answer<Snapshot<T>>,
    body: B,
) -> impl IntoView
where
    T: 'static,
    B: FnOnce(&Snapshot<T>) -> AnyView,
{
    let heading = format!("{id}-heading");
    let (state, computing, content) = match answer {
        Ok(answer) => {
            let origin = Origin::from(&answer);
            let computing = origin.computing_since.is_some();
            let state = match origin.source {
                Source::StaleCache if !computing => "stale",
                _ => "",
            };
            let content = view! { {body(&answer)} <Why origin /> };
            (state, computing, content.into_any())
        }
        Err(error) => match error.since {
            Some(since) => {
                let today = expect_context::<Rendering>().at.day();
                let content = view! {
                    <p class="big" aria-hidden="true">"…"</p>
                    <p class="delta">
                        "computing since " <Time at=since text=since.relative_to(today) /> " · " <Clock since />
                    </p>
                };
                ("computing", true, content.into_any())
            }
            None => ("error", false, view! { <Unavailable error /> }.into_any()),
        },
    };
    view! {
        <section class=format!("figure {state}") id=id data-live="" data-computing=computing.then_some("")
            aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{title} " " <span class="quiet">{subtitle}</span></h2>
            {content}
        </section>
    }
}
