//! How long we wait for the bucket, and how often we ask again.

use std::time::Duration;

/// Limits of one operation.
#[derive(Copy, Clone, Debug)]
pub struct Timeouts {
    /// The whole of a ping.
    pub ping: Duration,
    /// An operation is given up when this much time has passed without progress: no byte taken
    /// from the file, no piece received, no answer. It may take up to twice this time to notice.
    pub silence: Duration,
    /// How often a request is made when it is refused for now, or its connection breaks.
    pub attempts: u32,
    /// The longest first pause between two attempts. Each may be twice as long as the one before.
    pub pause: Duration,
    /// No pause is longer. Shorter than `silence`, since nothing progresses in a pause.
    pub longest_pause: Duration,
}

/// With these, a store that refuses everything is given up within 8 minutes.
impl Default for Timeouts {
    fn default() -> Self {
        Self {
            ping: Duration::from_millis(900),
            silence: Duration::from_secs(60),
            attempts: 20,
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(30),
        }
    }
}
