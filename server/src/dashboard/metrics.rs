//! What each metric asks of the store, and over which window: one function a metric.

use std::cmp::Reverse;
use std::sync::Arc;

use app::api::ApiError;
use app::model::group_revenue::Grouping;
use app::model::{
    ActiveOrders, CategoryRevenue, DailyOrders, Figures, Filter, GroupRevenue, OrderFilter, Panel,
    ProductSales, RecentOrder, RegionRevenue, Snapshot, Today,
};
use app::ports::Read;
use chrono::{DateTime, TimeDelta, Utc};

use super::reader::{Computed, Data, Reader};
use crate::cache::Key;
use crate::calendar::UtcWindow;
use crate::store::{Dimension, Group, OrderStore, StatusRules, StoreError, Totals};

/// How many times 24 hours revenue looks back.
const REVENUE_DAYS: i64 = 30;
/// How many business days orders per day and top products look back, today included.
const BUSINESS_DAYS: u64 = 7;
const TOP_PRODUCTS: usize = 5;
const RECENT_ORDERS: u32 = 5;
/// A pending order that is older is late.
const LATE_AFTER: TimeDelta = TimeDelta::hours(24);

/// The metrics as of one instant.
pub struct Metrics<'a> {
    pub reader: &'a Arc<Reader>,
    pub now: DateTime<Utc>,
}

/// What a metric is computed from.
pub struct Question {
    store: Arc<dyn OrderStore>,
    rules: StatusRules,
    filter: Filter,
}

impl Metrics<'_> {
    pub async fn category_revenue(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<CategoryRevenue>>, ApiError> {
        self.revenue_by(Panel::CategoryRevenue, Dimension::Category, filter, read)
            .await
    }

    pub async fn region_revenue(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<RegionRevenue>>, ApiError> {
        self.revenue_by(Panel::RegionRevenue, Dimension::Region, filter, read)
            .await
    }

    pub async fn daily_orders(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<DailyOrders>>, ApiError> {
        let calendar = self.reader.calendar;
        let (days, windows): (Vec<_>, Vec<_>) = calendar
            .last_business_days(BUSINESS_DAYS, self.now)
            .into_iter()
            .unzip();
        let window = self.business_days();
        self.answer(Panel::DailyOrders, filter, read, move |ask| async move {
            let totals = ask.totals(&windows).await?;
            let today = days.last().copied();
            let days = days
                .into_iter()
                .zip(totals)
                .map(|(day, totals)| DailyOrders {
                    day,
                    orders: totals.orders,
                    unfinished: Some(day) == today,
                });
            Ok((days.collect(), Some(window)))
        })
        .await
    }

    pub async fn today(&self, filter: &Filter, read: Read) -> Result<Snapshot<Today>, ApiError> {
        let calendar = self.reader.calendar;
        let window = calendar.today(self.now);
        let yesterday = calendar.yesterday_same_time(self.now);
        self.answer(Panel::Today, filter, read, move |ask| async move {
            let totals = ask.totals(&[window, yesterday]).await?;
            let today = Today {
                today: figures(totals.first()),
                yesterday_same_time: figures(totals.get(1)),
                yesterday_until: Some(calendar.timestamp(yesterday.to)),
            };
            Ok((today, Some(window)))
        })
        .await
    }

    pub async fn active_orders(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<ActiveOrders>, ApiError> {
        let late = self.now - LATE_AFTER;
        self.answer(Panel::ActiveOrders, filter, read, move |ask| async move {
            let active = ask.store.active(&ask.filter, late).await?;
            let active = ActiveOrders {
                pending: active.pending,
                shipped: active.shipped,
            };
            Ok((active, None))
        })
        .await
    }

    pub async fn top_products(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<ProductSales>>, ApiError> {
        let window = self.business_days();
        self.answer(Panel::TopProducts, filter, read, move |ask| async move {
            let groups = ask.by(Dimension::Product, window).await?;
            Ok((by_units(groups), Some(window)))
        })
        .await
    }

    pub async fn recent_orders(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<RecentOrder>>, ApiError> {
        let calendar = self.reader.calendar;
        self.answer(Panel::RecentOrders, filter, read, move |ask| async move {
            let filter = OrderFilter {
                filter: ask.filter,
                ..OrderFilter::default()
            };
            let mut orders = ask.store.orders(&filter, None, RECENT_ORDERS).await?;
            for order in &mut orders {
                order.created_at = calendar.timestamp(order.created_at.utc());
            }
            Ok((orders, None))
        })
        .await
    }

    /// The revenue of each group, highest first, ties by name.
    async fn revenue_by<G: Grouping>(
        &self,
        panel: Panel,
        dimension: Dimension,
        filter: &Filter,
        read: Read,
    ) -> Result<Snapshot<Vec<GroupRevenue<G>>>, ApiError> {
        let window = UtcWindow::last_days(REVENUE_DAYS, self.now);
        self.answer(panel, filter, read, move |ask| async move {
            let groups = ask.by(dimension, window).await?.into_iter();
            let mut rows: Vec<_> = groups
                .map(|group| GroupRevenue::new(group.value, group.revenue_cents, group.orders))
                .collect();
            // Stable: groups come by name.
            rows.sort_by_key(|row| Reverse(row.revenue_cents));
            Ok((rows, Some(window)))
        })
        .await
    }

    /// The answer of `panel`, which `compute` gets from the store where it is not cached.
    async fn answer<T: Data, F>(
        &self,
        panel: Panel,
        filter: &Filter,
        read: Read,
        compute: impl FnOnce(Question) -> F,
    ) -> Result<Snapshot<T>, ApiError>
    where
        F: Future<Output = Computed<T>> + Send + 'static,
    {
        let compute = compute(self.question(filter));
        let key = Key::of(panel, filter);
        self.reader.answer(key, read, compute).await
    }

    pub fn question(&self, filter: &Filter) -> Question {
        Question {
            store: self.reader.store.clone(),
            rules: StatusRules::default(),
            filter: filter.clone(),
        }
    }

    /// All the business days that the dashboard looks back over, as one window.
    fn business_days(&self) -> UtcWindow {
        let calendar = self.reader.calendar;
        let days = calendar.last_business_days(BUSINESS_DAYS, self.now);
        let from = days.first().map_or(self.now, |(_, first)| first.from);
        UtcWindow { from, to: self.now }
    }
}

impl Question {
    pub async fn totals(&self, windows: &[UtcWindow]) -> Result<Vec<Totals>, StoreError> {
        let Self {
            store,
            rules,
            filter,
        } = self;
        store.totals(rules, filter, windows).await
    }

    async fn by(&self, dimension: Dimension, window: UtcWindow) -> Result<Vec<Group>, StoreError> {
        let Self {
            store,
            rules,
            filter,
        } = self;
        store.by(rules, dimension, filter, window).await
    }
}

pub fn figures(totals: Option<&Totals>) -> Figures {
    let totals = totals.copied().unwrap_or_default();
    Figures {
        revenue_cents: totals.revenue_cents,
        orders: totals.orders,
    }
}

/// The products with most units, then most revenue, then by id.
fn by_units(groups: Vec<Group>) -> Vec<ProductSales> {
    let mut rows: Vec<_> = groups
        .into_iter()
        .map(|group| ProductSales {
            product_id: group.value,
            category: group.category,
            units: group.units,
            revenue_cents: group.revenue_cents,
        })
        .collect();
    // Stable: groups come by id.
    rows.sort_by_key(|row| Reverse((row.units, row.revenue_cents)));
    rows.truncate(TOP_PRODUCTS);
    rows
}
