//! Time as a parameter.

use std::fmt::Debug;

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time. Code that needs "now" takes a clock.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The current time to the millisecond, the precision of orders: the page shows a window that ends
    /// now exactly as the store used it.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Copy, Clone, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the only place that reads the time"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// A clock that stands still.
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
    fn clocks_have_millisecond_precision() {
        let instant = DateTime::UNIX_EPOCH + chrono::TimeDelta::microseconds(1_999);
        assert_eq!(
            FixedClock(instant).now().timestamp_subsec_nanos(),
            1_000_000
        );
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000_000, 0);
    }
}
