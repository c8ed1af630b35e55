//! What each metric asks of the store, and over which window: one function a metric.

use std::cmp::Reverse;
use std::sync::Arc;

use app::api::ApiError;
use app::model::group_revenue::Grouping;
use app::model::{
    ActiveOrders, CategoryRevenue, DailyOrders, Figures, Filter, GroupRevenue, HourlyOrders,
    OrderFilter, Panel, ProductSales, RecentOrder, RegionRevenue, ReturnedOrders, Returns,
    Snapshot, Today, Watermark,
};
use app::ports::Read;
use chrono::TimeDelta;

use super::hours::Hours;
use super::question::{BUSINESS_DAYS, Question, figures};
use super::reader::{Computed, Data, Reader};
use crate::cache::Key;
use crate::calendar::UtcWindow;
use crate::store::{Dimension, Group, StoreError};

/// How many times 24 hours revenue and the watermark look back.
pub(super) const REVENUE_DAYS: i64 = 30;
const TOP_PRODUCTS: usize = 5;
const RECENT_ORDERS: u32 = 5;
/// A pending order that is older is late.
const LATE_AFTER: TimeDelta = TimeDelta::hours(24);

/// A metric's answer.
type Answer<T> = Result<Snapshot<T>, ApiError>;

/// The metrics.
pub struct Metrics<'a>(pub &'a Arc<Reader>);

