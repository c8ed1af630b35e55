//! A store of many orders: generating, every metric, an archive, and memory.

use std::error::Error;
use std::fmt;
use std::time::Instant;

use app::model::Panel;
use app::ports::{Dashboard, Read};
use futures::StreamExt;
use serde::Serialize;

use super::memory::peak_mib;
use super::stage::Stage;
use crate::generate::{Plan, generate};

/// The cost of many orders.
#[derive(Clone, Debug, Serialize)]
pub struct ScaleReport {
    pub orders: u64,
    pub generate_seconds: f64,
    /// Each metric and the time to compute it.
    pub metrics_ms: Vec<(&'static str, f64)>,
    /// The time to read all documents.
    pub drain_seconds: f64,
    pub archive_seconds: f64,
    pub archive_bytes: u64,
    /// Time to read all documents divided by the time to archive and verify them.
    pub archive_share: f64,
    /// Of the whole process.
    pub peak_mib: Option<f64>,
}

/// Fills the empty store with `plan`, computes every metric once, and archives all orders.
pub async fn measure_scale(
    stage: &Stage,
    plan: Plan,
) -> Result<ScaleReport, Box<dyn Error + Send + Sync>> {
    let store = stage.backends.orders.as_ref();
    let dashboard: &dyn Dashboard = stage.assembly.dashboard.as_ref();
    let started = Instant::now();
    let generated = generate(store, plan, stage.clock.as_ref(), |_| {}).await?;
    let generate_seconds = started.elapsed().as_secs_f64();

    let mut metrics_ms = Vec::new();
    for panel in Panel::ALL {
        let snapshot = dashboard.panel(*panel, Read::Fresh).await?;
        metrics_ms.push((panel.title(), snapshot.took_ms));
    }

    let started = Instant::now();
    let mut documents = store.documents(stage.month()).await?;
    while let Some(piece) = documents.next().await {
        piece?;
    }
    let drain_seconds = started.elapsed().as_secs_f64();

    let started = Instant::now();
    let run = stage.assembly.job.run_to_end(None, |_| {}).await?;
    let archive_seconds = started.elapsed().as_secs_f64();
    if let Some(error) = run.error {
        return Err(error.into());
    }
    Ok(ScaleReport {
        orders: generated.orders,
        generate_seconds,
        metrics_ms,
        drain_seconds,
        archive_seconds,
        archive_bytes: run.bytes,
        archive_share: drain_seconds / archive_seconds,
        peak_mib: peak_mib(),
    })
}

impl fmt::Display for ScaleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} orders", self.orders)?;
        writeln!(f, "  generated         {:9.1} s", self.generate_seconds)?;
        for (metric, took_ms) in &self.metrics_ms {
            writeln!(f, "  {metric:19} {took_ms:9.1} ms")?;
        }
        writeln!(f, "  drained           {:9.1} s", self.drain_seconds)?;
        writeln!(
            f,
            "  archived          {:9.1} s ({} bytes)",
            self.archive_seconds, self.archive_bytes
        )?;
        writeln!(f, "  share of draining {:9.2}", self.archive_share)?;
        match self.peak_mib {
            Some(peak) => writeln!(f, "  peak memory       {peak:9.1} MiB"),
            None => writeln!(f, "  peak memory       unknown on this system"),
        }
    }
}
