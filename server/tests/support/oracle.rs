//! Every read of an order store, computed from all orders in plain Rust.

use std::collections::BTreeMap;

use app::model::{ActiveOrders, CategoryRevenue, Cents, Figures, ProductSales, RecentOrder};
use server::calendar::UtcWindow;
use server::order::Order;

/// The orders of the window that bring revenue.
fn sold(orders: &[Order], window: UtcWindow) -> impl Iterator<Item = &Order> {
    within(orders, window).filter(|order| order.status != "returned")
}

fn within(orders: &[Order], window: UtcWindow) -> impl Iterator<Item = &Order> {
    orders
        .iter()
        .filter(move |order| window.from <= order.created_at && order.created_at < window.to)
}

pub fn category_revenue(orders: &[Order], window: UtcWindow) -> Vec<CategoryRevenue> {
    let mut sums: BTreeMap<&str, (i64, u64)> = BTreeMap::new();
    for order in sold(orders, window) {
        let (cents, count) = sums.entry(&order.category).or_default();
        *cents += order.total.0;
        *count += 1;
    }
    let mut rows: Vec<_> = sums
        .into_iter()
        .map(|(category, (cents, orders))| CategoryRevenue {
            category: category.to_owned(),
            revenue_cents: Cents(cents),
            orders,
            average_order_cents: Cents(half_up(cents, orders)),
        })
        .collect();
    rows.sort_by(|a, b| {
        let by_revenue = b.revenue_cents.cmp(&a.revenue_cents);
        by_revenue.then_with(|| a.category.cmp(&b.category))
    });
    rows
}

fn half_up(cents: i64, orders: u64) -> i64 {
    let orders = orders as i64;
    let (whole, rest) = (cents.div_euclid(orders), cents.rem_euclid(orders));
    whole + i64::from(2 * rest >= orders)
}

pub fn order_counts(orders: &[Order], windows: &[UtcWindow]) -> Vec<u64> {
    windows
        .iter()
        .map(|window| within(orders, *window).count() as u64)
        .collect()
}

pub fn figures(orders: &[Order], window: UtcWindow) -> Figures {
    Figures {
        revenue_cents: Cents(sold(orders, window).map(|order| order.total.0).sum()),
        orders: within(orders, window).count() as u64,
    }
}

pub fn active_orders(orders: &[Order]) -> ActiveOrders {
    let with = |status| {
        let orders = orders.iter().filter(|order| order.status == status);
        orders.count() as u64
    };
    ActiveOrders {
        pending: with("pending"),
        shipped: with("shipped"),
    }
}

pub fn top_products(orders: &[Order], window: UtcWindow, limit: usize) -> Vec<ProductSales> {
    let mut sums: BTreeMap<&str, (i64, i64, &str)> = BTreeMap::new();
    for order in sold(orders, window) {
        let first = (0, 0, order.category.as_str());
        let (units, cents, category) = sums.entry(&order.product_id).or_insert(first);
        *units += order.quantity;
        *cents += order.total.0;
        *category = (*category).min(&order.category);
    }
    let mut rows: Vec<_> = sums
        .into_iter()
        .map(|(product_id, (units, cents, category))| ProductSales {
            product_id: product_id.to_owned(),
            category: category.to_owned(),
            units,
            revenue_cents: Cents(cents),
        })
        .collect();
    rows.sort_by(|a, b| {
        let by_units = b.units.cmp(&a.units);
        let by_revenue = by_units.then(b.revenue_cents.cmp(&a.revenue_cents));
        by_revenue.then_with(|| a.product_id.cmp(&b.product_id))
    });
    rows.truncate(limit);
    rows
}

pub fn recent_orders(orders: &[Order], limit: usize) -> Vec<RecentOrder> {
    let mut orders: Vec<_> = orders.iter().collect();
    orders.sort_by_key(|order| (order.created_at, &order.order_id));
    let newest = orders.into_iter().rev().take(limit);
    newest
        .map(|order| RecentOrder {
            order_id: order.order_id.clone(),
            created_at: order.created_at.into(),
            product_id: order.product_id.clone(),
            total_cents: order.total,
            status: order.status.clone(),
        })
        .collect()
}

pub fn documents(orders: &[Order], window: UtcWindow) -> Vec<String> {
    let mut orders: Vec<_> = within(orders, window).collect();
    orders.sort_by_key(|order| (order.created_at, &order.order_id));
    orders
        .into_iter()
        .map(|order| order.document.clone())
        .collect()
}
