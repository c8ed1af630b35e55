//! The page: it only composes panels.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::*;

use crate::answers::Answers;
use crate::components::{Notices, Symbols};
use crate::model::{Checked, MonthGuard, MonthState, RefreshReport, Timestamp};
use crate::panels::{
    ArchivePanel, CategoryRevenuePanel, DailyOrdersPanel, Figures, HourlyOrdersPanel,
    RecentOrdersPanel, RegionRevenuePanel, TopProductsPanel,
};
use crate::top_bar::TopBar;

/// What the chart of hours shows.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum By {
    #[default]
    Orders,
    Revenue,
}

impl By {
    /// By the value of `by` in the page's address; orders for any other.
    pub fn of(value: &str) -> Self {
        match value {
            "revenue" => Self::Revenue,
            _ => Self::Orders,
        }
    }
}

/// What the server provides for one rendering.
#[derive(Clone, Debug)]
pub struct Rendering {
    /// The server's time. No age may be counted from it here: a rendering is handed out again.
    pub at: Timestamp,
    /// What the page shows, in short; see [`crate::browser::live`].
    pub version: String,
    /// Set once the page turns out to be the same for every reader, until the next version.
    pub settled: Arc<AtomicBool>,
    /// What the chart of hours shows.
    pub by: By,
    /// The result of the refresh that was posted as a form; shown once.
    pub refreshed: Option<RefreshReport>,
    /// The result of verifying an archive that was posted as a form; shown once.
    pub checked: Option<Checked>,
}

#[cfg(test)]
impl Rendering {
    /// A rendering at this time with nothing that is shown once.
    pub fn test(at: &str) -> Self {
        Self {
            at: Timestamp::parse(at).expect("an RFC 3339 time"),
            version: String::new(),
            settled: Arc::default(),
            by: By::Orders,
            refreshed: None,
            checked: None,
        }
    }
}

/// The page, a pure function of the answers and of the [`Rendering`] in the context.
#[component]
pub fn Page(answers: Answers) -> impl IntoView {
    let Rendering {
        version,
        settled,
        refreshed,
        checked,
        ..
    } = expect_context();
    let shown_once = refreshed.is_some() || checked.is_some();
    settled.store(answers.are_settled() && !shown_once, Ordering::Relaxed);
    let status = answers.status.clone().ok();
    let demonstration = status.as_ref().is_some_and(|status| status.demonstration);
    let mut archive = answers.archive.clone();
    if let (Ok(archive), true) = (&mut archive, demonstration) {
        clear_urgency(&mut archive.guard);
    }
    let guard = archive.as_ref().map(|archive| archive.guard.clone());
    let zone = answers
        .status
        .as_ref()
        .map(|status| format!("Times and business days are in {}. ", status.time_zone));
    view! {
        <Symbols />
        <a class="skip" href="#main">"Skip to the numbers"</a>
        <TopBar answers=answers.clone() refreshed />
        <Notices status guard=guard.unwrap_or_default() />
        <main id="main" tabindex="-1" data-version=version>
            <Figures today=answers.today.clone() active=answers.active_orders returns=answers.returns />
            <HourlyOrdersPanel answer=answers.hourly_orders today=answers.today />
            <CategoryRevenuePanel answer=answers.category_revenue />
            <RegionRevenuePanel answer=answers.region_revenue />
            <DailyOrdersPanel answer=answers.daily_orders />
            <TopProductsPanel answer=answers.top_products />
            <RecentOrdersPanel answer=answers.recent_orders />
            <ArchivePanel answer=archive />
        </main>
        <footer class="foot">
            <p>{zone.unwrap_or_default()} "Press " <kbd>"r"</kbd> " to refresh, " <kbd>"l"</kbd> " to pause."</p>
        </footer>
    }
}

/// Synthetic orders may be lost.
fn clear_urgency(guard: &mut [MonthGuard]) {
    for month in guard {
        if let MonthState::Open { urgent, .. } = &mut month.state {
            *urgent = false;
        }
    }
}
