//! How fast a run is, and how long it may still take.

use std::time::Instant;

use app::model::ArchiveRun;
use app::model::RunState;
use app::model::number::{counted, grouped, size};

/// Measures a run from when it was first seen.
#[derive(Debug)]
pub struct Pace {
    since: Instant,
}

impl Pace {
    pub fn new() -> Self {
        Self {
            since: Instant::now(),
        }
    }

    /// "1,000 of 5,000 orders, 200 KB, 100 KB/s, 4 s left".
    pub fn line(&self, run: &ArchiveRun) -> String {
        line(run, self.since.elapsed().as_secs_f64())
    }
}

fn line(run: &ArchiveRun, seconds: f64) -> String {
    let orders = match run.expected {
        Some(expected) if expected >= run.orders => {
            format!("{} of {}", grouped(run.orders), counted(expected, "order"))
        }
        _ => counted(run.orders, "order"),
    };
    let mut line = format!("{orders}, {}", size(run.bytes));
    if run.state == RunState::Verifying {
        return line + ", verifying";
    }
    // Before that, a rate says nothing.
    if seconds >= 1.0 && run.orders > 0 {
        line += &format!(", {}/s", size((run.bytes as f64 / seconds) as u64));
        let left = run.expected.unwrap_or(0).saturating_sub(run.orders);
        if left > 0 {
            let left = seconds * left as f64 / run.orders as f64;
            line += &format!(", {} s left", left.ceil());
        }
    }
    line
}
