use leptos::prelude::*;

use crate::answers::Answer;
use crate::components::{Card, Table, Time};
use crate::model::{Panel, RecentOrder, Snapshot};

/// Statuses that have a colour of their own; others are shown plainly.
const STATUSES: [&str; 4] = ["pending", "shipped", "delivered", "returned"];

/// The newest orders of all.
#[component]
pub fn RecentOrdersPanel(answer: Answer<Snapshot<Vec<RecentOrder>>>) -> impl IntoView {
    view! {
        <Card id="recent-orders" panel=Panel::RecentOrders title="Recent orders" class="half"
            subtitle=|_| String::new() without_window="the 5 newest"
            answer body table=|orders| table(orders) />
    }
}

fn body(snapshot: &Snapshot<Vec<RecentOrder>>) -> AnyView {
    if snapshot.data.is_empty() {
        return view! { <p class="empty">"There are no orders in the store."</p> }.into_any();
    }
    let today = snapshot.computed_at.day();
    let row = |order: &RecentOrder| {
        let status = order.status.clone();
        let known = STATUSES.contains(&status.as_str());
        let class = if known {
            format!("chip {status}")
        } else {
            "chip".to_owned()
        };
        let at = order.created_at;
        view! {
            <tr>
                <td><code>{order.order_id.clone()}</code></td>
                <td><Time at text=at.relative_to(today) /></td>
                <td class="hide-s"><code>{order.product_id.clone()}</code></td>
                <td class="num">{order.total_cents.to_string()}</td>
                <td><span class=class>{status}</span></td>
            </tr>
        }
    };
    view! {
        <table>
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
            order.order_id.clone(),
            format!(
                "{} {}",
                order.created_at.day(),
                order.created_at.time_of_day()
            ),
            order.product_id.clone(),
            order.total_cents.to_string(),
            order.status.clone(),
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
