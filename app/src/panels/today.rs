//! What the figures of the business day share.

use chrono::Days;

use crate::model::timestamp::{weekday, weekday_in_full};
use crate::model::{Snapshot, Today};

/// Which orders count for the day.
pub const COUNTS: &str = "Orders counts all. Revenue leaves out those whose status is in NOT_REVENUE_STATUSES (by \
    default returned).";

/// " vs Sun 09:30": what the day is compared with.
pub fn against(answer: &Snapshot<Today>) -> String {
    let begun = answer.window.map(|window| window.from);
    match answer.data.yesterday_until {
        None => " vs yesterday".to_owned(),
        // On the day after a shorter one, all of that may be over.
        Some(until) if Some(until) == begun => " vs all of yesterday".to_owned(),
        Some(until) => format!(" vs {} {}", weekday(until.day()), until.hour_and_minute()),
    }
}

/// "Sunday".
pub fn yesterday(answer: &Snapshot<Today>) -> &'static str {
    let today = answer.window.map(|window| window.from.day());
    today.map_or("Yesterday", |today| weekday_in_full(today - Days::new(1)))
}

/// What the bar of a figure shows.
pub fn yardstick(answer: &Snapshot<Today>) -> String {
    format!(
        "Bar: today so far. Tick: {}. Whole width: all of {}.",
        against(answer).trim_start_matches(" vs "),
        yesterday(answer)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Figures, Source, Timestamp, Window};

    fn answer(until: &str) -> Snapshot<Today> {
        let time = |text| Timestamp::parse(text).expect("a time");
        let now = time("2026-10-25T10:00:00+01:00");
        Snapshot {
            data: Today {
                today: Figures::default(),
                yesterday_same_time: Figures::default(),
                week_ago_same_time: Figures::default(),
                yesterday: Figures::default(),
                yesterday_until: Some(time(until)),
            },
            window: Some(Window {
                from: time("2026-10-25T00:00:00+02:00"),
                to: now,
            }),
            computed_at: now,
            took_ms: 0.0,
            source: Source::Database,
            stale_because: None,
            computing_since: None,
        }
    }

    #[test]
    fn the_comparison_names_where_yesterday_was_cut() {
        // Ten o'clock on the long day is eleven hours after its midnight.
        let answer = answer("2026-10-24T11:00:00+02:00");
        assert_eq!(against(&answer), " vs Sat 11:00");
        assert_eq!(
            yardstick(&answer),
            "Bar: today so far. Tick: Sat 11:00. Whole width: all of Saturday."
        );
    }

    #[test]
    fn a_shorter_yesterday_may_be_over() {
        let answer = answer("2026-10-25T00:00:00+02:00");
        assert_eq!(against(&answer), " vs all of yesterday");
    }
}
