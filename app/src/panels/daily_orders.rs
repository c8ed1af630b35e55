use leptos::prelude::*;

use crate::answers::Answer;
use crate::charts::{Column, ColumnChart};
use crate::components::{Card, Table};
use crate::model::number::{counted, grouped};
use crate::model::timestamp::{weekday, weekday_and_day};
use crate::model::{DailyOrders, Panel, Snapshot};

/// Orders of the last 7 business days as columns; today's is hatched.
#[component]
pub fn DailyOrdersPanel(answer: Answer<Snapshot<Vec<DailyOrders>>>) -> impl IntoView {
    view! {
        <Card id="daily-orders" panel=Panel::DailyOrders title=Panel::DailyOrders.title() class="third"
            subtitle=|_| "7 days".to_owned() counts="All orders, returned ones too."
            answer body table=|days| table(days) />
    }
}

fn body(snapshot: &Snapshot<Vec<DailyOrders>>) -> AnyView {
    let days = &snapshot.data;
    if days.iter().all(|day| day.orders == 0) {
        return view! { <p class="empty">"No orders in the last 7 days."</p> }.into_any();
    }
    let columns = days.iter().map(column).collect();
    view! {
        <figure>
            <ColumnChart id="daily-orders-chart" title=Panel::DailyOrders.title()
                description=describe(days) columns />
            <figcaption>"Hatched: today is not over yet."</figcaption>
        </figure>
    }
    .into_any()
}

fn column(day: &DailyOrders) -> Column {
    let spoken = format!(
        "{}: {}",
        weekday_and_day(day.day),
        counted(day.orders, "order")
    );
    let (label, title) = if day.unfinished {
        ("Today", format!("{spoken}, unfinished"))
    } else {
        (weekday(day.day), spoken)
    };
    Column {
        label: label.to_owned(),
        title,
        value: day.orders,
        unfinished: day.unfinished,
    }
}

/// "From 9 on Sat 21 Nov to 19 on Fri 20 Nov; 6 so far today."
fn describe(days: &[DailyOrders]) -> String {
    let finished = || days.iter().filter(|day| !day.unfinished);
    let mut text = String::new();
    if let (Some(least), Some(most)) = (
        finished().min_by_key(|day| day.orders),
        finished().max_by_key(|day| day.orders),
    ) {
        text = format!(
            "From {} on {} to {} on {}; ",
            grouped(least.orders),
            weekday_and_day(least.day),
            grouped(most.orders),
            weekday_and_day(most.day)
        );
    }
    let today: u64 = days
        .iter()
        .filter(|day| day.unfinished)
        .map(|day| day.orders)
        .sum();
    format!("{text}{} so far today.", grouped(today))
}

fn table(days: &[DailyOrders]) -> Table {
    let row = |day: &DailyOrders| {
        let unfinished = if day.unfinished { " (so far)" } else { "" };
        vec![
            format!("{}{unfinished}", weekday_and_day(day.day)),
            grouped(day.orders),
        ]
    };
    Table {
        columns: &[("Day", false), ("Orders", true)],
        rows: days.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(orders: &[u64]) -> Vec<DailyOrders> {
        let first = chrono::NaiveDate::from_ymd_opt(2026, 11, 17).expect("a day");
        let day = |(index, orders): (usize, &u64)| DailyOrders {
            day: first + chrono::Days::new(index as u64),
            orders: *orders,
            unfinished: index == 6,
        };
        orders.iter().enumerate().map(day).collect()
    }

    #[test]
    fn the_chart_is_described_in_words() {
        assert_eq!(
            describe(&days(&[14, 11, 17, 19, 9, 13, 6])),
            "From 9 on Sat 21 Nov to 19 on Fri 20 Nov; 6 so far today."
        );
    }

    #[test]
    fn today_is_named_and_marked() {
        let columns: Vec<_> = days(&[14, 11, 17, 19, 9, 13, 1])
            .iter()
            .map(column)
            .collect();
        assert_eq!(columns[0].label, "Tue");
        assert_eq!(columns[6].label, "Today");
        assert_eq!(columns[6].title, "Mon 23 Nov: 1 order, unfinished");
    }
}
