//! The stores in the page's header.

use leptos::prelude::*;

use crate::charts::shortened;
use crate::model::SourceState;
use crate::model::number::duration;

/// Characters of a reason in the header; the tooltip has all of it.
const MAX_REASON_CHARS: usize = 48;

/// Each store with its latency, or that it is slow, or down and why.
#[component]
pub fn Sources(
    sources: Vec<SourceState>,
    /// Where the orders come from, in one line.
    order_source: Option<String>,
) -> impl IntoView {
    let item = |source: SourceState| {
        let class = if source.is_up() { None } else { Some("down") };
        view! { <li class=class title=source.error.clone()>{state(&source)}</li> }
    };
    view! {
        <ul class="sources" id="sources" data-live="" aria-label="Data sources">
            {sources.into_iter().map(item).collect_view()}
            {order_source.map(|source| view! { <li>{source}</li> })}
        </ul>
    }
}

fn state(source: &SourceState) -> String {
    if let Some(error) = &source.error {
        // "SQLite is not available: ping failed" repeats that the store is down.
        let reason = error
            .split_once(": ")
            .map_or(error.as_str(), |(_, why)| why);
        return format!(
            "{} down: {}",
            source.name,
            shortened(reason, MAX_REASON_CHARS)
        );
    }
    match source.latency_ms {
        Some(latency) => format!("{} {}", source.name, duration(latency)),
        None => format!("{} slow to answer", source.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceRole, Trouble};

    #[test]
    fn a_store_that_has_not_answered_yet_is_slow() {
        let source = SourceState {
            role: SourceRole::Orders,
            name: "MongoDB".to_owned(),
            latency_ms: None,
            error: None,
            trouble: Some(Trouble::Slow),
        };
        assert!(source.is_up());
        assert_eq!(state(&source), "MongoDB slow to answer");
    }

    #[test]
    fn a_store_that_is_down_says_why() {
        let source = |error: &str| SourceState {
            role: SourceRole::Orders,
            name: "SQLite".to_owned(),
            latency_ms: None,
            error: Some(error.to_owned()),
            trouble: None,
        };
        assert_eq!(
            state(&source("SQLite is not available: ping failed")),
            "SQLite down: ping failed"
        );
        assert_eq!(state(&source("no answer")), "SQLite down: no answer");
        let long = state(&source(&"x".repeat(100)));
        assert!(long.ends_with("x…") && long.chars().count() < 64, "{long}");
    }
}
