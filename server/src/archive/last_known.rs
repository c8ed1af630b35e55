//! What was known of the months before a store stopped telling.

use app::model::{CompleteArchive, Month, MonthGuard};
use chrono::{DateTime, Utc};

use super::stock::is_due;

/// The guard as it was last known for certain.
#[derive(Debug, Default)]
pub struct LastKnown {
    pub at: DateTime<Utc>,
    pub months: Vec<MonthGuard>,
}

impl LastKnown {
    /// The months of a guard that is in doubt. What was not archived does not become so by doubt, but
    /// only by a run since.
    pub fn rather_than(&self, doubted: &[MonthGuard], now: DateTime<Utc>) -> Vec<MonthGuard> {
        let month = |doubted: &MonthGuard| {
            let is_old = |archive: &CompleteArchive| archive.verified_at.utc() <= self.at;
            let was_open =
                |last: &&MonthGuard| last.month == doubted.month && last.archive.is_none();
            let archive = doubted.archive.as_ref().filter(|archive| is_old(archive));
            match archive.and_then(|_| self.months.iter().find(was_open)) {
                Some(last) => MonthGuard {
                    archive: None,
                    outdated: last.outdated,
                    damaged: last.damaged,
                    urgent: is_due(doubted.leaves_at.utc(), now),
                    ..doubted.clone()
                },
                None => doubted.clone(),
            }
        };
        doubted.iter().map(month).collect()
    }

    /// The months as they were, and how urgent they are now.
    pub fn months(&self, now: DateTime<Utc>, running: Option<Month>) -> Vec<MonthGuard> {
        let month = |last: &MonthGuard| MonthGuard {
            urgent: last.archive.is_none()
                && Some(last.month) != running
                && is_due(last.leaves_at.utc(), now),
            ..last.clone()
        };
        self.months.iter().map(month).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> DateTime<Utc> {
        time.parse().expect("a time")
    }

    fn october(verified_at: Option<&str>, urgent: bool) -> MonthGuard {
        MonthGuard {
            month: "2026-10".parse().expect("a month"),
            archive: verified_at.map(|time| CompleteArchive {
                run_id: "01".to_owned(),
                verified_at: at(time).into(),
            }),
            outdated: false,
            damaged: false,
            orders: None,
            leaves_at: at("2026-11-05T00:00:00Z").into(),
            urgent,
        }
    }

    #[test]
    fn what_was_not_archived_does_not_become_so_by_doubt() {
        let now = at("2026-11-03T14:00:00Z");
        let mut last = LastKnown {
            at: at("2026-11-03T12:00:00Z"),
            months: vec![october(None, true)],
        };
        let before = [october(Some("2026-11-03T11:00:00Z"), false)];
        assert_eq!(last.rather_than(&before, now), [october(None, true)]);
        let since = [october(Some("2026-11-03T13:00:00Z"), false)];
        assert_eq!(last.rather_than(&since, now), since);
        last.months.clone_from(&before.to_vec());
        assert_eq!(last.rather_than(&since, now), since);
        assert_eq!(LastKnown::default().rather_than(&before, now), before);
    }

    #[test]
    fn what_was_not_urgent_becomes_so_while_nothing_is_certain() {
        let (early, late) = (at("2026-10-28T23:59:59Z"), at("2026-10-29T00:00:00Z"));
        let last = LastKnown {
            at: early,
            months: vec![october(None, false)],
        };
        let november = "2026-11".parse().ok();
        assert_eq!(last.months(early, november), [october(None, false)]);
        assert_eq!(last.months(late, november), [october(None, true)]);
        // The running month is not over.
        let running = Some(last.months[0].month);
        assert_eq!(last.months(late, running), [october(None, false)]);
        // Of what was never archived nothing is in doubt.
        let urgent = [october(None, true)];
        assert_eq!(last.rather_than(&urgent, late), urgent);
    }
}
