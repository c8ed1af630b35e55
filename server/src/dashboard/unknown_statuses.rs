//! Statuses that no figure knows.

use std::cmp::Reverse;
use std::sync::Arc;

use app::model::{Filter, UnknownStatus};
use chrono::{DateTime, Utc};

use super::CachedDashboard;
use super::metrics::REVENUE_DAYS;
use super::status::{COUNTED_FOR, COUNTED_WITHIN};
use crate::calendar::UtcWindow;
use crate::store::{
    DELIVERED, Dimension, OrderStore, PENDING, RETURNED, SHIPPED, StatusRules, StoreError,
};

/// The statuses of the orders that revenue counts though neither the contract nor `rules` names
/// them, most orders first.
pub async fn unknown_statuses(
    store: &dyn OrderStore,
    rules: &StatusRules,
    now: DateTime<Utc>,
) -> Result<Vec<UnknownStatus>, StoreError> {
    let (all, window) = (Filter::default(), UtcWindow::last_days(REVENUE_DAYS, now));
    let groups = store.by(rules, Dimension::Status, &all, window).await?;
    let known = [PENDING, SHIPPED, DELIVERED, RETURNED];
    let unknown = groups
        .into_iter()
        .filter(|group| !known.contains(&group.value.as_str()))
        .map(|group| UnknownStatus {
            status: group.value,
            orders: group.orders,
        });
    let mut unknown: Vec<_> = unknown.collect();
    unknown.sort_by_key(|unknown| Reverse(unknown.orders));
    Ok(unknown)
}

impl CachedDashboard {
    /// The same as of a minute ago at most, or as they were last counted.
    pub(super) async fn unknown_statuses(&self) -> Vec<UnknownStatus> {
        let before = self.unknown_statuses.last().unwrap_or_default();
        let (reader, now, known) = (Arc::clone(&self.reader), self.now(), before.clone());
        let counting = async move {
            let counted = unknown_statuses(reader.store.as_ref(), &reader.rules, now).await;
            counted.unwrap_or(known)
        };
        let counted = self
            .unknown_statuses
            .get(COUNTED_FOR, COUNTED_WITHIN, now, counting);
        counted.await.unwrap_or(before)
    }
}
