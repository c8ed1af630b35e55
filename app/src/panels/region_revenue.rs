use leptos::prelude::*;

use super::group_revenue::{COUNTS, SUBTITLE, bars, table};
use crate::answers::Answer;
use crate::components::Card;
use crate::model::{Panel, RegionRevenue, Snapshot};

const COLUMNS: &[(&str, bool)] = &[
    ("Region", false),
    ("Revenue", true),
    ("Orders", true),
    ("Average", true),
];

/// Revenue by region over the last 30 days as bars.
#[component]
pub fn RegionRevenuePanel(answer: Answer<Snapshot<Vec<RegionRevenue>>>) -> impl IntoView {
    let title = Panel::RegionRevenue.title();
    let body = move |snapshot: &Snapshot<Vec<RegionRevenue>>| {
        bars(&snapshot.data, "region-revenue-chart", title)
    };
    view! {
        <Card id="region-revenue" panel=Panel::RegionRevenue title class="third"
            subtitle=|_| SUBTITLE.to_owned() counts=COUNTS
            answer body table=|regions| table(regions, COLUMNS) />
    }
}
