use leptos::prelude::*;

use super::today::{against, yardstick, yesterday};
use crate::answers::Answer;
use crate::charts::{Lengths, Yardstick};
use crate::components::{Delta, Figure};
use crate::model::number::change;
use crate::model::{Cents, Snapshot, Today};

/// Revenue of the business day so far, beside yesterday's.
#[component]
pub fn RevenueToday(answer: Answer<Snapshot<Today>>) -> impl IntoView {
    view! { <Figure id="revenue-today" title="Revenue today" answer body /> }
}

fn body(answer: &Snapshot<Today>) -> AnyView {
    let now = answer.data.today.revenue_cents;
    let before = answer.data.yesterday_same_time.revenue_cents;
    let whole = answer.data.yesterday.revenue_cents;
    let difference = Cents((now - before).0.saturating_abs()).to_string();
    view! {
        <p class="big">{now.to_string()}</p>
        <p class="delta">
            <Delta direction=now.cmp(&before) difference share=change(before.0, now.0) /> {against(answer)}
        </p>
        <Yardstick lengths=Lengths::of(now.0, before.0, whole.0) words=yardstick(answer) />
        <p class="note">{format!("{} in all {whole}", yesterday(answer))}</p>
    }
    .into_any()
}
