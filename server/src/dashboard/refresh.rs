//! Refresh: everything anew, and what that changed.

use app::api::{ApiError, ErrorKind};
use app::model::{Cents, Figures, Panel, RefreshReport, Seen};
use app::ports::PanelData;
use app::ports::Read::Fresh;
use chrono::{DateTime, Utc};
use futures::future::join_all;

use super::CachedDashboard;

impl CachedDashboard {
    /// Recomputes every panel, each window ending at `now`, and does not wait for those that take
    /// long.
    pub(super) async fn refresh_at(
        &self,
        seen: Option<Seen>,
        now: DateTime<Utc>,
    ) -> Result<RefreshReport, ApiError> {
        let from = seen.as_ref().map(|seen| seen.watermark.from.utc());
        let metrics = self.metrics(now);
        let panels = Panel::ALL.iter().map(|panel| metrics.fresh(*panel));
        let (panels, watermark) =
            futures::join!(join_all(panels), self.watermark_at(Fresh, now, from));
        // Read together with the new watermark: what this report counts, the next one does not.
        let figures = match watermark {
            Ok((_, figures)) => figures,
            Err(error) if error.kind == ErrorKind::Computing => None,
            Err(error) => return Err(error),
        };
        let compared = seen.as_ref().zip(figures);
        let (orders, revenue_cents) = compared
            .map(|(seen, figures)| difference(seen.watermark.figures, figures))
            .unwrap_or_default();
        let timestamp = |instant| self.reader.calendar.timestamp(instant);
        let mut comparison = Comparison {
            seen: seen.as_ref(),
            report: RefreshReport {
                at: timestamp(now),
                since: compared.map(|(seen, _)| timestamp(seen.watermark.at.utc())),
                orders,
                revenue_cents,
                changed: Vec::new(),
                failed: Vec::new(),
                computing: Vec::new(),
            },
        };
        for (panel, answer) in Panel::ALL.iter().zip(panels) {
            comparison.add(*panel, answer);
        }
        Ok(comparison.report)
    }
}

/// Orders and revenue that came (or went). A request can make the old figures anything: no overflow
/// may come of that.
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
        let data = match answer {
            Ok(data) => data,
            Err(error) if error.kind == ErrorKind::Computing => {
                self.report.computing.push(panel);
                return;
            }
            Err(_) => {
                self.report.failed.push(panel);
                return;
            }
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
