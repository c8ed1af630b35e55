//! The days that the orders cover.

use chrono::{DateTime, TimeDelta, Utc};

use crate::calendar::{Calendar, UtcWindow};
use crate::order;

/// How long orders stay.
pub const DAYS: u32 = 35;
/// An order that is about to expire may be gone on one side already.
const MARGIN: TimeDelta = TimeDelta::minutes(10);

/// An older order is never inserted.
pub fn begin(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(DAYS.into())
}

/// Every business day of the window, oldest first. The last one holds the orders of the future, too.
pub fn days(calendar: &Calendar, now: DateTime<Utc>) -> Vec<UtcWindow> {
    let days = calendar.last_business_days(DAYS.into(), now).into_iter();
    let mut days: Vec<UtcWindow> = days.map(|(_, day)| day).collect();
    if let Some(first) = days.first_mut() {
        first.from = first.from.max(begin(now) + MARGIN);
    }
    if let Some(last) = days.last_mut() {
        last.to = order::from_milliseconds(order::MILLISECONDS.end - 1).unwrap_or(last.to);
    }
    days
}
