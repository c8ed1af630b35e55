//! What a metric asks of the store.

use std::sync::Arc;

use app::model::{Figures, Filter};
use chrono::{DateTime, Utc};

use crate::calendar::{Calendar, UtcWindow};
use crate::store::{Dimension, Group, OrderStore, StatusRules, StoreError, Totals};

/// How many business days the dashboard looks back, today included.
pub const BUSINESS_DAYS: u64 = 7;

/// What a metric is computed from, as of the moment in which that begins.
pub struct Question {
    pub store: Arc<dyn OrderStore>,
    pub rules: StatusRules,
    pub filter: Filter,
    pub calendar: Calendar,
    pub now: DateTime<Utc>,
}

impl Question {
    pub async fn totals(&self, windows: &[UtcWindow]) -> Result<Vec<Totals>, StoreError> {
        self.store.totals(&self.rules, &self.filter, windows).await
    }

    pub async fn by(
        &self,
        dimension: Dimension,
        window: UtcWindow,
    ) -> Result<Vec<Group>, StoreError> {
        self.store
            .by(&self.rules, dimension, &self.filter, window)
            .await
    }

    /// The last [`BUSINESS_DAYS`] as one window.
    pub fn business_days(&self) -> UtcWindow {
        let days = self.calendar.last_business_days(BUSINESS_DAYS, self.now);
        let from = days.first().map_or(self.now, |(_, first)| first.from);
        UtcWindow { from, to: self.now }
    }
}

/// The figures that a page shows; none without totals.
pub fn figures(totals: Option<&Totals>) -> Figures {
    let totals = totals.copied().unwrap_or_default();
    Figures {
        revenue_cents: totals.revenue_cents,
        orders: totals.orders,
    }
}
