use leptos::prelude::*;

use crate::answers::Answer;
use crate::components::{Card, Table, Time, or_none};
use crate::model::{Panel, RecentOrder, Snapshot};

/// Statuses that have a colour of their own; others are shown plainly.
const STATUSES: [&str; 4] = ["pending", "shipped", "delivered", "returned"];

/// The newest orders of all.
#[component]
pub fn RecentOrdersPanel(answer: Answer<Snapshot<Vec<RecentOrder>>>) -> impl IntoView {
    view! {
        <Card id="recent-orders" panel=Panel::RecentOrders title=Panel::RecentOrders.title() class="half"
            subtitle=|_| String::new() without_window="the 5 newest of all" counts="All orders of the store, those dated in the future too."
            answer body table=|orders| table(orders) />
    }
}

fn body(snapshot: &Snapshot<Vec<RecentOrder>>) -> AnyView {
    if snapshot.data.is_empty() {
        return view! { <p class="empty">"There are no orders in the store."</p> }.into_any();
    }
    let today = snapshot.computed_at.day();
    let row = |order: &RecentOrder| {
        let status = or_none(&order.status).to_owned();
        let known = STATUSES.contains(&status.as_str());
        let class = if known {
            format!("chip {status}")
        } else {
            "chip".to_owned()
        };
        let at = order.created_at;
        view! {
            <tr>
                <th scope="row"><code>{or_none(&order.order_id).to_owned()}</code></th>
                <td><Time at text=at.relative_to(today) /></td>
                <td class="hide-s"><code>{or_none(&order.product_id).to_owned()}</code></td>
                <td class="num">{order.total_cents.to_string()}</td>
                <td><span class=class>{status}</span></td>
            </tr>
        }
    };
    view! {
        <table>
            <caption class="visually-hidden">"The newest orders"</caption>
            <thead>
                <tr>
                    <th scope="col">"Order"</th>
                    <th scope="col">"Placed"</th>
                    <th scope="col" class="hide-s">"Product"</th>
                    <th scope="col" class="num">"Total"</th>
                    <th scope="col">"Status"</th>
                </tr>
            </thead>
            <tbody>{snapshot.data.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn table(orders: &[RecentOrder]) -> Table {
    let row = |order: &RecentOrder| {
        vec![
            or_none(&order.order_id).to_owned(),
            format!(
                "{} {}",
                order.created_at.day(),
                order.created_at.time_of_day()
            ),
            or_none(&order.product_id).to_owned(),
            order.total_cents.to_string(),
            or_none(&order.status).to_owned(),
        ]
    };
    Table {
        columns: &[
            ("Order", false),
            ("Placed", false),
            ("Product", false),
            ("Total", true),
            ("Status", false),
        ],
        rows: orders.iter().map(row).collect(),
    }
}
