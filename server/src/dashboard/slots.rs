//! A slot for every key that somebody has read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::slot::Slot;
use crate::cache::Key;

/// Filters are made up by readers: beyond this many slots, those of filtered answers that nobody
/// waits for make way.
const MOST_SLOTS: usize = 256;

/// The slots, made when a key is first read.
#[derive(Debug, Default)]
pub struct Slots(Mutex<HashMap<Key, Arc<Slot>>>);

impl Slots {
    /// The key's slot.
    pub fn of(&self, key: &Key) -> Arc<Slot> {
        // A std mutex, because nothing awaits while it is held.
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST_SLOTS && !slots.contains_key(key) {
            // A computation holds its slot.
            slots.retain(|key, slot| !key.is_filtered() || Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry(key.clone()).or_default())
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
        assert!(slots.0.lock().expect("a lock").len() <= MOST_SLOTS);
        assert!(weak.upgrade().is_some());
        assert!(Arc::ptr_eq(&held, &slots.of(&filtered(0))));
    }
}
