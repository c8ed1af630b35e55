//! When an answer leaves the cache: not when all that was computed with it does.

use std::time::Duration;

use super::Key;

/// At most so much of a lifetime is taken off.
const JITTER: f64 = 0.1;

/// How long an answer that is put now lives: its lifetime less up to a tenth, so that answers that
/// were computed at once are not computed again at once.
pub fn expires_in(key: &Key) -> Duration {
    jittered(key.time_to_live(), fastrand::f64())
}

/// `lifetime` less a tenth of it times `roll`, which is in `0.0..1.0`.
fn jittered(lifetime: Duration, roll: f64) -> Duration {
    lifetime.mul_f64(1.0 - JITTER * roll.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_never_longer_nor_a_tenth_shorter() {
        let lifetime = Duration::from_secs(300);
        for (roll, seconds) in [(0.0, 300.0), (0.5, 285.0), (1.0, 270.0)] {
            assert_eq!(jittered(lifetime, roll).as_secs_f64(), seconds);
        }
        assert!(jittered(lifetime, 0.999_999) > Duration::from_secs(270));
        // A roll that is none changes nothing that matters.
        assert_eq!(jittered(lifetime, -7.0), lifetime);
        assert_eq!(jittered(lifetime, 7.0).as_secs(), 270);
    }

    #[test]
    fn two_answers_seldom_expire_together() {
        let key = Key::watermark();
        let first = expires_in(&key);
        assert!((0..100).any(|_| expires_in(&key) != first));
    }
}
