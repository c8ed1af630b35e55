//! Every read of a store beside the oracle's.

use chrono::TimeDelta;
use server::calendar::UtcWindow;
use server::order::Order;
use server::store::OrderStore;

use super::lines::lines;
use super::oracle;

/// Fills the empty store and compares every read. `days` follow each other; the other reads take
/// `window`.
pub async fn filled_and_agreed(
    store: &dyn OrderStore,
    orders: &[Order],
    window: UtcWindow,
    days: &[UtcWindow],
) {
    store.upsert(orders.to_vec()).await.expect("an upsert");
    agreed(store, orders, window, days).await;
}

/// Compares every read with the oracle's, for a store that holds exactly `orders`.
pub async fn agreed(
    store: &dyn OrderStore,
    orders: &[Order],
    window: UtcWindow,
    days: &[UtcWindow],
) {
    agreed_within(store, orders, window, days).await;
    agreed_on_all(store, orders).await;
}

/// Compares the reads that take a window.
pub async fn agreed_within(
    store: &dyn OrderStore,
    orders: &[Order],
    window: UtcWindow,
    days: &[UtcWindow],
) {
    assert_eq!(
        store.category_revenue(window).await.expect("categories"),
        oracle::category_revenue(orders, window),
        "categories in {window:?}"
    );
    assert_eq!(
        store.order_counts(days).await.expect("counts"),
        oracle::order_counts(orders, days),
        "orders in {days:?}"
    );
    let windows: Vec<_> = days.iter().copied().chain([window]).collect();
    let figures = windows
        .iter()
        .map(|window| oracle::figures(orders, *window));
    assert_eq!(
        store.figures(&windows).await.expect("figures"),
        figures.collect::<Vec<_>>(),
        "figures in {windows:?}"
    );
    for limit in [1, 5, 1_000] {
        assert_eq!(
            store.top_products(window, limit).await.expect("products"),
            oracle::top_products(orders, window, limit as usize),
            "{limit} products in {window:?}"
        );
    }
    let documents = drained(store, window).await;
    let expected = oracle::documents(orders, window);
    // Not assert_eq: it would print every document.
    if let Some(different) = (0..documents.len().max(expected.len()))
        .find(|&index| documents.get(index) != expected.get(index))
    {
        panic!(
            "document {different} of {} is {:?}, not {:?} of {}",
            documents.len(),
            documents.get(different),
            expected.get(different),
            expected.len()
        );
    }
}

/// Compares the reads of the whole store.
async fn agreed_on_all(store: &dyn OrderStore, orders: &[Order]) {
    assert_eq!(
        store.active_orders().await.expect("active orders"),
        oracle::active_orders(orders)
    );
    for limit in [1, 5, 1_000] {
        assert_eq!(
            store.recent_orders(limit).await.expect("recent orders"),
            oracle::recent_orders(orders, limit as usize),
            "{limit} recent orders"
        );
    }
    assert_eq!(
        store.oldest().await.expect("the oldest"),
        orders.iter().map(|order| order.created_at).min()
    );
    for order in orders.iter().take(10) {
        let after = order.created_at + TimeDelta::milliseconds(1);
        let instants = orders.iter().map(|order| order.created_at);
        assert_eq!(
            store.oldest_since(after).await.expect("the next"),
            instants.filter(|instant| *instant >= after).min(),
            "since {after}"
        );
        let at = store.oldest_since(order.created_at).await;
        assert_eq!(at.expect("itself"), Some(order.created_at));
    }
    assert_eq!(store.count().await.expect("a count"), orders.len() as u64);
    assert_eq!(store.unreadable().await.expect("a count"), 0);
}

/// All documents of the window.
pub async fn drained(store: &dyn OrderStore, window: UtcWindow) -> Vec<String> {
    lines(store.documents(window).await.expect("a stream")).await
}
