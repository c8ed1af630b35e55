//! Answers as rows for other programs: the shape of an aggregation's result, amounts in dollars, the
//! key in `_id`.

use app::model::group_revenue::Grouping;
use app::model::{
    ActiveOrders, DailyOrders, Figures, GroupRevenue, HourlyOrders, ProductSales, RecentOrder,
    ReturnedOrders, Returns, Timestamp, Today, Watermark,
};
use serde::Serialize;

/// An answer that can be written as rows. Those of revenue by category and of orders per day are a
/// contract to the byte.
pub trait Rows {
    /// The answer as a JSON array of objects.
    fn to_rows(&self) -> serde_json::Result<String>;
}

fn write<T: Serialize>(rows: impl IntoIterator<Item = T>) -> serde_json::Result<String> {
    serde_json::to_string(&rows.into_iter().collect::<Vec<_>>())
}

#[derive(Serialize)]
struct GroupRow<'a> {
    _id: &'a str,
    revenue: f64,
    orders: u64,
    avg_order: f64,
}

impl<G: Grouping> Rows for Vec<GroupRevenue<G>> {
    fn to_rows(&self) -> serde_json::Result<String> {
        write(self.iter().map(|group| GroupRow {
            _id: &group.name,
            revenue: group.revenue_cents.dollars(),
            orders: group.orders,
            avg_order: group.average_order_cents.dollars(),
        }))
    }
}

#[derive(Serialize)]
struct CountRow<T> {
    _id: T,
    count: u64,
}

impl Rows for Vec<DailyOrders> {
    fn to_rows(&self) -> serde_json::Result<String> {
        write(self.iter().map(|day| CountRow {
            _id: day.day,
            count: day.orders,
        }))
    }
}

impl Rows for ActiveOrders {
    fn to_rows(&self) -> serde_json::Result<String> {
        let row = |_id, count| CountRow { _id, count };
        write([
            row("pending", self.pending),
            row("shipped", self.shipped),
            row("pending_over_24h", self.pending_over_24h),
        ])
    }
}

#[derive(Serialize)]
struct FiguresRow {
    _id: &'static str,
    revenue: f64,
    orders: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

impl Rows for Today {
    fn to_rows(&self) -> serde_json::Result<String> {
        let row = |_id, figures: Figures, until| FiguresRow {
            _id,
            revenue: figures.revenue_cents.dollars(),
            orders: figures.orders,
            until,
        };
        let (yesterday, until) = (self.yesterday_same_time, self.yesterday_until);
        write([
            row("today", self.today, None),
            row("yesterday_same_time", yesterday, until),
            row("week_ago_same_time", self.week_ago_same_time, None),
            row("yesterday", self.yesterday, None),
        ])
    }
}

#[derive(Serialize)]
struct HourRow {
    _id: Timestamp,
    revenue: Option<f64>,
    orders: Option<u64>,
    revenue_yesterday: Option<f64>,
    orders_yesterday: Option<u64>,
}

impl Rows for Vec<HourlyOrders> {
    fn to_rows(&self) -> serde_json::Result<String> {
        let revenue = |figures: Figures| figures.revenue_cents.dollars();
        let orders = |figures: Figures| figures.orders;
        write(self.iter().map(|hour| HourRow {
            _id: hour.from,
            revenue: hour.today.map(revenue),
            orders: hour.today.map(orders),
            revenue_yesterday: hour.yesterday.map(revenue),
            orders_yesterday: hour.yesterday.map(orders),
        }))
    }
}

#[derive(Serialize)]
struct ReturnsRow {
    _id: &'static str,
    orders: u64,
    returned: u64,
}

impl Rows for Returns {
    fn to_rows(&self) -> serde_json::Result<String> {
        let row = |_id, of: ReturnedOrders| ReturnsRow {
            _id,
            orders: of.orders,
            returned: of.returned,
        };
        write([
            row("last_7_days", self.last_7_days),
            row("the_7_before", self.the_7_before),
        ])
    }
}

#[derive(Serialize)]
struct ProductRow<'a> {
    _id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    category: &'a str,
    units: i64,
    revenue: f64,
}

impl Rows for Vec<ProductSales> {
    fn to_rows(&self) -> serde_json::Result<String> {
        write(self.iter().map(|product| ProductRow {
            _id: &product.product_id,
            name: product.product_name.as_deref(),
            category: &product.category,
            units: product.units,
            revenue: product.revenue_cents.dollars(),
        }))
    }
}

#[derive(Serialize)]
struct OrderRow<'a> {
    _id: &'a str,
    created_at: Timestamp,
    product_id: &'a str,
    total: f64,
    status: &'a str,
}

impl Rows for Vec<RecentOrder> {
    fn to_rows(&self) -> serde_json::Result<String> {
        write(self.iter().map(|order| OrderRow {
            _id: &order.order_id,
            created_at: order.created_at,
            product_id: &order.product_id,
            total: order.total_cents.dollars(),
            status: &order.status,
        }))
    }
}

#[derive(Serialize)]
struct WatermarkRow {
    _id: Timestamp,
    from: Timestamp,
    revenue: f64,
    orders: u64,
}

impl Rows for Watermark {
    fn to_rows(&self) -> serde_json::Result<String> {
        write([WatermarkRow {
            _id: self.at,
            from: self.from,
            revenue: self.figures.revenue_cents.dollars(),
            orders: self.figures.orders,
        }])
    }
}
