//! What becomes of a month that is not archived.

use crate::model::Timestamp;

/// What to do by when, and what is lost otherwise; the oldest orders leave at `leaves_at`.
pub fn loss(leaves_at: Timestamp, now: Timestamp) -> String {
    let by = leaves_at.day_and_time_seen_from(now);
    if leaves_at <= now {
        format!("Its orders may have been leaving the store since {by}: archive it now")
    } else {
        format!("Archive it by {by} or lose its oldest orders")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::{Month, MonthGuard, MonthState};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("an RFC 3339 time")
    }

    /// October, of which there is no archive.
    pub fn october(urgent: bool) -> MonthGuard {
        MonthGuard {
            month: Month::new(2026, 10).expect("a month"),
            state: MonthState::Open {
                leaves_at: at("2026-11-05T00:00:00+01:00"),
                urgent,
            },
        }
    }

    #[test]
    fn the_deadline_is_said_until_it_has_passed() {
        let leaves_at = at("2026-11-05T00:00:00+01:00");
        assert_eq!(
            loss(leaves_at, at("2026-11-04T22:59:59Z")),
            "Archive it by 5 Nov 00:00 or lose its oldest orders"
        );
        assert_eq!(
            loss(leaves_at, at("2026-11-04T23:00:00Z")),
            "Its orders may have been leaving the store since 5 Nov 00:00: archive it now"
        );
    }
}
