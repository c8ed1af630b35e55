//! The report as a table.

use std::fmt;

use app::model::MonthGuard;
use app::model::number::{counted, grouped};

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
    /// Aligned columns, and below them what to do, a line each.
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
        // Or it has been said of the order store.
        let has_orders = |store: &Checked| store.store != "orders" || store.up;
        if let (true, Some(because)) = (
            self.stores.iter().all(has_orders),
            &self.guard_unknown_because,
        ) {
            writeln!(
                f,
                "archive: which months are still to be archived is not known for certain: {because}"
            )?;
        }
        for guard in self.guard.iter().filter(|guard| guard.urgent) {
            writeln!(f, "archive: {}", to_archive(guard))?;
        }
        Ok(())
    }
}

fn to_archive(guard: &MonthGuard) -> String {
    let (name, month) = (guard.month.name(), guard.month);
    let leaves_at = guard.leaves_at.full_day_and_time();
    let leave = format!("its oldest orders leave the store from {leaves_at} on");
    if guard.outdated {
        return format!(
            "{name} is archived without orders that came or were corrected later, and {leave}; run \
             server archive --month {month}, and move the archive away first if that is refused"
        );
    }
    if guard.damaged {
        return format!(
            "the archive of {name} is gone or was changed, and {leave}; put a copy back and run server \
             verify --all, or, where there is none, server archive --month {month}, which finds only the \
             orders that are left"
        );
    }
    format!("{name} is not archived, and {leave}; run server archive --month {month}")
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
            "{} could not be read: no usable total or created_at",
            counted(unreadable, "order")
        ));
    }
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
        orders.missing_indexes = vec!["a".to_owned(), "b".to_owned()];
        let cache = Checked::new("cache", "Redis", "redis://h:6379/0").down("gone".to_owned());
        let report = Report {
            up: false,
            stores: vec![orders, cache],
            guard: vec![MonthGuard {
                month: "2026-10".parse().expect("a month"),
                archive: None,
                outdated: false,
                damaged: false,
                orders: Some(12),
                leaves_at: Timestamp::parse("2026-11-05T00:00:00Z").expect("a time"),
                urgent: true,
            }],
            guard_unknown_because: None,
        };
        let expected = "\
store   kind     where                            state  latency  orders  newest order
orders  MongoDB  mongodb://höst:27017/shopstream  up     1.3 ms   12,345  -
cache   Redis    redis://h:6379/0                 down   -        -       -
orders: 1 order could not be read: no usable total or created_at
orders: missing indexes: a, b; run server migrate
cache: gone
archive: October 2026 is not archived, and its oldest orders leave the store from 5 Nov 2026 00:00 on; run server archive --month 2026-10
";
        assert_eq!(report.to_string(), expected);
    }

    #[test]
    fn what_is_to_be_archived_is_said_or_why_it_is_not_known() {
        let october = MonthGuard {
            month: "2026-10".parse().expect("a month"),
            archive: None,
            outdated: true,
            damaged: false,
            orders: Some(12),
            leaves_at: Timestamp::parse("2026-11-05T00:00:00Z").expect("a time"),
            urgent: true,
        };
        let said = to_archive(&october);
        assert!(
            said.contains("without orders that came or were corrected later"),
            "{said}"
        );
        let damaged = MonthGuard {
            outdated: false,
            damaged: true,
            ..october
        };
        let said = to_archive(&damaged);
        let words = "the archive of October 2026 is gone or was changed, and its oldest orders";
        assert!(said.starts_with(words), "{said}");
        assert!(said.contains("run server verify --all"), "{said}");
        let mut report = Report {
            up: true,
            stores: Vec::new(),
            guard: Vec::new(),
            guard_unknown_because: Some("no answer".to_owned()),
        };
        let said = report.to_string();
        assert!(
            said.ends_with("archived is not known for certain: no answer\n"),
            "{said}"
        );
        assert!(report.is_urgent());
        // Of another store it is not the reason.
        let down = |store| Checked::new(store, "kind", "where").down("gone".to_owned());
        report.stores = vec![down("archive")];
        assert!(report.to_string().contains("not known"));
        report.stores.push(down("orders"));
        assert!(!report.to_string().contains("not known"));
    }
}
