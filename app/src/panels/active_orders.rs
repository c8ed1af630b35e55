use leptos::prelude::*;

use crate::answers::Answer;
use crate::components::{Card, Table, Time};
use crate::model::number::grouped;
use crate::model::{ActiveOrders, Panel, RecentOrder, Snapshot};

/// Orders that are not yet delivered, and how new the newest order of all is, where that is known.
#[component]
pub fn ActiveOrdersPanel(
    answer: Answer<Snapshot<ActiveOrders>>,
    recent: Answer<Snapshot<Vec<RecentOrder>>>,
) -> impl IntoView {
    let body = move |snapshot: &Snapshot<ActiveOrders>| {
        let ActiveOrders {
            pending, shipped, ..
        } = snapshot.data;
        let newest = recent
            .as_ref()
            .ok()
            .and_then(|recent| recent.data.first())
            .map(|order| {
                let at = order.created_at;
                let text = at.relative_to(snapshot.computed_at.day());
                view! { " · newest order " <Time at text /> }
            });
        view! {
            <p class="big">{grouped(pending + shipped)}</p>
            <p class="delta">
                {format!("{} pending · {} shipped", grouped(pending), grouped(shipped))} {newest}
            </p>
        }
        .into_any()
    };
    view! {
        <Card id="active-orders" panel=Panel::ActiveOrders title=Panel::ActiveOrders.title() class="stat"
            subtitle=|_| "not yet delivered".to_owned() without_window="all orders in the store"
            answer body table />
    }
}

fn table(active: &ActiveOrders) -> Table {
    Table {
        columns: &[("Status", false), ("Orders", true)],
        rows: vec![
            vec!["pending".to_owned(), grouped(active.pending)],
            vec!["shipped".to_owned(), grouped(active.shipped)],
        ],
    }
}
