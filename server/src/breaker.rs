//! A circuit breaker: once a server has failed a few times in a row nobody waits for it any more,
//! until a probe in the background has found it back.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::FutureExt;
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
    /// Whether the server has answered a probe. One that panics has failed: it must not end the
    /// task, for nobody else would look for the server again.
    async fn answers(&self) -> bool {
        let probe = AssertUnwindSafe(async { (self.probe)().await }).catch_unwind();
        matches!(timeout(PROBE_WITHIN, probe).await, Ok(Ok(true)))
    }

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
        if state.open.load(Ordering::SeqCst) && state.answers().await {
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
mod tests;