impl Metrics<'_> {
    pub async fn category_revenue(
        &self,
        filter: &Filter,
        read: Read,
    ) -> Answer<Vec<CategoryRevenue>> {
        self.revenue_by(Panel::CategoryRevenue, Dimension::Category, filter, read)
            .await
    }

    pub async fn region_revenue(&self, filter: &Filter, read: Read) -> Answer<Vec<RegionRevenue>> {
        self.revenue_by(Panel::RegionRevenue, Dimension::Region, filter, read)
            .await
    }

    pub async fn daily_orders(&self, filter: &Filter, read: Read) -> Answer<Vec<DailyOrders>> {
        self.answer(Panel::DailyOrders, filter, read, |ask| async move {
            let days = ask.calendar.last_business_days(BUSINESS_DAYS, ask.now);
            let (days, windows): (Vec<_>, Vec<_>) = days.into_iter().unzip();
            let totals = ask.totals(&windows).await?;
            let today = days.last().copied();
            let days = days.into_iter().zip(totals);
            let days = days.map(|(day, totals)| DailyOrders {
                day,
                orders: totals.orders,
                unfinished: Some(day) == today,
            });
            Ok((days.collect(), Some(ask.business_days())))
        })
        .await
    }

    pub async fn today(&self, filter: &Filter, read: Read) -> Answer<Today> {
        let answer = self.answer(Panel::Today, filter, read, |ask| async move {
            let window = ask.calendar.today(ask.now);
            let same_time = |days| ask.calendar.same_time_days_ago(days, ask.now);
            let yesterday = ask.calendar.days_ago(1, ask.now);
            let windows = [window, same_time(1), same_time(7), yesterday];
            let totals = ask.totals(&windows).await?;
            let today = Today {
                today: figures(totals.first()),
                yesterday_same_time: figures(totals.get(1)),
                week_ago_same_time: figures(totals.get(2)),
                yesterday: figures(totals.get(3)),
                yesterday_until: None,
            };
            Ok((today, Some(window)))
        });
        let mut answer = answer.await?;
        let calendar = self.0.calendar;
        // It is not cached.
        answer.data.yesterday_until = answer.window.map(|today| {
            let yesterday = calendar.same_time_days_ago(1, today.to.utc());
            calendar.timestamp(yesterday.to)
        });
        Ok(answer)
    }

    pub async fn hourly_orders(&self, filter: &Filter, read: Read) -> Answer<Vec<HourlyOrders>> {
        self.answer(Panel::HourlyOrders, filter, read, |ask| async move {
            let hours = Hours::of(ask.calendar, ask.now);
            let totals = ask.totals(&hours.windows()).await?;
            let window = ask.calendar.today(ask.now);
            Ok((hours.rows(&totals, ask.calendar), Some(window)))
        })
        .await
    }

    pub async fn returns(&self, filter: &Filter, read: Read) -> Answer<Returns> {
        self.answer(Panel::Returns, filter, read, |ask| async move {
            let last = ask.business_days();
            let before = UtcWindow {
                from: ask.calendar.days_ago(2 * BUSINESS_DAYS - 1, ask.now).from,
                to: last.from,
            };
            let totals = ask.totals(&[last, before]).await?;
            let mut totals = totals.iter().map(|totals| ReturnedOrders {
                orders: totals.orders,
                returned: totals.returned,
            });
            let returns = Returns {
                last_7_days: totals.next().unwrap_or_default(),
                the_7_before: totals.next().unwrap_or_default(),
            };
            Ok((returns, Some(last)))
        })
        .await
    }

    pub async fn active_orders(&self, filter: &Filter, read: Read) -> Answer<ActiveOrders> {
        self.answer(Panel::ActiveOrders, filter, read, |ask| async move {
            let late = ask.now - LATE_AFTER;
            let active = ask.store.active(&ask.filter, late).await?;
            let active = ActiveOrders {
                pending: active.pending,
                shipped: active.shipped,
                oldest_pending: active.oldest_pending.map(|at| ask.calendar.timestamp(at)),
                pending_over_24h: active.pending_older,
            };
            Ok((active, None))
        })
        .await
    }

    pub async fn top_products(&self, filter: &Filter, read: Read) -> Answer<Vec<ProductSales>> {
        self.answer(Panel::TopProducts, filter, read, |ask| async move {
            let window = ask.business_days();
            let groups = ask.by(Dimension::Product, window).await?;
            Ok((by_units(groups), Some(window)))
        })
        .await
    }

    pub async fn recent_orders(&self, filter: &Filter, read: Read) -> Answer<Vec<RecentOrder>> {
        self.answer(Panel::RecentOrders, filter, read, |ask| async move {
            let filter = OrderFilter {
                filter: ask.filter,
                ..OrderFilter::default()
            };
            let mut orders = ask.store.orders(&filter, None, RECENT_ORDERS).await?;
            for order in &mut orders {
                order.created_at = ask.calendar.timestamp(order.created_at.utc());
            }
            Ok((orders, None))
        })
        .await
    }

    /// The figures that a later refresh compares with.
    pub async fn watermark(&self, read: Read) -> Result<Watermark, ApiError> {
        let ask = self.question(&Filter::default());
        let compute = async move {
            let ask = ask();
            let window = UtcWindow::last_days(REVENUE_DAYS, ask.now);
            let totals = ask.totals(&[window]).await?;
            let watermark = Watermark {
                from: ask.calendar.timestamp(window.from),
                at: ask.calendar.timestamp(window.to),
                figures: figures(totals.first()),
            };
            Ok((watermark, Some(window)))
        };
        let answer = self.0.answer(Key::watermark(), read, compute).await?;
        Ok(answer.data)
    }

    /// The figures of one window, past everything that is known.
    pub async fn figures(&self, window: UtcWindow) -> Result<Figures, StoreError> {
        let ask = self.question(&Filter::default())();
        Ok(figures(ask.totals(&[window]).await?.first()))
    }

    /// The revenue of each group, highest first, ties by name.
    async fn revenue_by<G: Grouping>(
        &self,
        panel: Panel,
        dimension: Dimension,
        filter: &Filter,
        read: Read,
    ) -> Answer<Vec<GroupRevenue<G>>> {
        self.answer(panel, filter, read, move |ask| async move {
            let window = UtcWindow::last_days(REVENUE_DAYS, ask.now);
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
    async fn answer<T: Data, F: Future<Output = Computed<T>> + Send + 'static>(
        &self,
        panel: Panel,
        filter: &Filter,
        read: Read,
        compute: impl FnOnce(Question) -> F + Send + 'static,
    ) -> Answer<T> {
        let ask = self.question(filter);
        let compute = async move { compute(ask()).await };
        self.0.answer(Key::of(panel, filter), read, compute).await
    }

    /// The question as of the moment in which it is called: a computation may have to wait for the
    /// one before it.
    fn question(&self, filter: &Filter) -> impl FnOnce() -> Question + Send + 'static {
        let (reader, filter) = (Arc::clone(self.0), filter.clone());
        move || Question {
            store: Arc::clone(&reader.store),
            rules: reader.rules.clone(),
            filter,
            calendar: reader.calendar,
            now: reader.clock.now(),
        }
    }
}

/// The products with most units, then most revenue, then by id.
fn by_units(groups: Vec<Group>) -> Vec<ProductSales> {
    let mut rows: Vec<_> = groups
        .into_iter()
        .map(|group| ProductSales {
            product_id: group.value,
            product_name: group.product_name,
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
