//! A share as a small bar.

use leptos::prelude::*;

/// `share` is 0 to 1. The bar is hidden from screen readers, because the number is beside it.
#[component]
pub fn Meter(share: f64) -> impl IntoView {
    let width = format!("{:.0}%", (share * 100.0).clamp(0.0, 100.0));
    view! {
        <svg class="meter" height="6" aria-hidden="true">
            <rect class="track" width="100%" height="6" rx="3" />
            <rect class="bar" width=width height="6" rx="3" />
        </svg>
    }
}
