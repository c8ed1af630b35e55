use leptos::prelude::*;

use super::today::{against, day, table};
use crate::answers::Answer;
use crate::components::{Card, Delta};
use crate::model::number::{change, grouped};
use crate::model::{Panel, Snapshot, Today};

/// Orders of the business day so far, beside yesterday's at the same time.
#[component]
pub fn OrdersTodayPanel(answer: Answer<Snapshot<Today>>) -> impl IntoView {
    view! {
        <Card id="orders-today" panel=Panel::Today title="Orders today" class="stat"
            subtitle=day answer body table />
    }
}

fn body(snapshot: &Snapshot<Today>) -> AnyView {
    let now = snapshot.data.today.orders;
    let before = snapshot.data.yesterday_same_time.orders;
    let share = change(before as i64, now as i64);
    view! {
        <p class="big">{grouped(now)}</p>
        <p class="delta">
            <Delta direction=now.cmp(&before) difference=grouped(now.abs_diff(before)) share />
            {against(snapshot)}
        </p>
    }
    .into_any()
}
