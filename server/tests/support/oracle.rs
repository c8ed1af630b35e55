//! Every read of an order store, computed from all orders in plain Rust.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use app::model::{Cents, Filter, OrderFilter, RecentOrder};
use chrono::{DateTime, Utc};
use server::calendar::UtcWindow;
use server::order::{Order, OrderId};
use server::store::{Active, Dimension, Group, Position, StatusRules, Totals};

fn is(filter: &str, value: &str) -> bool {
    filter.is_empty() || filter == value
}

fn within<'a>(
    orders: &'a [Order],
    filter: &'a Filter,
    window: UtcWindow,
) -> impl Iterator<Item = &'a Order> {
    orders.iter().filter(move |order| {
        window.from <= order.created_at
            && order.created_at < window.to
            && is(&filter.region, &order.region)
            && is(&filter.category, &order.category)
    })
}

fn is_sold(rules: &StatusRules, order: &Order) -> bool {
    !rules
        .not_revenue
        .contains(&order.status.to_ascii_lowercase())
}

pub fn totals(orders: &[Order], rules: &StatusRules, filter: &Filter, window: UtcWindow) -> Totals {
    let mut totals = Totals::default();
    for order in within(orders, filter, window) {
        totals.orders += 1;
        totals.returned += u64::from(order.status.eq_ignore_ascii_case("returned"));
        if is_sold(rules, order) {
            totals.revenue_cents = totals.revenue_cents + order.total;
        }
    }
    totals
}

pub fn by(
    orders: &[Order],
    rules: &StatusRules,
    dimension: Dimension,
    filter: &Filter,
    window: UtcWindow,
) -> Vec<Group> {
    let mut groups: BTreeMap<String, Vec<&Order>> = BTreeMap::new();
    for order in within(orders, filter, window).filter(|order| is_sold(rules, order)) {
        let value = match dimension {
            Dimension::Category => order.category.clone(),
            Dimension::Region => order.region.clone(),
            Dimension::Product => order.product_id.clone(),
            Dimension::Status => order.status.to_ascii_lowercase(),
        };
        groups.entry(value).or_default().push(order);
    }
    let group = |(value, orders): (String, Vec<&Order>)| {
        let mut group = Group {
            value,
            orders: orders.len() as u64,
            units: orders.iter().map(|order| order.quantity).sum(),
            revenue_cents: orders.iter().map(|order| order.total).sum::<Cents>(),
            ..Group::default()
        };
        if dimension == Dimension::Product {
            let categories = orders.iter().map(|order| order.category.clone());
            group.category = categories.min().unwrap_or_default();
            let names = orders.iter().filter_map(|order| order.product_name.clone());
            group.product_name = names.min();
        }
        group
    };
    groups.into_iter().map(group).collect()
}

pub fn active(orders: &[Order], filter: &Filter, older_than: DateTime<Utc>) -> Active {
    let with = |status: &'static str| {
        let found = orders.iter().filter(move |order| {
            order.status.eq_ignore_ascii_case(status)
                && is(&filter.region, &order.region)
                && is(&filter.category, &order.category)
        });
        found.map(|order| order.created_at)
    };
    Active {
        pending: with("pending").count() as u64,
        shipped: with("shipped").count() as u64,
        oldest_pending: with("pending").min(),
        pending_older: with("pending").filter(|at| *at < older_than).count() as u64,
    }
}

/// The listed orders, newest first.
fn listed<'a>(orders: &'a [Order], filter: &OrderFilter) -> Vec<&'a Order> {
    let has_start = |id: &OrderId| match id {
        OrderId::Text(id) => id.starts_with(&filter.id_start),
        _ => filter.id_start.is_empty(),
    };
    let listed = orders.iter().filter(|order| {
        let status = order.status.to_ascii_lowercase();
        is(&filter.filter.region, &order.region)
            && is(&filter.filter.category, &order.category)
            && is(&filter.product_id, &order.product_id)
            && is(&filter.customer_id, &order.customer_id)
            && is(&filter.status.to_ascii_lowercase(), &status)
            && has_start(&order.order_id)
    });
    let mut listed: Vec<_> = listed.collect();
    listed.sort_by_key(|order| Reverse((order.created_at, &order.order_id)));
    listed
}

/// Where each listed order is.
pub fn positions(orders: &[Order], filter: &OrderFilter) -> Vec<Position> {
    let position = |order: &Order| Position {
        created_at: order.created_at,
        order_id: order.order_id.clone(),
    };
    listed(orders, filter).into_iter().map(position).collect()
}

pub fn orders(
    orders: &[Order],
    filter: &OrderFilter,
    after: Option<&Position>,
    limit: usize,
) -> Vec<RecentOrder> {
    listed(orders, filter)
        .into_iter()
        .filter(|order| {
            let place = (order.created_at, &order.order_id);
            after.is_none_or(|after| place < (after.created_at, &after.order_id))
        })
        .take(limit)
        .map(|order| RecentOrder {
            order_id: order.order_id.to_string(),
            created_at: order.created_at.into(),
            product_id: order.product_id.clone(),
            total_cents: order.total,
            status: order.status.clone(),
        })
        .collect()
}

pub fn documents(orders: &[Order], window: UtcWindow) -> Vec<String> {
    let all = Filter::default();
    let mut orders: Vec<_> = within(orders, &all, window).collect();
    orders.sort_by_key(|order| (order.created_at, &order.order_id));
    orders
        .into_iter()
        .map(|order| order.document.clone())
        .collect()
}
