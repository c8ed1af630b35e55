//! More orders than fit on a screen.

use server::calendar::UtcWindow;
use server::store::OrderStore;

use crate::support::agreement::{agreed, agreed_within, filled_and_agreed};
use crate::support::random::orders;
use crate::support::time::{at, calendar, days};

pub async fn a_hundred_thousand_orders_agree_with_the_oracle(store: &dyn OrderStore) {
    let now = at("2026-11-22T10:37:21.500Z");
    let orders = orders(100_000, 42, now);
    for batch in orders.chunks(1_000) {
        store.upsert(batch.to_vec()).await.expect("an upsert");
    }
    let month = UtcWindow::last_days(30, now);
    agreed(store, &orders, month, &days(calendar("UTC"), 7, now)).await;
    for (zone, length) in [("America/New_York", 7), ("Asia/Kathmandu", 1)] {
        let window = UtcWindow::last_days(length, now);
        agreed_within(store, &orders, window, &days(calendar(zone), 7, now)).await;
    }
}

pub async fn a_big_batch_is_one_upsert(store: &dyn OrderStore) {
    let now = at("2026-11-22T10:37:21Z");
    let orders = orders(20_000, 7, now);
    let window = UtcWindow::last_days(30, now);
    filled_and_agreed(store, &orders, window, &[window]).await;
}
