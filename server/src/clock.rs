//! Time as a parameter.

use std::fmt::Debug;

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time. Everything that needs to know "now" is handed one of these.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The present instant, to the millisecond, as orders are dated: a window that ends now is shown
    /// exactly as it was read.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Copy, Clone, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where time is read"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// A clock that stands still: the dashboard as of one instant.
#[derive(Copy, Clone, Debug)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.trunc_subsecs(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_to_the_millisecond() {
        let instant = DateTime::UNIX_EPOCH + chrono::TimeDelta::microseconds(1_999);
        assert_eq!(
            FixedClock(instant).now().timestamp_subsec_nanos(),
            1_000_000
        );
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000_000, 0);
    }
}
