//! The business day hour by hour, beside yesterday.

use app::model::HourlyOrders;
use chrono::{DateTime, Utc};

use super::question::figures;
use crate::calendar::{Calendar, UtcWindow};
use crate::store::Totals;

/// The hours of both days.
pub struct Hours {
    /// Of all of today.
    today: Vec<UtcWindow>,
    /// Those of today that have begun; the last ends now.
    begun: Vec<UtcWindow>,
    yesterday: Vec<UtcWindow>,
}

impl Hours {
    pub fn of(calendar: Calendar, now: DateTime<Utc>) -> Self {
        let today = calendar.days_ago(0, now).hours();
        let begun = today.iter().filter(|hour| hour.from <= now);
        let until_now = |hour: &UtcWindow| UtcWindow {
            to: hour.to.min(now),
            ..*hour
        };
        Self {
            begun: begun.map(until_now).collect(),
            today,
            yesterday: calendar.days_ago(1, now).hours(),
        }
    }

    /// What the rows count: the hours that have begun, then yesterday's.
    pub fn windows(&self) -> Vec<UtcWindow> {
        [self.begun.as_slice(), &self.yesterday].concat()
    }

    /// A row for each hour of the longer day, from the totals of [`Hours::windows`].
    pub fn rows(&self, totals: &[Totals], calendar: Calendar) -> Vec<HourlyOrders> {
        let (today, yesterday) = totals.split_at(self.begun.len().min(totals.len()));
        let longer = match self.today.len() >= self.yesterday.len() {
            true => &self.today,
            false => &self.yesterday,
        };
        let row = |(number, hour): (usize, &UtcWindow)| {
            let from = self.today.get(number).unwrap_or(hour).from;
            HourlyOrders {
                from: calendar.timestamp(from),
                today: today.get(number).map(|totals| figures(Some(totals))),
                yesterday: yesterday.get(number).map(|totals| figures(Some(totals))),
                unfinished: number + 1 == self.begun.len(),
            }
        };
        longer.iter().enumerate().map(row).collect()
    }
}
