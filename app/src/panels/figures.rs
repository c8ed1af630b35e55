//! The four figures in one band, with one foot.

use leptos::prelude::*;

use super::active_orders::{self, ActiveOrdersFigure};
use super::orders_today::OrdersToday;
use super::returns::{self, ReturnsFigure};
use super::revenue_today::RevenueToday;
use super::today;
use crate::answers::Answer;
use crate::base::href;
use crate::components::{DataTable, Facts, Origin, Span, Table};
use crate::model::number::grouped;
use crate::model::{ActiveOrders, Panel, Returns, Snapshot, Today};

const WHOLE_STORE: &str = "the whole store";

/// Revenue and orders of the day, active orders, returns.
#[component]
pub fn Figures(
    today: Answer<Snapshot<Today>>,
    active: Answer<Snapshot<ActiveOrders>>,
    returns: Answer<Snapshot<Returns>>,
) -> impl IntoView {
    let foot = foot(
        today.as_ref().ok(),
        active.as_ref().ok(),
        returns.as_ref().ok(),
    );
    view! {
        <div class="card full band">
            <div class="figures">
                <RevenueToday answer=today.clone() />
                <OrdersToday answer=today />
                <ActiveOrdersFigure answer=active />
                <ReturnsFigure answer=returns />
            </div>
            {foot}
        </div>
    }
}

fn foot(
    today: Option<&Snapshot<Today>>,
    active: Option<&Snapshot<ActiveOrders>>,
    returns: Option<&Snapshot<Returns>>,
) -> AnyView {
    let day = today.and_then(|today| today.window);
    let days = returns.and_then(|returns| returns.window);
    let rows = [
        today.map(day_rows).unwrap_or_default(),
        active.map(active_rows).unwrap_or_default(),
        returns.map(return_rows).unwrap_or_default(),
    ];
    let table = Table {
        columns: &[("Figure", false), ("Now", true), ("Compared with", true)],
        rows: rows.concat(),
    };
    let facts = [
        today.map(|answer| facts("Today", answer.into(), today::COUNTS)),
        active.map(|answer| facts("Active orders", answer.into(), active_orders::COUNTS)),
        returns.map(|answer| facts("Returns", answer.into(), returns::COUNTS)),
    ];
    let files = [Panel::Today, Panel::ActiveOrders, Panel::Returns].map(|panel| {
        let file = format!("{}.csv", panel.endpoint());
        view! { <a class="csv" href=href(&format!("/panels/{file}")) download="">{file.clone()}</a> " " }
    });
    view! {
        <footer id="figures-foot" data-live="">
            <span class="window">
                {day.map(|window| view! { <Span window /> })}
                <span class="hide-s">
                    " · active: " {WHOLE_STORE} {days.map(|window| view! { " · returns: " <Span window /> })}
                </span>
            </span>
            <details class="table">
                <summary>"Table" <span class="visually-hidden">" of the four figures"</span></summary>
                <DataTable table caption="The four figures" />
                <p>"CSV: " {files.collect_view()}</p>
            </details>
            <details class="about">
                <summary>"About" <span class="visually-hidden">" the four figures"</span></summary>
                <div class="pop">{facts.into_iter().flatten().collect_view()}</div>
            </details>
        </footer>
    }
    .into_any()
}

fn facts(title: &'static str, origin: Origin, counts: &'static str) -> AnyView {
    view! { <h3>{title}</h3> <Facts origin without_window=WHOLE_STORE counts /> }.into_any()
}

fn day_rows(answer: &Snapshot<Today>) -> Vec<Vec<String>> {
    let Today {
        today,
        yesterday_same_time: before,
        ..
    } = &answer.data;
    let against = today::against(answer);
    let against = against.trim_start_matches(" vs ");
    let row = |name: &str, now: String, before: String| {
        vec![name.to_owned(), now, format!("{before} ({against})")]
    };
    vec![
        row(
            "Revenue today",
            today.revenue_cents.to_string(),
            before.revenue_cents.to_string(),
        ),
        row(
            "Orders today",
            grouped(today.orders),
            grouped(before.orders),
        ),
    ]
}

fn active_rows(answer: &Snapshot<ActiveOrders>) -> Vec<Vec<String>> {
    let active = &answer.data;
    let late = format!("{} over 24 h", grouped(active.pending_over_24h));
    vec![
        vec!["Pending".to_owned(), grouped(active.pending), late],
        vec![
            "Shipped".to_owned(),
            grouped(active.shipped),
            "–".to_owned(),
        ],
    ]
}

fn return_rows(answer: &Snapshot<Returns>) -> Vec<Vec<String>> {
    let (now, before) = (answer.data.last_7_days, answer.data.the_7_before);
    let of = |returned, orders| format!("{} of {}", grouped(returned), grouped(orders));
    vec![vec![
        "Returned, 7 days".to_owned(),
        of(now.returned, now.orders),
        of(before.returned, before.orders),
    ]]
}
