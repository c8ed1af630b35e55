//! Refresh: everything anew, and what that changed.

use app::api::ApiError;
use app::model::{Cents, Figures, Panel, RefreshReport, Seen};
use app::ports::PanelData;
use app::ports::Read::Fresh;
use chrono::{DateTime, Utc};
use futures::future::join_all;

use super::CachedDashboard;

impl CachedDashboard {
    /// Recomputes every panel, each window ending at `now`.
    pub(super) async fn refresh_at(
        &self,
        seen: Option<Seen>,
        now: DateTime<Utc>,
    ) -> Result<RefreshReport, ApiError> {
        let seen_from = seen.as_ref().map(|seen| seen.watermark.from.utc());
        let metrics = self.metrics(now);
        let panels = Panel::ALL.iter().map(|panel| metrics.fresh(*panel));
        let (panels, watermark) =
            futures::join!(join_all(panels), metrics.watermark(Fresh, seen_from));
        // Read together with the new watermark: what this report counts, the next one does not.
        let (_, figures) = watermark?;
        let (orders, revenue_cents) = match (&seen, figures) {
            (Some(seen), Some(figures)) => difference(seen.watermark.figures, figures),
            _ => Default::default(),
        };
        let mut comparison = Comparison {
            seen: seen.as_ref(),
            report: RefreshReport {
                at: self.reader.calendar.timestamp(now),
                since: seen
                    .as_ref()
                    .map(|seen| self.reader.calendar.timestamp(seen.watermark.at.utc())),
                orders,
                revenue_cents,
                changed: Vec::new(),
                failed: Vec::new(),
            },
        };
        for (panel, answer) in Panel::ALL.iter().zip(panels) {
            comparison.add(*panel, answer);
        }
        Ok(comparison.report)
    }
}

/// Orders and revenue that came (or went). Whoever posts can make the old figures anything: no
/// overflow may come of that.
fn difference(before: Figures, after: Figures) -> (i64, Cents) {
    let orders = i128::from(after.orders) - i128::from(before.orders);
    let orders = orders.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
    let revenue = after.revenue_cents.0.saturating_sub(before.revenue_cents.0);
    (orders, Cents(revenue))
}

/// Compares each panel with what was on the page.
struct Comparison<'a> {
    seen: Option<&'a Seen>,
    report: RefreshReport,
}

impl Comparison<'_> {
    fn add(&mut self, panel: Panel, answer: Result<Box<dyn PanelData>, ApiError>) {
        let Ok(data) = answer else {
            self.report.failed.push(panel);
            return;
        };
        let on_page = self.seen.and_then(|seen| {
            seen.panels
                .iter()
                .find_map(|(seen, fingerprint)| (*seen == panel).then_some(fingerprint))
        });
        // A panel that showed no data shows some now.
        if self.seen.is_some() && on_page != Some(&data.fingerprint()) {
            self.report.changed.push(panel);
        }
    }
}
