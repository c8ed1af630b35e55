//! What each metric asks of the store, and over which window: one function a metric.

use std::sync::{Arc, OnceLock};

use app::api::ApiError;
use app::model::{
    ActiveOrders, CategoryRevenue, DailyOrders, Figures, Filter, Panel, ProductSales, RecentOrder,
    Snapshot, Today, Watermark,
};
use app::ports::Read;
use chrono::{DateTime, Utc};

use super::reader::Reader;
use crate::cache::Key;
use crate::calendar::UtcWindow;

/// Category revenue looks back over so many times 24 hours, and so does a watermark.
const REVENUE_DAYS: i64 = 30;
/// Orders per day and top products look back over so many business days, today included.
const BUSINESS_DAYS: u64 = 7;
const TOP_PRODUCTS: u32 = 5;
const RECENT_ORDERS: u32 = 5;

/// The metrics as of one instant.
pub struct Metrics<'a> {
    pub reader: &'a Arc<Reader>,
    pub now: DateTime<Utc>,
}

impl Metrics<'_> {
    pub async fn category_revenue(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<CategoryRevenue>>, ApiError> {
        let window = UtcWindow::last_days(REVENUE_DAYS, self.now);
        let store = self.reader.store.clone();
        let compute = async move {
            let categories = store.category_revenue(window).await?;
            Ok((categories, Some(window)))
        };
        self.reader
            .answer(Key::of(Panel::CategoryRevenue, filter), read, compute)
            .await
    }

    pub async fn daily_orders(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<DailyOrders>>, ApiError> {
        let (days, windows): (Vec<_>, Vec<_>) = self
            .reader
            .calendar
            .last_business_days(BUSINESS_DAYS, self.now)
            .into_iter()
            .unzip();
        let window = self.business_days();
        let store = self.reader.store.clone();
        let compute = async move {
            let counts = store.order_counts(&windows).await?;
            let today = days.last().copied();
            let days = days.iter().zip(counts).map(|(day, orders)| DailyOrders {
                day: *day,
                orders,
                unfinished: Some(*day) == today,
            });
            Ok((days.collect(), Some(window)))
        };
        self.reader
            .answer(Key::of(Panel::DailyOrders, filter), read, compute)
            .await
    }

    pub async fn today(&self, filter: &Filter, read: Read) -> Result<Snapshot<Today>, ApiError> {
        let window = self.reader.calendar.today(self.now);
        let yesterday = self.reader.calendar.yesterday_same_time(self.now);
        let (store, calendar) = (self.reader.store.clone(), self.reader.calendar);
        let compute = async move {
            let figures = store.figures(&[window, yesterday]).await?;
            let of = |index| figures.get(index).copied().unwrap_or_default();
            let today = Today {
                today: of(0),
                yesterday_same_time: of(1),
                yesterday_until: Some(calendar.timestamp(yesterday.to)),
            };
            Ok((today, Some(window)))
        };
        self.reader
            .answer(Key::of(Panel::Today, filter), read, compute)
            .await
    }

    pub async fn active_orders(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<ActiveOrders>, ApiError> {
        let store = self.reader.store.clone();
        let compute = async move { Ok((store.active_orders().await?, None)) };
        self.reader
            .answer(Key::of(Panel::ActiveOrders, filter), read, compute)
            .await
    }

    pub async fn top_products(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<ProductSales>>, ApiError> {
        let window = self.business_days();
        let store = self.reader.store.clone();
        let compute = async move {
            let products = store.top_products(window, TOP_PRODUCTS).await?;
            Ok((products, Some(window)))
        };
        self.reader
            .answer(Key::of(Panel::TopProducts, filter), read, compute)
            .await
    }

    pub async fn recent_orders(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<RecentOrder>>, ApiError> {
        let (store, calendar) = (self.reader.store.clone(), self.reader.calendar);
        let compute = async move {
            let mut orders = store.recent_orders(RECENT_ORDERS).await?;
            for order in &mut orders {
                order.created_at = calendar.timestamp(order.created_at.utc());
            }
            Ok((orders, None))
        };
        self.reader
            .answer(Key::of(Panel::RecentOrders, filter), read, compute)
            .await
    }

    /// The watermark, and when it is computed and not cached, also the figures since `also_from`
    /// (to `now`), as of the same moment.
    pub async fn watermark(
        &self,
        read: Read,
        also_from: Option<DateTime<Utc>>,
    ) -> Result<(Watermark, Option<Figures>), ApiError> {
        let window = UtcWindow::last_days(REVENUE_DAYS, self.now);
        let also = also_from.map(|from| UtcWindow { from, to: self.now });
        let windows: Vec<_> = [window].into_iter().chain(also).collect();
        let (store, calendar) = (self.reader.store.clone(), self.reader.calendar);
        let also = Arc::new(OnceLock::new());
        let computed = also.clone();
        let compute = async move {
            let figures = store.figures(&windows).await?;
            if let Some(figures) = figures.get(1) {
                _ = computed.set(*figures);
            }
            let watermark = Watermark {
                from: calendar.timestamp(window.from),
                at: calendar.timestamp(window.to),
                figures: figures.first().copied().unwrap_or_default(),
            };
            Ok((watermark, Some(window)))
        };
        let snapshot = self.reader.answer(Key::watermark(), read, compute).await?;
        Ok((snapshot.data, also.get().copied()))
    }

    /// All the business days that the dashboard looks back over, as one window.
    fn business_days(&self) -> UtcWindow {
        let days = self
            .reader
            .calendar
            .last_business_days(BUSINESS_DAYS, self.now);
        let from = days.first().map_or(self.now, |(_, first)| first.from);
        UtcWindow { from, to: self.now }
    }
}
