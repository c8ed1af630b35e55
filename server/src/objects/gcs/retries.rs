//! Asking again after faults that may pass, and giving up after silence.
//!
//! Google's library does the former. It knows no timeout for a request that is sent and never
//! answered, so the latter is done here.

use std::fs::File;
use std::io::{self, Seek};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use google_cloud_gax::retry_policy::{LimitedAttemptCount, RetryPolicy, RetryPolicyExt};
use google_cloud_gax::retry_result::RetryResult;
use google_cloud_gax::retry_state::RetryState;
use google_cloud_storage::Error as LibraryError;
use google_cloud_storage::retry_policy::RetryableErrors;

use super::errors::Failure;
use super::timeouts::Timeouts;

/// Watches one operation.
#[derive(Debug)]
pub struct Watch {
    silence: Duration,
    /// Attempts that have failed.
    failed: Arc<AtomicU32>,
    /// Shares its position with the file that is uploaded.
    file: Option<File>,
}

impl Watch {
    pub fn new(timeouts: Timeouts) -> Self {
        Self {
            silence: timeouts.silence,
            failed: Arc::default(),
            file: None,
        }
    }

    /// Takes it for progress, too, when something is read from the file.
    pub fn with_file(self, file: &File) -> io::Result<Self> {
        Ok(Self {
            file: Some(file.try_clone()?),
            ..self
        })
    }

    /// For the operation's request. Busy stores and broken connections are asked again.
    pub fn retries(&self, timeouts: Timeouts) -> impl RetryPolicy + 'static {
        Retries {
            failed: self.failed.clone(),
            policy: RetryableErrors.with_attempt_limit(timeouts.attempts),
        }
    }

    /// Waits for the operation while it makes progress.
    pub async fn over<T>(
        &self,
        operation: BoxFuture<'_, Result<T, LibraryError>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            done = operation => done.map_err(|error| Failure::of_library(&error)),
            () = self.silent() => Err(Failure::Silent(self.silence)),
        }
    }

    /// Returns after a whole interval without progress.
    async fn silent(&self) {
        let mut before = self.progress();
        loop {
            tokio::time::sleep(self.silence).await;
            let now = self.progress();
            if now == before {
                return;
            }
            before = now;
        }
    }

    /// Another value after every progress.
    fn progress(&self) -> (u32, Option<u64>) {
        let position = self.file.as_ref().map(|mut file| file.stream_position());
        let failed = self.failed.load(Ordering::Relaxed);
        (failed, position.and_then(Result::ok))
    }
}

/// Counts and logs the failed attempts.
#[derive(Debug)]
struct Retries {
    failed: Arc<AtomicU32>,
    policy: LimitedAttemptCount<RetryableErrors>,
}

impl RetryPolicy for Retries {
    fn on_error(&self, state: &RetryState, error: LibraryError) -> RetryResult {
        self.failed.fetch_add(1, Ordering::Relaxed);
        let result = self.policy.on_error(state, error);
        if let RetryResult::Continue(error) = &result {
            let failure = Failure::of_library(error);
            tracing::warn!(%failure, "asking Cloud Storage again");
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use futures::FutureExt;
    use tokio::time::{Instant, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_upload_goes_on_while_bytes_are_taken_or_answers_come() {
        let timeouts = Timeouts::default();
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&[0; 1000]).expect("a write");
        file.rewind().expect("a file that can be read again");
        let watch = Watch::new(timeouts).with_file(&file).expect("a watch");
        let retries = watch.retries(timeouts);
        let pause = timeouts.silence * 5 / 6;
        let upload = async move {
            for _ in 0..10 {
                sleep(pause).await;
                file.read_exact(&mut [0; 100]).expect("100 bytes");
            }
            for _ in 0..10 {
                sleep(pause).await;
                retries.on_error(&RetryState::new(true), LibraryError::io("broken"));
            }
            std::future::pending::<Result<(), _>>().await
        };
        let started = Instant::now();
        let ended = watch.over(upload.boxed()).await;
        assert!(matches!(ended, Err(Failure::Silent(_))), "{ended:?}");
        let silence = started.elapsed() - pause * 20;
        let range = timeouts.silence..=timeouts.silence * 2;
        assert!(range.contains(&silence), "{silence:?}");
    }
}
