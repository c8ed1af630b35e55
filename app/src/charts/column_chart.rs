//! A column chart with an axis from zero.

use leptos::prelude::*;

use super::columns::{BASE, Column, HEIGHT, Layout};
use super::label;
use crate::model::number::grouped;

/// Values from here on are abbreviated above their column.
const ABBREVIATE_FROM: u64 = 10_000;

/// One column a value; unfinished ones are hatched. `id` must be unique on the page.
#[component]
pub fn ColumnChart(
    id: &'static str,
    title: &'static str,
    description: String,
    columns: Vec<Column>,
) -> impl IntoView {
    let values: Vec<_> = columns.iter().map(|column| column.value).collect();
    let layout = Layout::of(&values);
    let left = percent(layout.left);
    let label_end = percent(layout.left - 1.2);
    let ticks = layout.ticks.into_iter().enumerate().map(|(index, (text, y))| {
        view! {
            <line class=if index == 0 { "axis" } else { "grid" } x1=left.clone() x2="100%" y1=pixels(y) y2=pixels(y) />
            <text class="tick" x=label_end.clone() y=pixels(y + 4.0) text-anchor="end">{text}</text>
        }
    });
    let marks = columns.into_iter().zip(layout.places).map(|(column, place)| {
        let centre = percent(place.centre);
        let value = if column.value < ABBREVIATE_FROM {
            grouped(column.value)
        } else {
            label::tick(column.value as f64)
        };
        view! {
            <g class="mark">
                <title>{column.title}</title>
                <rect class="bar" fill=column.unfinished.then_some("url(#hatch)") class:unfinished=column.unfinished
                    x=percent(place.x) y=pixels(place.y) width=percent(place.width) height=pixels(place.height) rx="3" />
                <text class="value" x=centre.clone() y=pixels(place.y - 6.0) text-anchor="middle">{value}</text>
                <text class="tick" class:strong=column.unfinished x=centre y=pixels(BASE + 18.0) text-anchor="middle">
                    {column.label}
                </text>
            </g>
        }
    });
    view! {
        <svg class="chart" height=pixels(HEIGHT) role="img" aria-labelledby=format!("{id}-title {id}-description")>
            <title id=format!("{id}-title")>{title}</title>
            <desc id=format!("{id}-description")>{description}</desc>
            {ticks.collect_view()}
            {marks.collect_view()}
        </svg>
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

fn pixels(value: f64) -> String {
    format!("{value:.1}")
}
