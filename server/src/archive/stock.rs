//! What the order store holds of a month, beside what was archived of it.

use app::model::{ArchiveRun, CompleteArchive, MonthGuard, RunState};
use chrono::{DateTime, TimeDelta, Utc};

use super::months::StoredMonth;
use crate::calendar::{Calendar, UtcWindow};

/// So long an order is kept, see `server migrate`.
pub const KEPT: TimeDelta = TimeDelta::days(35);
/// So long before that a month that is not archived is urgent.
const WARNED: TimeDelta = TimeDelta::days(7);

/// Whether orders that leave at `leaves_at` are about to be lost.
pub fn is_due(leaves_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    leaves_at - WARNED <= now
}

/// A month in the order store. Its orders are counted in two parts where the first may have left
/// already: how many there are in all says nothing then about those that come late.
#[derive(Clone, Debug)]
pub struct Stock {
    pub stored: StoredMonth,
    pub running: bool,
    whole: UtcWindow,
    /// From which 24 hours on, counted from the month's start, no order can have left.
    stays_from: Option<usize>,
    /// The orders of each part, where the store has told.
    orders: Option<Vec<u64>>,
}

impl Stock {
    /// Not counted yet.
    pub fn new(stored: StoredMonth, running: bool, calendar: Calendar, now: DateTime<Utc>) -> Self {
        let whole = calendar.month(stored.month);
        let left = now - KEPT - whole.from;
        let stays_from = (left >= TimeDelta::zero()).then(|| left.num_days() + 1);
        let stays_from = stays_from
            .filter(|days| whole.from + TimeDelta::days(*days) < whole.to)
            .and_then(|days| usize::try_from(days).ok());
        Self {
            stored,
            running,
            whole,
            stays_from,
            orders: None,
        }
    }

    /// What is to be counted, in the order of time.
    pub fn parts(&self) -> Vec<UtcWindow> {
        let Some(days) = self.stays_from else {
            return vec![self.whole];
        };
        let stays_from = self.whole.from + TimeDelta::days(days as i64);
        let (from, to) = (self.whole.from, self.whole.to);
        [(from, stays_from), (stays_from, to)]
            .map(|(from, to)| UtcWindow { from, to })
            .to_vec()
    }

    /// Takes the counts of its parts from those of all.
    pub fn take(&mut self, counts: &mut impl Iterator<Item = u64>) {
        let parts = self.parts().len();
        self.orders = Some(counts.take(parts).collect());
    }

    /// Whether the run has archived the whole month, and no order of it has come since.
    pub fn is_complete(&self, run: &ArchiveRun) -> bool {
        self.was_complete(run)
            && self.orders.as_ref().is_none_or(|orders| {
                // The store counts only what it can read.
                orders.iter().sum::<u64>() <= run.orders.saturating_sub(run.unreadable)
                    && self.has_all_that_stays(orders, run)
            })
    }

    /// Whether the run has archived the whole month.
    pub fn was_complete(&self, run: &ArchiveRun) -> bool {
        run.state == RunState::Succeeded
            && run.verified_at.is_some()
            && run.month == self.stored.month
            && !self.running
            && run.window.from.utc() <= self.whole.from
            && self.whole.to <= run.window.to.utc()
    }

    /// What was archived before its days were counted is taken by the whole.
    fn has_all_that_stays(&self, orders: &[u64], run: &ArchiveRun) -> bool {
        let (Some(days), [_, staying]) = (self.stays_from, orders) else {
            return true;
        };
        let comparable = !run.daily.is_empty() && run.window.from.utc() == self.whole.from;
        !comparable || *staying <= run.daily.iter().skip(days).sum()
    }

    /// `run` is the one whose archive stands there, of those that have archived the whole month. Whether
    /// one had stood there is not known here.
    pub fn guard(
        &self,
        run: Option<&ArchiveRun>,
        calendar: Calendar,
        now: DateTime<Utc>,
    ) -> MonthGuard {
        let complete = run.filter(|run| self.is_complete(run));
        let archive = complete.and_then(|run| {
            Some(CompleteArchive {
                run_id: run.run_id.clone(),
                verified_at: run.verified_at?,
            })
        });
        let leaves_at = self.stored.oldest + KEPT;
        // The running month ends before its first orders leave, and cannot be archived completely
        // until then: there is nothing to do about it yet.
        let due = !self.running && is_due(leaves_at, now);
        MonthGuard {
            month: self.stored.month,
            urgent: due && archive.is_none(),
            outdated: archive.is_none() && run.is_some(),
            damaged: false,
            archive,
            orders: self.orders.as_ref().map(|orders| orders.iter().sum()),
            leaves_at: calendar.timestamp(leaves_at),
        }
    }
}
