//! How long an answer stays in the cache.

use std::time::Duration;

use super::Key;

/// The largest part of the lifetime that is taken off.
const JITTER: f64 = 0.1;

/// The lifetime of `key` less up to a tenth, so that answers computed together expire apart.
pub fn expires_in(key: &Key) -> Duration {
    key.time_to_live().mul_f64(1.0 - JITTER * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_up_to_a_tenth_shorter() {
        let key = Key::watermark();
        let full = key.time_to_live();
        let lifetimes: Vec<_> = (0..100).map(|_| expires_in(&key)).collect();
        assert!(
            lifetimes
                .iter()
                .all(|life| (full.mul_f64(0.9)..=full).contains(life))
        );
        assert!(lifetimes.iter().any(|life| *life != lifetimes[0]));
    }
}
