use leptos::prelude::*;

use crate::answers::Answer;
use crate::charts::Parts;
use crate::components::{Age, Figure, Icon, Sign};
use crate::model::number::grouped;
use crate::model::{ActiveOrders, Snapshot};

/// Which orders count as active.
pub const COUNTS: &str = "Active: every order of the store that is pending or shipped.";

/// Orders that are not yet delivered, and how long some have been waiting.
#[component]
pub fn ActiveOrdersFigure(answer: Answer<Snapshot<ActiveOrders>>) -> impl IntoView {
    view! { <Figure id="active-orders" title="Active orders" answer body /> }
}

fn body(answer: &Snapshot<ActiveOrders>) -> AnyView {
    let ActiveOrders {
        pending,
        shipped,
        oldest_pending,
        pending_over_24h,
    } = answer.data;
    let late = (pending_over_24h > 0).then(|| {
        let words = format!("{} pending over 24 h", grouped(pending_over_24h));
        view! { <span class="flag"><Icon sign=Sign::Warning /> {words}</span> }
    });
    let oldest = match oldest_pending {
        Some(at) => view! { "oldest pending " <Age at /> }.into_any(),
        None => "none is pending".into_any(),
    };
    view! {
        <p class="big">{grouped(pending.saturating_add(shipped))} " " {late}</p>
        <p class="delta">{format!("{} pending · {} shipped", grouped(pending), grouped(shipped))}</p>
        <Parts first=pending second=shipped />
        <p class="note">{oldest}</p>
    }
    .into_any()
}
