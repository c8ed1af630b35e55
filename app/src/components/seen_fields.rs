//! The values on the page as hidden fields of the refresh form.

use leptos::prelude::*;

use crate::answers::Answers;
use crate::model::Seen;

/// Fields with which a refresh can say what changed since this rendering.
#[component]
pub fn SeenFields(answers: Answers) -> impl IntoView {
    let fields = answers.watermark.as_ref().ok().map(|watermark| {
        let panels = Seen::panels_to_text(&answers.fingerprints());
        let figures = watermark.figures;
        view! {
            <input type="hidden" name="from" value=watermark.from.to_string() />
            <input type="hidden" name="at" value=watermark.at.to_string() />
            <input type="hidden" name="orders" value=figures.orders.to_string() />
            <input type="hidden" name="revenue_cents" value=figures.revenue_cents.0.to_string() />
            <input type="hidden" name="panels" value=panels />
        }
    });
    view! { <span id="seen" data-live="">{fields}</span> }
}
