use leptos::prelude::*;

use super::today::{against, yardstick, yesterday};
use crate::answers::Answer;
use crate::charts::{Lengths, Yardstick};
use crate::components::{Delta, Figure};
use crate::model::number::{change, grouped};
use crate::model::{Snapshot, Today};

/// Orders of the business day so far, beside yesterday's.
#[component]
pub fn OrdersToday(answer: Answer<Snapshot<Today>>) -> impl IntoView {
    view! { <Figure id="orders-today" title="Orders today" answer body /> }
}

fn body(answer: &Snapshot<Today>) -> AnyView {
    let now = answer.data.today.orders;
    let before = answer.data.yesterday_same_time.orders;
    let whole = answer.data.yesterday.orders;
    let share = change(before as i64, now as i64);
    let lengths = Lengths::of(now as i64, before as i64, whole as i64);
    view! {
        <p class="big">{grouped(now)}</p>
        <p class="delta">
            <Delta direction=now.cmp(&before) difference=grouped(now.abs_diff(before)) share /> {against(answer)}
        </p>
        <Yardstick lengths words=yardstick(answer) />
        <p class="note">{format!("{} in all {}", yesterday(answer), grouped(whole))}</p>
    }
    .into_any()
}
