//! Refresh: everything anew, and what that changed.

use std::time::Duration;

use app::api::{ApiError, ErrorKind};
use app::model::{Cents, Figures, Panel, RefreshReport, Seen};
use app::ports::PanelData;
use app::ports::Read::Fresh;
use futures::future::join_all;
use tokio::time::{Instant, timeout_at};

use super::CachedDashboard;
use super::metrics::Metrics;
use crate::calendar::UtcWindow;

/// How long a refresh waits for what it compares with. The panels take no longer.
const COMPARED_WITHIN: Duration = Duration::from_millis(2_400);

impl CachedDashboard {
    /// Recomputes every panel, and does not wait for those that take long.
    pub(super) async fn refresh_now(&self, seen: Option<Seen>) -> Result<RefreshReport, ApiError> {
        let at = self.now();
        let metrics = self.metrics();
        let (panels, figures) = futures::join!(metrics.all(), self.figures_since(seen.as_ref()));
        let compared = seen.as_ref().zip(figures?);
        let (orders, revenue_cents) = compared
            .map(|(seen, figures)| difference(seen.watermark.figures, figures))
            .unwrap_or_default();
        let timestamp = |instant| self.reader.calendar.timestamp(instant);
        let mut report = RefreshReport {
            at: timestamp(at),
            since: compared.map(|(seen, _)| timestamp(seen.watermark.at.utc())),
            orders,
            revenue_cents,
            changed: Vec::new(),
            failed: Vec::new(),
            computing: Vec::new(),
        };
        for (panel, answer) in Panel::ALL.iter().zip(panels) {
            let panels = match answer {
                Ok(data) => match &seen {
                    Some(seen) if !was_on(seen, *panel, &data.fingerprint()) => &mut report.changed,
                    _ => continue,
                },
                Err(error) if error.kind == ErrorKind::Computing => &mut report.computing,
                Err(_) => &mut report.failed,
            };
            panels.push(*panel);
        }
        Ok(report)
    }

    /// The figures of now since the beginning of what was seen: those of the new watermark, and of
    /// what has left its window meanwhile. `None` if they are not there in time.
    async fn figures_since(&self, seen: Option<&Seen>) -> Result<Option<Figures>, ApiError> {
        let deadline = Instant::now() + COMPARED_WITHIN;
        let watermark = match self.metrics().watermark(Fresh).await {
            Err(error) if error.kind == ErrorKind::Computing => return Ok(None),
            watermark => watermark?,
        };
        let left = seen.map(|seen| UtcWindow {
            from: seen.watermark.from.utc(),
            to: watermark.from.utc(),
        });
        // No page of ours begins later.
        let Some(left) = left.filter(|left| left.from <= left.to) else {
            return Ok(None);
        };
        let left = timeout_at(deadline, self.metrics().figures(left)).await;
        Ok(left.ok().and_then(Result::ok).map(|left| {
            let Figures {
                revenue_cents,
                orders,
            } = watermark.figures;
            Figures {
                revenue_cents: Cents(revenue_cents.0.saturating_add(left.revenue_cents.0)),
                orders: orders.saturating_add(left.orders),
            }
        }))
    }
}

impl Metrics<'_> {
    /// What each panel shows, computed now.
    async fn all(&self) -> Vec<Result<Box<dyn PanelData>, ApiError>> {
        join_all(Panel::ALL.iter().map(|panel| self.fresh(*panel))).await
    }

    /// Computes everything anew, past the cache. Whether all of it is there or under way.
    pub async fn recompute(&self) -> bool {
        let (panels, watermark) = futures::join!(self.all(), self.watermark(Fresh));
        let failed = |error: &ApiError| error.kind != ErrorKind::Computing;
        let mut errors = panels.iter().filter_map(|panel| panel.as_ref().err());
        !errors.any(failed) && !watermark.as_ref().err().is_some_and(failed)
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

/// Whether the page showed these data. A panel that showed none shows some now.
fn was_on(seen: &Seen, panel: Panel, fingerprint: &str) -> bool {
    let mut panels = seen.panels.iter();
    panels.any(|(shown, of)| *shown == panel && of == fingerprint)
}
