//! Signals to stop.

use tokio_util::sync::CancellationToken;

/// A token that is cancelled by Ctrl-C or SIGTERM. A second signal ends the process at once.
pub fn cancelled_by_signal() -> std::io::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let token = CancellationToken::new();
    let cancel = token.clone();
    tokio::spawn(async move {
        for first in [true, false] {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if !first {
                std::process::exit(130);
            }
            cancel.cancel();
        }
    });
    Ok(token)
}
