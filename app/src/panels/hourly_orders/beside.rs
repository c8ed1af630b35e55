//! The day beside earlier ones.

use chrono::Days;
use leptos::prelude::*;

use crate::model::number::grouped;
use crate::model::timestamp::{weekday_and_day, weekday_in_full};
use crate::model::{Figures, Snapshot, Today};

/// Orders, revenue and average of today and of the days that it is compared with.
#[component]
pub fn Beside(today: Snapshot<Today>) -> impl IntoView {
    let day = today.window.map(|window| window.from.day());
    let ago = |days| day.map(|day| day - Days::new(days));
    let yesterday = ago(1).map_or("Yesterday", weekday_in_full);
    let week_ago = ago(7).map_or_else(|| "A week ago".to_owned(), weekday_and_day);
    let until = today
        .window
        .map(|window| format!("Until {}", window.to.hour_and_minute()));
    let row = |class: &'static str, name: String, figures: Figures| {
        let average = figures.revenue_cents.per_order(figures.orders).to_string();
        view! {
            <tr class=class>
                <th scope="row">{name}</th>
                <td class="num">{grouped(figures.orders)}</td>
                <td class="num">{figures.revenue_cents.to_string()}</td>
                <td class="num">{average}</td>
            </tr>
        }
    };
    let data = &today.data;
    view! {
        <table>
            <caption class="visually-hidden">"Today beside earlier days"</caption>
            <thead>
                <tr>
                    <th scope="col">{until}</th>
                    <th scope="col" class="num">"Orders"</th>
                    <th scope="col" class="num">"Revenue"</th>
                    // What the day brought for each of its orders, returned ones too.
                    <th scope="col" class="num">"Average"</th>
                </tr>
            </thead>
            <tbody>
                {row("strong", "Today".to_owned(), data.today)}
                {row("", yesterday.to_owned(), data.yesterday_same_time)}
                {row("", week_ago, data.week_ago_same_time)}
                {row("", format!("{yesterday}, all day"), data.yesterday)}
            </tbody>
        </table>
    }
}
