//! Today by hour, with yesterday behind it.

use leptos::prelude::*;

mod beside;
mod words;

use beside::Beside;
use words::{best, describe, has_none, label, running, shown, title};

use crate::answers::Answer;
use crate::base::href;
use crate::charts::{Hour, HourChart};
use crate::components::{Card, Table};
use crate::model::number::grouped;
use crate::model::timestamp::weekday_and_day;
use crate::model::{Figures, HourlyOrders, Panel, Snapshot, Today};
use crate::page::{By, Rendering};

const COUNTS: &str = "Hours that have elapsed since the day's start. Orders counts all. Revenue leaves out those whose \
    status is in NOT_REVENUE_STATUSES (by default returned). Average: revenue by all orders.";

/// The main chart: how the day goes.
#[component]
pub fn HourlyOrdersPanel(
    answer: Answer<Snapshot<Vec<HourlyOrders>>>,
    today: Answer<Snapshot<Today>>,
) -> impl IntoView {
    let by = expect_context::<Rendering>().by;
    let body = move |answer: &Snapshot<Vec<HourlyOrders>>| {
        if has_none(&answer.data) {
            return view! { <p class="empty">"No orders today or yesterday."</p> }.into_any();
        }
        view! {
            <div class="hours">
                {figure(answer, by)}
                <div>
                    {today.ok().map(|today| view! { <Beside today /> })}
                    <p class="delta aside">{running(&answer.data)} {best(&answer.data)}</p>
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <Card id="hourly-orders" panel=Panel::HourlyOrders title=Panel::HourlyOrders.title() class="full"
            subtitle=subtitle counts=COUNTS answer body table=|hours| table(hours) />
    }
}

fn subtitle(answer: &Snapshot<Vec<HourlyOrders>>) -> String {
    let day = answer
        .window
        .map(|window| weekday_and_day(window.from.day()));
    format!("{}, yesterday behind", day.unwrap_or_default())
}

fn figure(answer: &Snapshot<Vec<HourlyOrders>>, by: By) -> AnyView {
    let hours = answer.data.iter().map(|hour| Hour {
        label: label(hour.from),
        title: title(hour),
        value: hour.today.map(|figures| value(figures, by)),
        text: hour
            .today
            .map(|figures| shown(figures, by))
            .unwrap_or_default(),
        before: hour.yesterday.map(|figures| value(figures, by)),
        unfinished: hour.unfinished,
    });
    let passed = answer.window.map_or(0, |window| {
        window.to.milliseconds() - window.from.milliseconds()
    });
    let (name, unit) = match by {
        By::Orders => ("Orders by hour, today and yesterday", "orders an hour"),
        By::Revenue => ("Revenue by hour, today and yesterday", "revenue an hour"),
    };
    let link = |of: By, path: &'static str, word: &'static str| {
        view! { <a href=href(path) aria-current=(of == by).then_some("true")>{word}</a> }
    };
    view! {
        <figure>
            <figcaption class="key">
                <span><svg aria-hidden="true"><rect class="bar" width="16" height="10" rx="2" /></svg>"today"</span>
                <span>
                    <svg aria-hidden="true">
                        <rect class="bar unfinished" fill="url(#hatch)" x=".5" y=".5" width="15" height="9" rx="2" />
                    </svg>
                    "running hour"
                </span>
                <span><svg aria-hidden="true"><path class="before" d="M0 10V1H16V10" /></svg>"yesterday"</span>
                <span class="quiet">{unit}</span>
                <nav class="switch" aria-label="Show by hour">
                    {link(By::Orders, "/", "Orders")} {link(By::Revenue, "/?by=revenue", "Revenue")}
                </nav>
            </figcaption>
            <HourChart id="hourly-orders-chart" title=name description=describe(&answer.data)
                hours=hours.collect() now=passed as f64 / 3_600_000.0 />
        </figure>
    }
    .into_any()
}

/// Orders, or whole dollars.
fn value(figures: Figures, by: By) -> u64 {
    match by {
        By::Orders => figures.orders,
        By::Revenue => figures.revenue_cents.0.max(0).unsigned_abs() / 100,
    }
}

fn table(hours: &[HourlyOrders]) -> Table {
    let orders =
        |figures: Option<Figures>| figures.map_or_else(String::new, |of| grouped(of.orders));
    let revenue = |figures: Option<Figures>| {
        figures.map_or_else(String::new, |of| of.revenue_cents.to_string())
    };
    let row = |hour: &HourlyOrders| {
        vec![
            hour.from.hour_and_minute(),
            orders(hour.today),
            orders(hour.yesterday),
            revenue(hour.today),
            revenue(hour.yesterday),
        ]
    };
    Table {
        columns: &[
            ("Hour", false),
            ("Today", true),
            ("Yesterday", true),
            ("Revenue today", true),
            ("Revenue yesterday", true),
        ],
        rows: hours.iter().map(row).collect(),
    }
}
