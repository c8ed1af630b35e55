//! What a page shows, as its refresh form posts it.

use app::model::refresh::fingerprint;
use app::model::{Panel, Seen};
use app::ports::{Dashboard, Read};

use crate::support::stage::Stage;

/// The values of a page that is rendered now.
pub async fn seen(stage: &Stage) -> Seen {
    let (dashboard, read) = (&stage.dashboard, Read::Cached);
    let today = dashboard.today(read).await.expect("today");
    let active = dashboard.active_orders(read).await.expect("active orders");
    let days = dashboard.daily_orders(read).await.expect("days");
    let categories = dashboard.category_revenue(read).await.expect("categories");
    let products = dashboard.top_products(read).await.expect("products");
    let recent = dashboard.recent_orders(read).await.expect("recent orders");
    Seen {
        watermark: dashboard.watermark(read).await.expect("a watermark"),
        panels: vec![
            (Panel::Today, fingerprint(&today.data)),
            (Panel::ActiveOrders, fingerprint(&active.data)),
            (Panel::DailyOrders, fingerprint(&days.data)),
            (Panel::CategoryRevenue, fingerprint(&categories.data)),
            (Panel::TopProducts, fingerprint(&products.data)),
            (Panel::RecentOrders, fingerprint(&recent.data)),
        ],
    }
}
