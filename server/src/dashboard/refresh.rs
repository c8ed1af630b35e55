//! Refresh: everything anew, and what that changed.

use app::api::ApiError;
use app::model::refresh::fingerprint;
use app::model::{Figures, Panel, RefreshReport, Seen, Snapshot};
use app::ports::Read::Fresh;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{CachedDashboard, failure};
use crate::cache::Key;
use crate::calendar::UtcWindow;

impl CachedDashboard {
    /// Recomputes every panel as of one instant, so that they agree with each other.
    pub(super) async fn refresh_at(
        &self,
        seen: Option<Seen>,
        now: DateTime<Utc>,
    ) -> Result<RefreshReport, ApiError> {
        let (today, active, daily, revenue, products, recent, watermark) = futures::join!(
            self.today_at(Fresh, now),
            self.active_orders_now(Fresh),
            self.daily_orders_at(Fresh, now),
            self.category_revenue_at(Fresh, now),
            self.top_products_at(Fresh, now),
            self.recent_orders_now(Fresh),
            self.watermark_at(Fresh, now),
        );
        // Without it the next refresh could not say what changed.
        watermark?;
        let (orders, revenue_cents) = match &seen {
            Some(seen) => self.since(seen, now).await?,
            None => Default::default(),
        };
        let mut comparison = Comparison {
            seen: seen.as_ref(),
            report: RefreshReport {
                at: self.calendar.timestamp(now),
                since: seen
                    .as_ref()
                    .map(|seen| self.calendar.timestamp(seen.watermark.at.utc())),
                orders,
                revenue_cents,
                changed: Vec::new(),
                failed: Vec::new(),
            },
        };
        comparison.add(Panel::Today, &today);
        comparison.add(Panel::ActiveOrders, &active);
        comparison.add(Panel::DailyOrders, &daily);
        comparison.add(Panel::CategoryRevenue, &revenue);
        comparison.add(Panel::TopProducts, &products);
        comparison.add(Panel::RecentOrders, &recent);
        Ok(comparison.report)
    }

    /// Orders and revenue that came (or went) since the page saw its watermark.
    async fn since(
        &self,
        seen: &Seen,
        now: DateTime<Utc>,
    ) -> Result<(i64, app::model::Cents), ApiError> {
        let window = UtcWindow {
            from: seen.watermark.from.utc(),
            to: now,
        };
        let figures = self.store.figures(window).await;
        let after = figures.map_err(|error| failure::of(Key::Watermark, Fresh, &error))?;
        let Figures {
            orders,
            revenue_cents,
        } = seen.watermark.figures;
        // Whoever posts can make the old figures anything: no overflow may come of that.
        let revenue = after.revenue_cents.0.saturating_sub(revenue_cents.0);
        let orders = i128::from(after.orders) - i128::from(orders);
        let orders = orders.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        Ok((orders, app::model::Cents(revenue)))
    }
}

/// Compares each panel with what was on the page.
struct Comparison<'a> {
    seen: Option<&'a Seen>,
    report: RefreshReport,
}

impl Comparison<'_> {
    fn add<T: Serialize>(&mut self, panel: Panel, answer: &Result<Snapshot<T>, ApiError>) {
        let Ok(snapshot) = answer else {
            self.report.failed.push(panel);
            return;
        };
        let on_page = self.seen.and_then(|seen| {
            seen.panels
                .iter()
                .find_map(|(seen, fingerprint)| (*seen == panel).then_some(fingerprint))
        });
        // A panel that showed no data shows some now.
        if self.seen.is_some() && on_page != Some(&fingerprint(&snapshot.data)) {
            self.report.changed.push(panel);
        }
    }
}
