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
    let Some(window) = snapshot.window else {
        return String::new();
    };
    let yesterday = window.from.day().pred_opt().unwrap_or_default();
    format!(
        " against {} at {}",
        weekday_in_full(yesterday),
        window.to.hour_and_minute()
    )
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
