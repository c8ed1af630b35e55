//! Compares the reads of a store with the oracle's.

use app::model::{Filter, OrderFilter};
use chrono::TimeDelta;
use server::calendar::UtcWindow;
use server::order::{Order, OrderId};
use server::store::{OrderStore, Position, StatusRules};

use super::lines::lines;
use super::oracle;
use super::reads::DIMENSIONS;

/// Fills the empty store and compares every read. `totals` takes `windows` and `window`, the other
/// reads take `window`.
pub async fn filled_and_agreed(
    store: &dyn OrderStore,
    orders: &[Order],
    window: UtcWindow,
    windows: &[UtcWindow],
) {
    store.upsert(orders.to_vec()).await.expect("an upsert");
    agreed(store, orders, window, windows).await;
}

/// Compares every read with the oracle's; the store must have exactly `orders`.
pub async fn agreed(
    store: &dyn OrderStore,
    orders: &[Order],
    window: UtcWindow,
    windows: &[UtcWindow],
) {
    agreed_within(store, orders, window, windows).await;
    agreed_on_all(store, orders, window).await;
}

/// Compares the reads that take a window.
pub async fn agreed_within(
    store: &dyn OrderStore,
    orders: &[Order],
    window: UtcWindow,
    windows: &[UtcWindow],
) {
    let windows: Vec<_> = windows.iter().copied().chain([window]).collect();
    agreed_on_figures(
        store,
        orders,
        &StatusRules::default(),
        &Filter::default(),
        &windows,
    )
    .await;
    let documents = drained(store, window).await;
    let expected = oracle::documents(orders, window);
    // assert_eq would print every document.
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

/// Compares the sums: totals of all windows, groups of the last one.
pub async fn agreed_on_figures(
    store: &dyn OrderStore,
    orders: &[Order],
    rules: &StatusRules,
    filter: &Filter,
    windows: &[UtcWindow],
) {
    let totals = windows
        .iter()
        .map(|window| oracle::totals(orders, rules, filter, *window));
    assert_eq!(
        store.totals(rules, filter, windows).await.expect("totals"),
        totals.collect::<Vec<_>>(),
        "totals of {filter:?} in {windows:?}"
    );
    let window = *windows.last().expect("a window");
    for dimension in DIMENSIONS {
        let groups = store.by(rules, dimension, filter, window).await;
        assert_eq!(
            groups.expect("groups"),
            oracle::by(orders, rules, dimension, filter, window),
            "by {dimension:?} of {filter:?} in {window:?}"
        );
    }
    for older_than in [window.from, window.to] {
        let active = store.active(filter, older_than).await;
        assert_eq!(
            active.expect("active orders"),
            oracle::active(orders, filter, older_than),
            "active orders of {filter:?}, older than {older_than}"
        );
    }
}

/// Compares the list of orders from its start and, page by page, to its end.
pub async fn agreed_on_list(store: &dyn OrderStore, orders: &[Order], filter: &OrderFilter) {
    for limit in [1, 5, 1_000] {
        let listed = store.orders(filter, None, limit).await;
        assert_eq!(
            listed.expect("orders"),
            oracle::orders(orders, filter, None, limit as usize),
            "{limit} orders of {filter:?}"
        );
    }
    let all = oracle::orders(orders, filter, None, usize::MAX);
    let positions = oracle::positions(orders, filter);
    let limit = (all.len() / 7 + 1) as u32;
    let (mut after, mut read) = (None::<Position>, Vec::new());
    loop {
        let page = store.orders(filter, after.as_ref(), limit).await;
        let page = page.expect("a page");
        if page.is_empty() {
            break;
        }
        read.extend(page);
        assert!(read.len() <= all.len(), "pages of {filter:?} do not end");
        // Two ids of different types may look alike.
        let last = positions.get(read.len() - 1);
        after = Some(last.expect("a position").clone());
    }
    assert!(read == all, "pages of {limit} of {filter:?}");
}

/// Compares the reads of the whole store.
async fn agreed_on_all(store: &dyn OrderStore, orders: &[Order], window: UtcWindow) {
    agreed_on_list(store, orders, &OrderFilter::default()).await;
    let position = Position {
        created_at: window.to,
        order_id: OrderId::Number(i64::MIN),
    };
    let all = OrderFilter::default();
    let older = store.orders(&all, Some(&position), 10).await;
    assert_eq!(
        older.expect("orders"),
        oracle::orders(orders, &all, Some(&position), 10),
        "orders after {position:?}"
    );
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
    assert_eq!(store.duplicates().await.expect("a count"), 0);
}

/// All documents of the window.
pub async fn drained(store: &dyn OrderStore, window: UtcWindow) -> Vec<String> {
    lines(store.documents(window).await.expect("a stream")).await
}
