//! A progress line on a terminal.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

const REDRAW_INTERVAL: Duration = Duration::from_millis(200);

/// A line on standard error that is redrawn a few times a second.
#[derive(Debug)]
pub struct Progress {
    drawn: Option<Instant>,
    terminal: bool,
}

impl Progress {
    /// Shows nothing if standard error is not a terminal.
    pub fn new() -> Self {
        Self {
            drawn: None,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Replaces the line.
    pub fn show(&mut self, text: impl FnOnce() -> String) {
        let due = self
            .drawn
            .is_none_or(|drawn| drawn.elapsed() >= REDRAW_INTERVAL);
        if self.terminal && due {
            self.drawn = Some(Instant::now());
            // A failure is ignored: the work matters, not the line.
            _ = write!(std::io::stderr(), "\r\x1b[K{}", text());
        }
    }

    /// Removes the line.
    pub fn clear(&mut self) {
        if self.terminal && self.drawn.take().is_some() {
            _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
