//! Rows that only this program reads, in the same manner.

use app::model::{ActiveOrders, Figures, ProductSales, RecentOrder, Timestamp, Today, Watermark};
use serde::{Deserialize, Serialize};

use super::{Rows, cents, read, write};

#[derive(Serialize, Deserialize)]
struct FiguresRow {
    #[serde(rename = "_id")]
    what: String,
    revenue: f64,
    orders: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

impl FiguresRow {
    fn new(what: &str, figures: Figures, until: Option<Timestamp>) -> Self {
        Self {
            what: what.to_owned(),
            revenue: figures.revenue_cents.dollars(),
            orders: figures.orders,
            until,
        }
    }

    fn named(&self, what: &str) -> Option<Figures> {
        let revenue_cents = cents(self.revenue)?;
        (self.what == what).then_some(Figures {
            revenue_cents,
            orders: self.orders,
        })
    }
}

impl Rows for Today {
    fn to_rows(&self) -> serde_json::Result<String> {
        write([
            FiguresRow::new("today", self.today, None),
            FiguresRow::new(
                "yesterday_same_time",
                self.yesterday_same_time,
                self.yesterday_until,
            ),
        ])
    }

    fn from_rows(text: &str) -> Option<Self> {
        let mut rows = read(text)?;
        let (today, yesterday): (FiguresRow, FiguresRow) = (rows.next()?, rows.next()?);
        Some(Self {
            today: today.named("today")?,
            yesterday_same_time: yesterday.named("yesterday_same_time")?,
            yesterday_until: yesterday.until,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct StatusRow {
    #[serde(rename = "_id")]
    status: String,
    count: u64,
}

impl Rows for ActiveOrders {
    fn to_rows(&self) -> serde_json::Result<String> {
        let row = |status: &str, count| StatusRow {
            status: status.to_owned(),
            count,
        };
        write([row("pending", self.pending), row("shipped", self.shipped)])
    }

    fn from_rows(text: &str) -> Option<Self> {
        let mut rows = read(text)?;
        let mut next = |status| {
            let row: StatusRow = rows.next()?;
            (row.status == status).then_some(row.count)
        };
        Some(Self {
            pending: next("pending")?,
            shipped: next("shipped")?,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct ProductRow {
    #[serde(rename = "_id")]
    product_id: String,
    category: String,
    units: i64,
    revenue: f64,
}

impl Rows for Vec<ProductSales> {
    fn to_rows(&self) -> serde_json::Result<String> {
        write(self.iter().map(|product| ProductRow {
            product_id: product.product_id.clone(),
            category: product.category.clone(),
            units: product.units,
            revenue: product.revenue_cents.dollars(),
        }))
    }

    fn from_rows(text: &str) -> Option<Self> {
        read(text)?
            .map(|row: ProductRow| {
                Some(ProductSales {
                    product_id: row.product_id,
                    category: row.category,
                    units: row.units,
                    revenue_cents: cents(row.revenue)?,
                })
            })
            .collect()
    }
}

#[derive(Serialize, Deserialize)]
struct OrderRow {
    #[serde(rename = "_id")]
    order_id: String,
    created_at: Timestamp,
    product_id: String,
    total: f64,
    status: String,
}

impl Rows for Vec<RecentOrder> {
    fn to_rows(&self) -> serde_json::Result<String> {
        write(self.iter().map(|order| OrderRow {
            order_id: order.order_id.clone(),
            created_at: order.created_at,
            product_id: order.product_id.clone(),
            total: order.total_cents.dollars(),
            status: order.status.clone(),
        }))
    }

    fn from_rows(text: &str) -> Option<Self> {
        read(text)?
            .map(|row: OrderRow| {
                Some(RecentOrder {
                    order_id: row.order_id,
                    created_at: row.created_at,
                    product_id: row.product_id,
                    total_cents: cents(row.total)?,
                    status: row.status,
                })
            })
            .collect()
    }
}

#[derive(Serialize, Deserialize)]
struct WatermarkRow {
    #[serde(rename = "_id")]
    at: Timestamp,
    from: Timestamp,
    revenue: f64,
    orders: u64,
}

impl Rows for Watermark {
    fn to_rows(&self) -> serde_json::Result<String> {
        write([WatermarkRow {
            at: self.at,
            from: self.from,
            revenue: self.figures.revenue_cents.dollars(),
            orders: self.figures.orders,
        }])
    }

    fn from_rows(text: &str) -> Option<Self> {
        let row: WatermarkRow = read(text)?.next()?;
        Some(Self {
            from: row.from,
            at: row.at,
            figures: Figures {
                revenue_cents: cents(row.revenue)?,
                orders: row.orders,
            },
        })
    }
}
