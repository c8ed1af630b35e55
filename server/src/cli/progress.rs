//! A line that says how far it is, on a terminal only.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_millis(200);

/// Written over itself a few times a second.
#[derive(Debug)]
pub struct Progress {
    shown: Option<Instant>,
    terminal: bool,
}

impl Progress {
    /// Shows nothing yet, and never anything where standard error is not a terminal.
    pub fn new() -> Self {
        Self {
            shown: None,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Shows `text` instead of what was shown before.
    pub fn show(&mut self, text: impl FnOnce() -> String) {
        let due = self.shown.is_none_or(|shown| shown.elapsed() >= EVERY);
        if self.terminal && due {
            self.shown = Some(Instant::now());
            // A progress line that cannot be written is no reason to stop.
            _ = write!(std::io::stderr(), "\r\x1b[K{}", text());
        }
    }

    /// Removes the line, so that something else can be written.
    pub fn clear(&mut self) {
        if self.terminal && self.shown.take().is_some() {
            _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
