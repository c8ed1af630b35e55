//! What becomes of a month that is not archived.

use crate::model::{MonthGuard, Timestamp};

/// What to do by when, and what is lost otherwise.
pub fn loss(month: &MonthGuard, now: Timestamp) -> String {
    if month.outdated {
        return "Orders have come, or were corrected, since it was archived: archive it again, and \
                move its archive away first if that is refused"
            .to_owned();
    }
    let leaves_at = month.leaves_at.day_and_time_seen_from(now);
    if month.damaged && month.leaves_at <= now {
        return format!(
            "Its archive is gone or was changed, and its orders may have been leaving the store since \
             {leaves_at}: put a copy back and verify it, for another archive holds only those that are \
             left"
        );
    }
    if month.damaged {
        return format!(
            "Its archive is gone or was changed, and its oldest orders leave the store on {leaves_at}: \
             put a copy back and verify it, or archive it again, and move what is there away first if \
             that is refused"
        );
    }
    if month.leaves_at <= now {
        format!("Its orders may have been leaving the store since {leaves_at}: archive it now")
    } else {
        format!("Archive it by {leaves_at} or lose its oldest orders")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::Month;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("an RFC 3339 time")
    }

    /// October, of which there is no archive.
    pub fn october(urgent: bool) -> MonthGuard {
        MonthGuard {
            month: Month::new(2026, 10).expect("a month"),
            archive: None,
            outdated: false,
            damaged: false,
            orders: Some(188),
            leaves_at: at("2026-11-05T00:00:00+01:00"),
            urgent,
        }
    }

    #[test]
    fn what_came_late_may_need_more_than_another_run() {
        let october = MonthGuard {
            outdated: true,
            ..october(true)
        };
        let words = loss(&october, at("2026-11-04T22:59:59Z"));
        assert!(words.contains("move its archive away first"), "{words}");
    }

    #[test]
    fn an_archive_that_is_not_there_any_more_can_be_put_back() {
        let october = MonthGuard {
            damaged: true,
            ..october(true)
        };
        for (now, parts) in [
            (
                "2026-11-04T22:59:59Z",
                ["on 5 Nov 00:00", "put a copy back", "archive it again"],
            ),
            (
                "2026-11-04T23:00:00Z",
                [
                    "since 5 Nov 00:00",
                    "put a copy back",
                    "only those that are left",
                ],
            ),
        ] {
            let words = loss(&october, at(now));
            for part in parts {
                assert!(words.contains(part), "{part}: {words}");
            }
        }
    }

    #[test]
    fn the_deadline_is_said_until_it_has_passed() {
        let october = october(true);
        assert_eq!(
            loss(&october, at("2026-11-04T22:59:59Z")),
            "Archive it by 5 Nov 00:00 or lose its oldest orders"
        );
        assert_eq!(
            loss(&october, at("2026-11-04T23:00:00Z")),
            "Its orders may have been leaving the store since 5 Nov 00:00: archive it now"
        );
    }
}
