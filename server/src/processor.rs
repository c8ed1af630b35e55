//! Where a thread runs.
//!
//! A thread that wakes another one often gets it onto its own processor, and then the two take turns
//! there while the next one idles. In a virtual machine this was seen to last for tens of
//! milliseconds; probably because a processor that has gone to sleep does not count as free there
//! (`available_idle_cpu` in the Linux scheduler asks `vcpu_is_preempted`).

/// The processor that a thread was running on; nothing is known of it but on Linux.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Processor(Option<usize>);

#[cfg(target_os = "linux")]
impl Processor {
    /// That of the calling thread.
    pub fn current() -> Self {
        Self(Some(rustix::thread::sched_getcpu()))
    }

    /// Moves the calling thread to another processor if it is running on this one. It is not bound to
    /// that: from then on it may run wherever it could before, and so may the threads that it starts,
    /// but perhaps not on processors that the process is given later. So this is for threads that do
    /// not last. Whoever has but one processor stays.
    pub fn leave(self) {
        use rustix::thread::{sched_getaffinity, sched_setaffinity};

        let Some(here) = self.0.filter(|_| self == Self::current()) else {
            return;
        };
        let Ok(allowed) = sched_getaffinity(None) else {
            return;
        };
        let mut others = allowed;
        others.unset(here);
        // Refused where there is none; nothing is lost then but time.
        if sched_setaffinity(None, &others).is_ok()
            && let Err(error) = sched_setaffinity(None, &allowed)
        {
            tracing::warn!(%error, "a thread keeps off one processor");
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Processor {
    /// That of the calling thread.
    pub fn current() -> Self {
        Self(None)
    }

    /// Moves the calling thread to another processor if it is running on this one.
    pub fn leave(self) {}
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    use super::*;

    #[test]
    fn a_thread_goes_elsewhere_and_may_come_back() {
        let allowed = sched_getaffinity(None).expect("processors");
        let moved = (0..100).filter(|_| {
            let here = Processor::current();
            here.leave();
            here != Processor::current()
        });
        // Nothing keeps the system from moving it back at once.
        let expected = if allowed.count() > 1 { 50..=100 } else { 0..=0 };
        assert!(expected.contains(&moved.count()));
        assert_eq!(sched_getaffinity(None).expect("processors"), allowed);
    }

    #[test]
    fn a_thread_with_no_other_processor_stays() {
        let mut only = CpuSet::new();
        let here = Processor::current();
        only.set(here.0.expect("a processor"));
        sched_setaffinity(None, &only).expect("a processor of its own");
        let here = Processor::current();
        here.leave();
        assert_eq!(Processor::current(), here);
        assert_eq!(sched_getaffinity(None).expect("processors"), only);
    }
}
