use leptos::prelude::*;

use crate::answers::Answer;
use crate::charts::{Lengths, Yardstick};
use crate::components::{Delta, Figure};
use crate::model::number::{counted, grouped};
use crate::model::{Returns, Snapshot};

/// Which orders count as returned.
pub const COUNTS: &str = "Returns: orders placed on the last 7 business days that have come back by now; younger \
    ones may still come back.";

/// The full width of the bar, in tenths of a per cent, unless more have come back.
const WHOLE: i64 = 100;

/// The share of orders that came back.
#[component]
pub fn ReturnsFigure(answer: Answer<Snapshot<Returns>>) -> impl IntoView {
    view! { <Figure id="returns" title="Returns" subtitle="last 7 days" answer body /> }
}

fn body(answer: &Snapshot<Returns>) -> AnyView {
    let (now, before) = (answer.data.last_7_days, answer.data.the_7_before);
    let Some(share) = now.per_mille() else {
        return view! {
            <p class="big quiet">"none"</p>
            <p class="delta">"No orders in these 7 days."</p>
        }
        .into_any();
    };
    let earlier = before.per_mille();
    // Neither good nor bad: of the younger orders some may still come back.
    let delta = earlier.map(|earlier| {
        let difference = tenths(share.abs_diff(earlier)) + " points";
        view! {
            <Delta direction=share.cmp(&earlier) difference share=None plain=true /> " vs the 7 days before"
        }
    });
    let lengths = Lengths::of(share as i64, earlier.unwrap_or_default() as i64, WHOLE);
    let words =
        "Bar: the last 7 days. Tick: the 7 days before. Whole width: 10%, or the larger share.";
    let of = format!(
        "{} of {}",
        grouped(now.returned),
        counted(now.orders, "order")
    );
    let earlier = earlier.map(|earlier| format!(" · {}% before", tenths(earlier)));
    view! {
        <p class="big">{tenths(share)} "%"</p>
        <p class="delta">{delta}</p>
        <Yardstick lengths words=words.to_owned() />
        <p class="note">{of} {earlier}</p>
    }
    .into_any()
}

/// "4.2".
fn tenths(per_mille: u64) -> String {
    format!("{}.{}", per_mille / 10, per_mille % 10)
}
