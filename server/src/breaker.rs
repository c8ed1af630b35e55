//! A circuit breaker: once a server is known to be down, nobody waits for it until a probe in the
//! background gets an answer.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::sleep;

/// How many failures in a row open the breaker.
pub const FAILURES: u32 = 3;
/// The pause between two probes.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);

type Probe = dyn Fn() -> BoxFuture<'static, bool> + Send + Sync;

/// Closed while the server answers. Clones are the same breaker.
#[derive(Clone)]
pub struct Breaker(Arc<State>);

struct State {
    server: String,
    probe: Box<Probe>,
    failures: AtomicU32,
    open: watch::Sender<bool>,
    /// Whether the task that probes is running.
    probing: AtomicBool,
}

impl Breaker {
    /// The breaker of `server`, a name for the log. `probe` asks the server whether it is there,
    /// and gives up by itself. It is called while the breaker is open, one second after the last.
    pub fn new(
        server: impl Into<String>,
        probe: impl Fn() -> BoxFuture<'static, bool> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(State {
            server: server.into(),
            probe: Box::new(probe),
            failures: AtomicU32::new(0),
            open: watch::Sender::new(false),
            probing: AtomicBool::new(false),
        }))
    }

    /// Whether the server may be asked.
    pub fn is_closed(&self) -> bool {
        !self.0.is_open()
    }

    /// Returns as soon as the breaker is open.
    pub async fn opened(&self) {
        // Fails only without a sender, and this is one.
        _ = self.0.open.subscribe().wait_for(|open| *open).await;
    }

    /// The server has answered. An open breaker stays open: the answer may have been under way, or
    /// to a question that is still granted where others are refused.
    pub fn succeeded(&self) {
        if self.is_closed() {
            self.0.failures.store(0, Ordering::Relaxed);
        }
    }

    /// The server has failed; after [`FAILURES`] in a row the breaker opens. Must be called within
    /// a tokio runtime.
    pub fn failed(&self) {
        if self.0.failures.fetch_add(1, Ordering::Relaxed) + 1 >= FAILURES {
            self.open("it does not answer");
        }
    }

    /// The server is of no use now; `because` is for the log. Must be called within a tokio runtime.
    pub fn open(&self, because: &str) {
        if !self.0.open.send_replace(true) {
            tracing::warn!(server = self.0.server, "left alone for now: {because}");
        }
        if !self.0.probing.swap(true, Ordering::SeqCst) {
            tokio::spawn(find_again(Arc::downgrade(&self.0)));
        }
    }
}

impl State {
    fn is_open(&self) -> bool {
        *self.open.borrow()
    }

    /// Whether the server has answered a probe. One that panics has failed: it must not end the
    /// task, because nothing else looks for the server.
    async fn answers(&self) -> bool {
        let probe = AssertUnwindSafe(async { (self.probe)().await }).catch_unwind();
        probe.await.unwrap_or(false)
    }

    fn close(&self) {
        self.failures.store(0, Ordering::Relaxed);
        // Most answers find it closed, and a look costs less than a change.
        if self.is_open() && self.open.send_replace(false) {
            tracing::warn!(server = self.server, "answers again");
        }
    }
}

/// Probes until the server answers or the breaker is dropped. A breaker has one such task at most,
/// so that the server sees one probe at a time.
async fn find_again(state: Weak<State>) {
    loop {
        sleep(PROBE_INTERVAL).await;
        let Some(state) = state.upgrade() else { return };
        // A call that was under way may have found the server first.
        if state.is_open() && state.answers().await {
            state.close();
        }
        if !state.is_open() {
            state.probing.store(false, Ordering::SeqCst);
            // If it was opened between the two lines before, this task goes on.
            if !state.is_open() || state.probing.swap(true, Ordering::SeqCst) {
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
