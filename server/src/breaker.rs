//! A circuit breaker: once a server has failed a few times in a row nobody waits for it any more,
//! until a probe in the background has found it back.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{sleep, timeout};

/// So many failures in a row open the breaker.
const FAILURES: u32 = 3;
/// Between two probes: a dead server sees one a second and a returning one is found within two.
const PAUSE: Duration = Duration::from_secs(1);
/// A probe that takes longer has failed.
const PROBE_WITHIN: Duration = Duration::from_secs(1);

type Probe = dyn Fn() -> BoxFuture<'static, bool> + Send + Sync;

/// Closed while the server answers. Clones are the same breaker.
#[derive(Clone)]
pub struct Breaker(Arc<State>);

struct State {
    server: String,
    probe: Box<Probe>,
    failures: AtomicU32,
    open: AtomicBool,
    /// Whether a task is there that probes while the breaker is open.
    probing: AtomicBool,
}

impl Breaker {
    /// The breaker of `server`, a name for the log. `probe` asks it whether it is there; it is
    /// called once a second while the breaker is open, and by nobody else.
    pub fn new(
        server: impl Into<String>,
        probe: impl Fn() -> BoxFuture<'static, bool> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(State {
            server: server.into(),
            probe: Box::new(probe),
            failures: AtomicU32::new(0),
            open: AtomicBool::new(false),
            probing: AtomicBool::new(false),
        }))
    }

    /// Whether the server may be asked.
    pub fn is_closed(&self) -> bool {
        !self.0.open.load(Ordering::Relaxed)
    }

    /// The server has answered.
    pub fn succeeded(&self) {
        self.0.close();
    }

    /// The server has not answered, or not in time. Must be called within a tokio runtime.
    pub fn failed(&self) {
        let failures = self.0.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if failures < FAILURES {
            return;
        }
        if !self.0.open.swap(true, Ordering::SeqCst) {
            tracing::warn!(
                server = self.0.server,
                "does not answer: left alone for now"
            );
        }
        if !self.0.probing.swap(true, Ordering::SeqCst) {
            tokio::spawn(find_back(Arc::downgrade(&self.0)));
        }
    }
}

impl State {
    fn close(&self) {
        self.failures.store(0, Ordering::Relaxed);
        if self.open.swap(false, Ordering::SeqCst) {
            tracing::warn!(server = self.server, "answers again");
        }
    }
}

/// Probes until the server answers, or nobody is left to ask it. A breaker has one such task at
/// most, so that neither a dead nor a returning server sees more than one probe at a time.
async fn find_back(state: Weak<State>) {
    loop {
        sleep(PAUSE).await;
        let Some(state) = state.upgrade() else { return };
        // A request that was under way may have found it back.
        if state.open.load(Ordering::SeqCst)
            && timeout(PROBE_WITHIN, (state.probe)()).await == Ok(true)
        {
            state.close();
        }
        if !state.open.load(Ordering::SeqCst) {
            state.probing.store(false, Ordering::SeqCst);
            // It may have been opened between the two lines before, and then this task goes on.
            let opened = state.open.load(Ordering::SeqCst);
            if !opened || state.probing.swap(true, Ordering::SeqCst) {
                return;
            }
        }
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker")
            .field("server", &self.0.server)
            .field("closed", &self.is_closed())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    struct Server {
        there: AtomicBool,
        probes: AtomicU32,
    }

    fn breaker() -> (Breaker, Arc<Server>) {
        let server = Arc::new(Server {
            there: AtomicBool::new(false),
            probes: AtomicU32::new(0),
        });
        let probed = server.clone();
        let breaker = Breaker::new("test", move || {
            probed.probes.fetch_add(1, Ordering::Relaxed);
            let there = probed.there.load(Ordering::Relaxed);
            async move { there }.boxed()
        });
        (breaker, server)
    }

    fn open(breaker: &Breaker) {
        (0..FAILURES).for_each(|_| breaker.failed());
        assert!(!breaker.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn only_failures_in_a_row_open_it() {
        let (breaker, _) = breaker();
        for _ in 0..10 {
            (1..FAILURES).for_each(|_| breaker.failed());
            breaker.succeeded();
        }
        assert!(breaker.is_closed());
        open(&breaker);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_server_sees_one_probe_a_second_whoever_fails() {
        let (breaker, server) = breaker();
        open(&breaker);
        for round in 0..100 {
            sleep(Duration::from_millis(100)).await;
            breaker.failed();
            if round % 10 == 0 {
                // An answer that was late: it does not bring a second prober.
                breaker.succeeded();
                open(&breaker);
            }
        }
        let probes = server.probes.load(Ordering::Relaxed);
        assert!((8..=10).contains(&probes), "{probes} in 10 s");
        assert!(!breaker.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_back_is_found_without_anybody_asking() {
        let (breaker, server) = breaker();
        open(&breaker);
        sleep(Duration::from_secs(10)).await;
        server.there.store(true, Ordering::Relaxed);
        sleep(PAUSE + PROBE_WITHIN).await;
        assert!(breaker.is_closed());
        // And is left in peace.
        let probes = server.probes.load(Ordering::Relaxed);
        sleep(Duration::from_secs(10)).await;
        assert_eq!(server.probes.load(Ordering::Relaxed), probes);
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_again_after_it_was_closed() {
        let (breaker, server) = breaker();
        for _ in 0..3 {
            open(&breaker);
            breaker.succeeded();
            sleep(Duration::from_secs(5)).await;
        }
        open(&breaker);
        server.there.store(true, Ordering::Relaxed);
        sleep(PAUSE + PROBE_WITHIN).await;
        assert!(breaker.is_closed());
    }
}
