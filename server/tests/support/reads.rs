//! The reads of a store in short form: of all orders, by the usual rules.

use app::model::{Filter, OrderFilter, RecentOrder};
use chrono::DateTime;
use server::calendar::UtcWindow;
use server::store::{Active, Dimension, Group, OrderStore, StatusRules, StoreError, Totals};

pub const DIMENSIONS: [Dimension; 4] = [
    Dimension::Category,
    Dimension::Region,
    Dimension::Product,
    Dimension::Status,
];

pub async fn try_totals(
    store: &dyn OrderStore,
    windows: &[UtcWindow],
) -> Result<Vec<Totals>, StoreError> {
    let (rules, all) = (StatusRules::default(), Filter::default());
    store.totals(&rules, &all, windows).await
}

pub async fn totals(store: &dyn OrderStore, windows: &[UtcWindow]) -> Vec<Totals> {
    try_totals(store, windows).await.expect("totals")
}

/// How many orders each window has.
pub async fn counts(store: &dyn OrderStore, windows: &[UtcWindow]) -> Vec<u64> {
    let totals = totals(store, windows).await;
    totals.iter().map(|totals| totals.orders).collect()
}

pub async fn try_by(
    store: &dyn OrderStore,
    dimension: Dimension,
    window: UtcWindow,
) -> Result<Vec<Group>, StoreError> {
    let (rules, all) = (StatusRules::default(), Filter::default());
    store.by(&rules, dimension, &all, window).await
}

pub async fn by(store: &dyn OrderStore, dimension: Dimension, window: UtcWindow) -> Vec<Group> {
    try_by(store, dimension, window).await.expect("groups")
}

pub async fn active(store: &dyn OrderStore) -> Active {
    let all = Filter::default();
    let active = store.active(&all, DateTime::UNIX_EPOCH).await;
    active.expect("active orders")
}

pub async fn newest(store: &dyn OrderStore, limit: u32) -> Vec<RecentOrder> {
    let all = OrderFilter::default();
    let orders = store.orders(&all, None, limit).await;
    orders.expect("orders")
}
