//! A slot for every key that somebody has read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::slot::Slot;
use crate::cache::Key;

/// Filters are made up by readers: beyond this many slots, those of filtered answers that nobody
/// waits for make way.
const MOST_SLOTS: usize = 256;

/// The slots, made when a key is first read.
#[derive(Debug, Default)]
pub struct Slots(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    slots: HashMap<Key, Arc<Slot>>,
    /// Whether what the cache holds for a key that was never read here is about other orders.
    outdated: bool,
}

impl Slots {
    /// The key's slot.
    pub fn of(&self, key: &Key) -> Arc<Slot> {
        let mut inner = self.inner();
        if let Some(slot) = inner.slots.get(key) {
            return Arc::clone(slot);
        }
        if inner.slots.len() >= MOST_SLOTS {
            // A computation holds its slot.
            let is_used = |slot: &Arc<Slot>| Arc::strong_count(slot) > 1;
            inner
                .slots
                .retain(|key, slot| !key.is_filtered() || is_used(slot));
        }
        let slot = Arc::<Slot>::default();
        if inner.outdated {
            slot.forget();
        }
        inner.slots.insert(key.clone(), Arc::clone(&slot));
        slot
    }

    /// From now on, until the next computation of each, nothing that is known or cached is worth
    /// showing.
    pub fn forget(&self) {
        let mut inner = self.inner();
        inner.outdated = true;
        inner.slots.values().for_each(|slot| slot.forget());
    }

    /// A std mutex, because nothing awaits while it is held.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use app::model::{Filter, Panel};

    use super::*;

    fn filtered(number: usize) -> Key {
        let filter = Filter {
            region: number.to_string(),
            ..Filter::default()
        };
        Key::of(Panel::Today, &filter)
    }

    #[test]
    fn filtered_slots_make_way_and_the_others_stay() {
        let slots = Slots::default();
        let (today, held) = (slots.of(&Panel::Today.into()), slots.of(&filtered(0)));
        let weak = Arc::downgrade(&today);
        drop(today);
        for number in 1..2 * MOST_SLOTS {
            slots.of(&filtered(number));
        }
        assert!(slots.inner().slots.len() <= MOST_SLOTS);
        assert!(weak.upgrade().is_some());
        assert!(Arc::ptr_eq(&held, &slots.of(&filtered(0))));
    }

    #[test]
    fn a_slot_made_after_the_orders_have_changed_does_not_trust_the_cache() {
        let slots = Slots::default();
        assert!(!slots.of(&filtered(1)).is_outdated());
        slots.forget();
        assert!(slots.of(&filtered(1)).is_outdated());
        assert!(slots.of(&filtered(2)).is_outdated());
    }
}
