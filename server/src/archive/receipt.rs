//! What other programs read about the newest archive.

use app::model::{ArchiveRun, Timestamp};
use serde::Serialize;

use super::target::Target;

/// The content of `run_info.json`. `date` and `orders_exported` are what others rely on.
#[derive(Debug, Serialize)]
pub struct RunInfo {
    /// The last day that the archive covers, "2026-11-23".
    date: String,
    orders_exported: u64,
    run_id: String,
    month: String,
    object: String,
    bytes: u64,
    crc32c: Option<String>,
    generation: Option<i64>,
    window: app::model::Window,
    verified_at: Option<Timestamp>,
}

impl RunInfo {
    /// About a run whose object stands under its name.
    pub fn new(run: &ArchiveRun, target: &Target) -> Self {
        Self {
            date: target.day.to_string(),
            orders_exported: run.orders,
            run_id: run.run_id.clone(),
            month: run.month.to_string(),
            object: run.object.clone(),
            bytes: run.bytes,
            crc32c: run.crc32c.clone(),
            generation: run.generation,
            window: run.window,
            verified_at: run.verified_at,
        }
    }
}
