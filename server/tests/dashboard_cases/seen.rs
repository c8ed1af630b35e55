//! What a page shows, as its refresh form posts it.

use app::model::{Panel, Seen};
use app::ports::{Dashboard, Read};

use crate::support::stage::Stage;

/// The values of a page that is rendered now.
pub async fn seen(stage: &Stage) -> Seen {
    let dashboard: &dyn Dashboard = stage.dashboard.as_ref();
    let mut panels = Vec::new();
    for panel in Panel::ALL {
        let shown = dashboard.panel(*panel, Read::Cached).await;
        panels.push((*panel, shown.expect("an answer").data.fingerprint()));
    }
    let watermark = dashboard.watermark(Read::Cached).await;
    Seen {
        watermark: watermark.expect("a watermark"),
        panels,
    }
}
