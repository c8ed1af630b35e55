//! The values on the page, as fields of the refresh form.

use leptos::prelude::*;

use crate::answers::{Answer, Answers};
use crate::model::refresh::fingerprint;
use crate::model::{Panel, Seen, Snapshot};

/// Hidden fields that say what is on the page, so that a refresh can say what has changed since.
#[component]
pub fn SeenFields(answers: Answers) -> impl IntoView {
    let fields = answers.watermark.as_ref().ok().map(|watermark| {
        let panels = Seen::panels_to_text(&panels(&answers));
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

/// The fingerprint of each panel that shows data.
fn panels(answers: &Answers) -> Vec<(Panel, String)> {
    fn seen<T: serde::Serialize>(answer: &Answer<Snapshot<T>>) -> Option<String> {
        answer
            .as_ref()
            .ok()
            .map(|snapshot| fingerprint(&snapshot.data))
    }
    let panels = Panel::ALL.into_iter().filter_map(|panel| {
        let seen = match panel {
            Panel::Today => seen(&answers.today),
            Panel::ActiveOrders => seen(&answers.active_orders),
            Panel::DailyOrders => seen(&answers.daily_orders),
            Panel::CategoryRevenue => seen(&answers.category_revenue),
            Panel::TopProducts => seen(&answers.top_products),
            Panel::RecentOrders => seen(&answers.recent_orders),
        };
        Some((panel, seen?))
    });
    panels.collect()
}
