//! A window in the unit of the stores.

use chrono::{DateTime, Utc};

use crate::calendar::UtcWindow;

/// Half-open, in milliseconds since the epoch.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub from: i64,
    pub to: i64,
}

impl From<UtcWindow> for Span {
    fn from(window: UtcWindow) -> Self {
        Self {
            from: next_millisecond(window.from),
            to: next_millisecond(window.to),
        }
    }
}

/// The first whole millisecond at or after `instant`: orders have whole milliseconds, so that
/// comparing with it is the same as comparing with the instant.
pub(super) fn next_millisecond(instant: DateTime<Utc>) -> i64 {
    let begun = !instant.timestamp_subsec_nanos().is_multiple_of(1_000_000);
    instant.timestamp_millis() + i64::from(begun)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn ends_within_a_millisecond_decide_as_the_exact_instants_do() {
        let order = DateTime::from_timestamp_millis(1_000).expect("an instant");
        let before = order - TimeDelta::microseconds(1);
        let after = order + TimeDelta::microseconds(1);
        for (from, to) in [
            (before, after),
            (order, after),
            (before, order),
            (after, after),
        ] {
            let window = UtcWindow { from, to };
            let span = Span::from(window);
            assert_eq!(
                span.from <= 1_000 && 1_000 < span.to,
                window.contains(order),
                "{window:?}"
            );
        }
    }
}
