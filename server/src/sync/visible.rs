//! The guard: whether a snapshot of the source sees the transactions that the stream announced.
//!
//! The stream announces a transaction when its commit is in the log. A moment later others see it,
//! or much later where it waits for a standby. What is read in between is read too early, and
//! nothing announces it again.

use std::collections::HashSet;
use std::str::FromStr;

/// What `pg_current_snapshot()` gives: "xmin:xmax:xip,xip".
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot {
    xmin: u64,
    xmax: u64,
    running: HashSet<u64>,
}

impl Snapshot {
    /// The first of the transactions that the snapshot does not see.
    pub fn hidden(&self, xids: impl IntoIterator<Item = u32>) -> Option<u32> {
        xids.into_iter().find(|xid| !self.sees(*xid))
    }

    fn sees(&self, xid: u32) -> bool {
        let xid = self.full(xid);
        xid < self.xmin || xid < self.xmax && !self.running.contains(&xid)
    }

    /// The transaction's number with its epoch: the one of those 32 bits that is nearest to xmax.
    fn full(&self, xid: u32) -> u64 {
        let distance = xid.wrapping_sub(self.xmax as u32) as i32;
        self.xmax.wrapping_add_signed(distance.into())
    }
}

impl FromStr for Snapshot {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, ':');
        let mut part = || parts.next().ok_or(());
        let number = |text: &str| text.parse().map_err(|_| ());
        let (xmin, xmax, running) = (number(part()?)?, number(part()?)?, part()?);
        let running = running.split(',').filter(|xid| !xid.is_empty());
        Ok(Self {
            xmin,
            xmax,
            running: running.map(number).collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(snapshot: &str, xid: u32) -> bool {
        let snapshot: Snapshot = snapshot.parse().expect("a snapshot");
        snapshot.hidden([xid]).is_some()
    }

    #[test]
    fn a_transaction_is_seen_once_it_has_ended_for_others() {
        for (xid, expected) in [(9, false), (10, true), (11, false), (12, true), (13, true)] {
            assert_eq!(hidden("10:13:10,12", xid), expected, "{xid}");
        }
        assert!(!hidden("10:10:", 9));
        assert!(hidden("10:10:", 10));
    }

    #[test]
    fn numbers_that_wrap_around_keep_their_order() {
        const EPOCH: u64 = 1 << 32;
        let (xmin, xmax) = (3 * EPOCH - 2, 3 * EPOCH + 3);
        let snapshot = format!("{xmin}:{xmax}:{xmin}");
        assert!(hidden(&snapshot, u32::MAX - 1));
        assert!(!hidden(&snapshot, u32::MAX - 2));
        assert!(!hidden(&snapshot, u32::MAX));
        assert!(!hidden(&snapshot, 2));
        assert!(hidden(&snapshot, 3));
    }

    #[test]
    fn what_is_no_snapshot_is_refused() {
        for text in ["", "1", "1:2", "a:2:", "1:2:a"] {
            assert!(text.parse::<Snapshot>().is_err(), "{text}");
        }
    }
}
