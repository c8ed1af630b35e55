//! The page's head: Live, three ages, the stores, Refresh and what the last refresh did.

use leptos::prelude::*;

use crate::answers::Answers;
use crate::components::{Ages, SeenFields, Sources};
use crate::islands::{Live, RefreshForm};
use crate::model::RefreshReport;

/// Sticks to the top of a wide window.
#[component]
pub fn TopBar(answers: Answers, refreshed: Option<RefreshReport>) -> impl IntoView {
    let status = answers.status.as_ref().ok();
    let sources = status.map(|status| status.sources.clone());
    let drift = status.and_then(|status| status.order_source.as_ref()?.drift.clone());
    let refreshed = refreshed
        .map(|report| report.sentence())
        .unwrap_or_default();
    view! {
        <header class="top">
            <div class="inner">
                <h1>"ShopStream " <span>"operations"</span></h1>
                <div class="row"><Live /></div>
                <Ages answers=answers.clone() />
                <div class="push">
                    <Sources sources=sources.unwrap_or_default() drift />
                    <RefreshForm refreshed><SeenFields answers /></RefreshForm>
                </div>
            </div>
        </header>
    }
}
