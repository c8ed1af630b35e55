//! What the two panels of the business day share.

use crate::components::Table;
use crate::model::number::grouped;
use crate::model::timestamp::{weekday_and_day, weekday_in_full};
use crate::model::{Figures, Snapshot, Today};

/// "Mon 23 Nov".
pub fn day(snapshot: &Snapshot<Today>) -> String {
    snapshot
        .window
        .map(|window| weekday_and_day(window.from.day()))
        .unwrap_or_default()
}

/// " against Sunday at 09:30": what the day is compared with.
pub fn against(snapshot: &Snapshot<Today>) -> String {
    let begun = snapshot.window.map(|window| window.from);
    match snapshot.data.yesterday_until {
        None => " against yesterday".to_owned(),
        // On the day after a shorter one, all of that may be over.
        Some(until) if Some(until) == begun => " against all of yesterday".to_owned(),
        Some(until) => format!(
            " against {} at {}",
            weekday_in_full(until.day()),
            until.hour_and_minute()
        ),
    }
}

/// Both figures of both days.
pub fn table(today: &Today) -> Table {
    let row = |name: &str, figures: Figures| {
        vec![
            name.to_owned(),
            grouped(figures.orders),
            figures.revenue_cents.to_string(),
        ]
    };
    Table {
        columns: &[("Day", false), ("Orders", true), ("Revenue", true)],
        rows: vec![
            row("Today", today.today),
            row("Yesterday, same time", today.yesterday_same_time),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Source, Timestamp, Window};

    fn snapshot(until: &str) -> Snapshot<Today> {
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
        let snapshot = snapshot("2026-10-24T11:00:00+02:00");
        assert_eq!(against(&snapshot), " against Saturday at 11:00");
    }

    #[test]
    fn a_shorter_yesterday_may_be_over() {
        let snapshot = snapshot("2026-10-25T00:00:00+02:00");
        assert_eq!(against(&snapshot), " against all of yesterday");
    }
}
