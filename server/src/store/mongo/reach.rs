//! Whether the servers can be reached: what calls and the driver's monitors have met.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mongodb::event::sdam::SdamEvent;

use super::StoreError;
use super::errors::{self, STORE, Sign};
use crate::breaker::{Breaker, FAILURES};

/// A breaker that knows why it is open. It counts what shows that servers are away, never a call
/// that takes long or that a server refuses. Clones are the same one.
#[derive(Clone)]
pub(super) struct Reach {
    breaker: Breaker,
    /// Std mutexes, because nothing awaits under them.
    reason: Arc<Mutex<String>>,
    heartbeats: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl Reach {
    /// All servers count as there until one fails.
    pub fn new(breaker: Breaker) -> Self {
        Self {
            breaker,
            reason: Arc::default(),
            heartbeats: Arc::default(),
        }
    }

    /// The error of a read that need not be tried; `None` while the servers can be reached.
    pub fn refusal(&self) -> Option<StoreError> {
        (!self.breaker.is_closed()).then(|| self.left_alone())
    }

    /// Waits until the servers cannot be reached, and gives the error of a read under way.
    pub async fn lost(&self) -> StoreError {
        self.breaker.opened().await;
        self.left_alone()
    }

    fn left_alone(&self) -> StoreError {
        StoreError::LeftAlone {
            store: STORE,
            reason: lock(&self.reason).clone(),
        }
    }

    /// A server has answered.
    pub fn answered(&self) {
        self.breaker.succeeded();
    }

    /// A call has failed, which shows `sign`.
    pub fn failed(&self, sign: Sign, error: &StoreError) {
        match sign {
            Sign::Answered => self.answered(),
            Sign::Lost => {
                self.note(errors::reason(error));
                self.breaker.failed();
            }
            Sign::Away => {
                self.give_up(errors::reason(error));
            }
        }
    }

    /// Takes note of what a monitor of the driver has met. A server is away once it has failed
    /// several checks in a row, or has not answered one in time, which is a ping that fails. Calls
    /// are refused once all of them are: a replica set may lack a member and yet work.
    pub fn monitored(&self, event: SdamEvent) {
        let mut heartbeats = lock(&self.heartbeats);
        match event {
            SdamEvent::ServerOpening(event) => {
                heartbeats.insert(event.address.to_string(), 0);
            }
            SdamEvent::ServerClosed(event) => {
                heartbeats.remove(&event.address.to_string());
            }
            SdamEvent::ServerHeartbeatSucceeded(event) => {
                heartbeats.insert(event.server_address.to_string(), 0);
            }
            SdamEvent::ServerHeartbeatFailed(event) => {
                let address = event.server_address.to_string();
                let reason = errors::unreached(Some(&address), &event.failure.to_string());
                let failures = heartbeats.entry(address).or_default();
                *failures = match errors::is_timeout(&event.failure) {
                    true => FAILURES,
                    false => failures.saturating_add(1),
                };
                if heartbeats.values().all(|failures| *failures >= FAILURES) {
                    self.give_up(reason);
                }
            }
            _ => {}
        }
    }

    /// Noted first: calls that wait for the breaker read the reason.
    fn give_up(&self, reason: String) {
        self.note(reason.clone());
        self.breaker.open(&reason);
    }

    fn note(&self, reason: String) {
        *lock(&self.reason) = reason;
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.breaker.fmt(f)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
