//! The stores in the page's header: one word, and more on demand.

use leptos::prelude::*;

use super::Age;
use super::icon::{Icon, Sign};
use crate::model::number::duration;
use crate::model::{Drift, SourceRole, SourceState, Trouble};
use crate::page::Rendering;

/// How many of the stores are up; opened, each of them, and how far the orders are from those of
/// their source, where we know it.
#[component]
pub fn Sources(sources: Vec<SourceState>, drift: Option<Drift>) -> impl IntoView {
    let now = expect_context::<Rendering>().at;
    let drift = drift.map(|drift| {
        let apart = format!(
            "PostgreSQL and these orders: {}, compared ",
            drift.apart(now)
        );
        view! { <p>{apart} <Age at=drift.compared_at /></p> }
    });
    let (sign, class, words) = summary(&sources);
    let row = |source: SourceState| {
        let (sign, class, words) = state(&source);
        let why = source
            .error
            .clone()
            .map(|error| view! { <span class="quiet">" " {error}</span> });
        view! {
            <tr>
                <th scope="row">{source.name.clone()}</th>
                <td>{holds(source.role)}</td>
                <td><span class=class><Icon sign /> " " {words}</span> {why}</td>
                <td class="num">{source.latency_ms.map_or("–".to_owned(), duration)}</td>
            </tr>
        }
    };
    view! {
        <div id="sources" class="stores" data-live="">
            <details>
                <summary><span class=class><Icon sign /></span> " " {words}</summary>
                <div class="pop">
                    <table>
                        <caption class="visually-hidden">"Stores"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Store"</th>
                                <th scope="col">"Holds"</th>
                                <th scope="col">"State"</th>
                                <th scope="col" class="num">"Answers in"</th>
                            </tr>
                        </thead>
                        <tbody>{sources.into_iter().map(row).collect_view()}</tbody>
                    </table>
                    {drift}
                </div>
            </details>
        </div>
    }
}

fn summary(sources: &[SourceState]) -> (Sign, &'static str, String) {
    let all = sources.len();
    let down = sources.iter().filter(|source| !source.is_up()).count();
    let slow = sources.iter().filter(|source| is_slow(source)).count();
    match (all, down, slow) {
        (0, ..) => (Sign::Down, "dn", "stores not known".to_owned()),
        (_, 0, 0) => (Sign::Good, "ok", format!("{all} stores up")),
        (_, 0, _) => (
            Sign::Warning,
            "warn",
            format!("{slow} of {all} stores slow"),
        ),
        _ => (Sign::Down, "dn", format!("{down} of {all} stores down")),
    }
}

fn state(source: &SourceState) -> (Sign, &'static str, &'static str) {
    match source {
        source if !source.is_up() => (Sign::Down, "dn", "down"),
        source if is_slow(source) => (Sign::Warning, "warn", "slow to answer"),
        _ => (Sign::Good, "ok", "up"),
    }
}

fn is_slow(source: &SourceState) -> bool {
    source.trouble == Some(Trouble::Slow)
}

fn holds(role: SourceRole) -> &'static str {
    match role {
        SourceRole::Orders => "orders",
        SourceRole::Cache => "cached answers",
        SourceRole::Archive => "archive",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(trouble: Option<Trouble>) -> SourceState {
        SourceState {
            role: SourceRole::Orders,
            name: "MongoDB".to_owned(),
            latency_ms: None,
            error: trouble
                .filter(|trouble| *trouble != Trouble::Slow)
                .map(|_| "timed out".to_owned()),
            trouble,
        }
    }

    #[test]
    fn one_word_says_how_the_stores_are() {
        let words = |troubles: &[Option<Trouble>]| {
            let sources: Vec<_> = troubles.iter().copied().map(source).collect();
            summary(&sources).2
        };
        let (slow, away) = (Some(Trouble::Slow), Some(Trouble::Away));
        assert_eq!(words(&[None, None, None]), "3 stores up");
        assert_eq!(words(&[slow, None, None]), "1 of 3 stores slow");
        assert_eq!(
            words(&[slow, away, Some(Trouble::Refused)]),
            "2 of 3 stores down"
        );
        assert_eq!(words(&[]), "stores not known");
    }

    #[test]
    fn a_store_that_is_down_says_why() {
        let html = Owner::new().with(|| {
            let sources = vec![source(Some(Trouble::Away))];
            provide_context(Rendering::test("2026-11-23T10:30:00Z"));
            view! { <Sources sources drift=None /> }.to_html()
        });
        assert!(html.contains("timed out"), "{html}");
    }
}
