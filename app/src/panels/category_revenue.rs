use leptos::prelude::*;

use super::group_revenue::{COUNTS, SUBTITLE, bars, table};
use crate::answers::Answer;
use crate::components::Card;
use crate::model::{CategoryRevenue, Panel, Snapshot};

const COLUMNS: &[(&str, bool)] = &[
    ("Category", false),
    ("Revenue", true),
    ("Orders", true),
    ("Average", true),
];

/// Revenue by category over the last 30 days as bars.
#[component]
pub fn CategoryRevenuePanel(answer: Answer<Snapshot<Vec<CategoryRevenue>>>) -> impl IntoView {
    let title = Panel::CategoryRevenue.title();
    let body = move |snapshot: &Snapshot<Vec<CategoryRevenue>>| {
        bars(&snapshot.data, "category-revenue-chart", title)
    };
    view! {
        <Card id="category-revenue" panel=Panel::CategoryRevenue title class="third"
            subtitle=|_| SUBTITLE.to_owned() counts=COUNTS
            answer body table=|categories| table(categories, COLUMNS) />
    }
}
