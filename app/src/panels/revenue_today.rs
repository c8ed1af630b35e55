use leptos::prelude::*;

use super::today::{against, day, table};
use crate::answers::Answer;
use crate::components::{Card, Delta};
use crate::model::number::change;
use crate::model::{Cents, Panel, Snapshot, Today};

/// Revenue of the business day so far, beside yesterday's at the same time.
#[component]
pub fn RevenueTodayPanel(answer: Answer<Snapshot<Today>>) -> impl IntoView {
    view! {
        <Card id="revenue-today" panel=Panel::Today title="Revenue today" class="stat"
            subtitle=day answer body table />
    }
}

fn body(snapshot: &Snapshot<Today>) -> AnyView {
    let now = snapshot.data.today.revenue_cents;
    let before = snapshot.data.yesterday_same_time.revenue_cents;
    let difference = Cents((now - before).0.saturating_abs()).to_string();
    view! {
        <p class="big">{now.to_string()}</p>
        <p class="delta">
            <Delta direction=now.cmp(&before) difference share=change(before.0, now.0) />
            {against(snapshot)}
        </p>
    }
    .into_any()
}
