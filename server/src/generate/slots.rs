//! The orders of a plan by time.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::plan::{Plan, Slot};
use super::status::Course;
use crate::order::Order;

impl Plan {
    /// The newest [`Plan::orders`] orders up to `now`, oldest first. There are fewer only if `now` is
    /// close to 1970.
    pub fn initial(&self, now: DateTime<Utc>) -> impl Iterator<Item = Order> + use<> {
        let (plan, now) = (*self, now.timestamp_millis());
        Slots::newest(plan, self.orders(), now).map(move |slot| plan.order(&slot, now))
    }

    /// The orders with `after < created_at <= until`, oldest first, as they are at `until`.
    pub fn between(
        &self,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = Order> + use<> {
        let plan = *self;
        let (after, until) = (after.timestamp_millis(), until.timestamp_millis());
        Slots::between(plan, after, until).map(move |slot| plan.order(&slot, until))
    }

    /// The orders from `oldest` to `newest` whose status has changed from `since` to `now`, oldest
    /// first.
    pub fn aged(
        &self,
        oldest: DateTime<Utc>,
        newest: DateTime<Utc>,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = Order> + use<> {
        let plan = *self;
        let (since, now) = (since.timestamp_millis(), now.timestamp_millis());
        let after = (oldest.timestamp_millis() - 1).max(since - Course::LONGEST);
        Slots::between(plan, after, newest.timestamp_millis())
            .filter(move |slot| slot.changes(since, now))
            .map(move |slot| plan.order(&slot, now))
    }

    /// Whether `order_id` names the order that this plan has at `instant`.
    pub fn has(&self, order_id: &str, instant: DateTime<Utc>) -> bool {
        Slots::between(
            *self,
            instant.timestamp_millis() - 1,
            instant.timestamp_millis(),
        )
        .any(|slot| self.order_id(slot.number) == order_id)
    }
}

/// An iterator over slots by instant. It holds only the slots that jitter can reorder.
#[derive(Debug)]
pub struct Slots {
    plan: Plan,
    /// The number of the next slot to read.
    next: i64,
    /// The number of the last slot that can be in the range.
    last: i64,
    /// Slots that were read and not returned yet, by place and number.
    waiting: BTreeMap<(i128, i64), Slot>,
    /// The place and number of the first slot to return.
    from: (i128, i64),
    /// The range: `after < instant <= until`, in milliseconds.
    after: i64,
    until: i64,
}

impl Slots {
    /// The slots with `after < instant <= until`, in milliseconds.
    pub fn between(plan: Plan, after: i64, until: i64) -> Self {
        let margin = plan.jitter() + 1;
        // No order is from before 1970.
        let after = after.max(-1);
        Self {
            plan,
            next: (plan.slot_at(after) - margin).max(0),
            last: if after < until {
                plan.slot_at(until) + margin
            } else {
                -1
            },
            waiting: BTreeMap::new(),
            from: (i128::MIN, 0),
            after,
            until,
        }
    }

    /// The `count` newest slots up to `now`, in milliseconds.
    pub fn newest(plan: Plan, count: u64, now: i64) -> Self {
        let margin = plan.jitter() + 1;
        // Every slot before these is past.
        let unsure = (plan.slot_at(now) - margin).max(0);
        let past: Vec<i64> = (unsure..=plan.slot_at(now) + margin)
            .filter(|number| plan.slot(*number).instant <= now)
            .collect();
        // `count` past slots have this number or a higher one. Without jitter they would be the
        // newest. With jitter, the right ones begin at most twice the jitter away.
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let first = match past.len().checked_sub(count) {
            Some(older) => past.get(older).copied().unwrap_or(i64::MAX / 2),
            None => unsure - (count - past.len()) as i64,
        };
        let (lowest, highest) = ((first - 2 * margin).max(0), first + 2 * margin);
        let mut around: Vec<(i128, i64)> = (lowest..=highest)
            .map(|number| plan.slot(number))
            .filter(|slot| slot.instant <= now)
            .map(|slot| (slot.place, slot.number))
            .collect();
        let wanted = around.iter().filter(|(_, number)| *number >= first).count();
        around.sort_unstable_by_key(|place| Reverse(*place));
        Self {
            next: lowest,
            from: match wanted.checked_sub(1).and_then(|last| around.get(last)) {
                Some(place) => *place,
                None => (i128::MIN, 0),
            },
            ..Self::between(plan, -1, now)
        }
    }
}

impl Iterator for Slots {
    type Item = Slot;

    fn next(&mut self) -> Option<Slot> {
        loop {
            // A slot that was not read yet may still be earlier than the first one that waits.
            let reach = self.plan.jitter() + 1;
            while self.next <= self.last
                && self
                    .waiting
                    .first_key_value()
                    .is_none_or(|(_, first)| first.number + 2 * reach >= self.next)
            {
                let slot = self.plan.slot(self.next);
                self.waiting.insert((slot.place, slot.number), slot);
                self.next += 1;
            }
            let (place, slot) = self.waiting.pop_first()?;
            if place >= self.from && self.after < slot.instant && slot.instant <= self.until {
                return Some(slot);
            }
        }
    }
}
