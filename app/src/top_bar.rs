//! The page's header: stores, Refresh, and the result of the last refresh.

use leptos::prelude::*;

use crate::answers::Answers;
use crate::components::{SeenFields, Sources};
use crate::islands::{Live, RefreshForm};
use crate::model::RefreshReport;

/// Sticks to the top of the window.
#[component]
pub fn TopBar(answers: Answers, refreshed: Option<RefreshReport>) -> impl IntoView {
    let status = answers.status.as_ref().ok();
    let sources = status.map(|status| status.sources.clone());
    let order_source = status.and_then(|status| {
        let source = status.order_source.as_ref()?;
        Some(source.sentence(status.now))
    });
    let refreshed = refreshed
        .map(|report| report.sentence())
        .unwrap_or_default();
    view! {
        <header class="bar-top">
            <div class="inner">
                <h1>"ShopStream " <span>"operations"</span></h1>
                <Live />
                <Sources sources=sources.unwrap_or_default() order_source />
                <div class="push">
                    <RefreshForm refreshed><SeenFields answers /></RefreshForm>
                </div>
            </div>
        </header>
    }
}
