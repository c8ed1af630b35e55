//! The report as a table.

use std::fmt;

use app::model::number::{counted, grouped};
use app::model::status::about_unknown_statuses;
use app::model::{MonthGuard, MonthState};

use super::{Checked, Report};

const HEAD: [&str; 7] = [
    "store",
    "kind",
    "where",
    "state",
    "latency",
    "orders",
    "newest order",
];

impl fmt::Display for Report {
    /// Aligned columns, then one line for each thing to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![HEAD.map(str::to_owned)];
        rows.extend(self.stores.iter().map(cells));
        let widths: [usize; HEAD.len()] = std::array::from_fn(|column| {
            let widths = rows.iter().map(|row| row[column].chars().count());
            widths.max().unwrap_or(0)
        });
        for row in &rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(widths) {
                line.push_str(&format!("{cell:width$}  "));
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        for store in &self.stores {
            for note in notes(store) {
                writeln!(f, "{}: {note}", store.store)?;
            }
        }
        if let Some(source) = &self.source {
            writeln!(f, "source: {}", source.location)?;
            for note in &source.notes {
                writeln!(f, "source: {note}")?;
            }
        }
        // The line of the order store says why.
        let has_orders = |store: &Checked| store.store != "orders" || store.up;
        let has_orders = self.stores.iter().all(has_orders);
        for line in self.guard.iter().filter_map(to_do).filter(|_| has_orders) {
            writeln!(f, "archive: {line}")?;
        }
        writeln!(f, "time zone: {}", self.time_zone)
    }
}

/// What to do about a month.
fn to_do(guard: &MonthGuard) -> Option<String> {
    let (name, month) = (guard.month.name(), guard.month);
    match &guard.state {
        MonthState::Open {
            leaves_at,
            urgent: true,
        } => {
            let leaves_at = leaves_at.full_day_and_time();
            Some(format!(
                "{name} is not archived, and its oldest orders leave the store from {leaves_at} on; \
                 run server archive --month {month}"
            ))
        }
        MonthState::Unknown { because } => Some(format!(
            "whether {name} has to be archived is not known: {because}"
        )),
        _ => None,
    }
}

fn cells(checked: &Checked) -> [String; HEAD.len()] {
    let unknown = || "-".to_owned();
    [
        checked.store.to_owned(),
        checked.kind.clone(),
        checked.location.clone(),
        if checked.up { "up" } else { "down" }.to_owned(),
        checked
            .latency_ms
            .map_or_else(unknown, |latency| format!("{latency:.1} ms")),
        checked.orders.map_or_else(unknown, grouped),
        checked
            .newest_order
            .map_or_else(unknown, |newest| newest.to_string()),
    ]
}

fn notes(checked: &Checked) -> Vec<String> {
    let mut notes = checked.notes.clone();
    if let Some(unreadable @ 1..) = checked.unreadable {
        notes.push(format!(
            "{} could not be read: no usable order_id, created_at, total or quantity",
            counted(unreadable, "order")
        ));
    }
    if let Some(duplicates @ 1..) = checked.duplicates {
        let are = if duplicates == 1 { "is" } else { "are" };
        notes.push(format!(
            "{} {are} there more than once, and figures count every copy: remove the copies and \
             run server migrate",
            counted(duplicates, "order")
        ));
    }
    notes.extend(about_unknown_statuses(&checked.unknown_statuses));
    if !checked.missing_indexes.is_empty() {
        notes.push(format!(
            "missing indexes: {}; run server migrate",
            checked.missing_indexes.join(", ")
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use app::model::Timestamp;

    use super::*;

    #[test]
    fn columns_are_aligned_and_notes_follow() {
        let mut orders = Checked::new("orders", "MongoDB", "mongodb://höst:27017/shopstream");
        orders.up = true;
        orders.latency_ms = Some(1.26);
        orders.orders = Some(12_345);
        orders.unreadable = Some(1);
        orders.duplicates = Some(5);
        orders.missing_indexes = vec!["a".to_owned(), "b".to_owned()];
        let mut cache = Checked::new("cache", "Redis", "redis://h:6379/0");
        cache.notes.push("gone".to_owned());
        let report = Report {
            up: false,
            time_zone: "UTC, rules 2026f (bundled)".to_owned(),
            stores: vec![orders, cache],
            guard: vec![october(true)],
            source: None,
        };
        let expected = "\
store   kind     where                            state  latency  orders  newest order
orders  MongoDB  mongodb://höst:27017/shopstream  up     1.3 ms   12,345  -
cache   Redis    redis://h:6379/0                 down   -        -       -
orders: 1 order could not be read: no usable order_id, created_at, total or quantity
orders: 5 orders are there more than once, and figures count every copy: remove the copies and run server migrate
orders: missing indexes: a, b; run server migrate
cache: gone
archive: October 2026 is not archived, and its oldest orders leave the store from 5 Nov 2026 00:00 on; run server archive --month 2026-10
time zone: UTC, rules 2026f (bundled)
";
        assert_eq!(report.to_string(), expected);
    }

    /// October, which is not archived.
    fn october(urgent: bool) -> MonthGuard {
        MonthGuard {
            month: "2026-10".parse().expect("a month"),
            state: MonthState::Open {
                leaves_at: Timestamp::parse("2026-11-05T00:00:00Z").expect("a time"),
                urgent,
            },
        }
    }

    #[test]
    fn what_is_to_be_archived_is_said_or_why_it_is_not_known() {
        let unknown = MonthGuard {
            state: MonthState::Unknown {
                because: "no answer".to_owned(),
            },
            ..october(false)
        };
        let mut report = Report {
            up: true,
            time_zone: String::new(),
            stores: Vec::new(),
            guard: vec![october(false)],
            source: None,
        };
        assert!(!report.is_urgent());
        assert!(!report.to_string().contains("October"));
        report.guard = vec![unknown];
        assert!(report.is_urgent());
        let words = "archive: whether October 2026 has to be archived is not known: no answer\n";
        assert!(report.to_string().contains(words), "{report}");
        // An order store that is down has its own line.
        let down = |store| Checked::new(store, "kind", "where");
        report.stores = vec![down("archive")];
        assert!(report.to_string().contains("not known"));
        report.stores.push(down("orders"));
        assert!(!report.to_string().contains("not known"));
    }
}
