//! Waiting before another attempt.

use std::time::Duration;

use tokio::time::sleep;

use super::{Job, SyncError};

pub const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Waits 1, 2, 4 .. 30 s, a little more or less.
#[derive(Debug, Default)]
pub struct Pause {
    times: u32,
}

impl Pause {
    pub async fn wait(&mut self, job: &Job) -> Result<(), SyncError> {
        let pause = Duration::from_secs(1 << self.times.min(5)).min(LONGEST_PAUSE);
        self.times += 1;
        tokio::select! {
            () = sleep(pause.mul_f64(0.8 + 0.4 * fastrand::f64())) => Ok(()),
            () = job.cancel.cancelled() => Err(SyncError::Stopped),
        }
    }
}
