//! A computed metric compared with a cached one.

use std::fmt;

use app::api::ApiError;
use app::model::Filter;
use app::ports::{Dashboard, Read};
use serde::Serialize;

use super::{Samples, Summary};

/// Category revenue, computed and cached.
#[derive(Clone, Debug, Serialize)]
pub struct CachedReport {
    pub rounds: u32,
    pub computed: Summary,
    pub cached: Summary,
    /// Average time to compute divided by average time from the cache.
    pub ratio: f64,
}

/// Computes the category revenue `rounds` times, and reads it from the cache as often.
pub async fn measure_cached(
    dashboard: &dyn Dashboard,
    rounds: u32,
) -> Result<CachedReport, ApiError> {
    let all = Filter::default();
    // Warm up.
    dashboard.category_revenue(&all, Read::Fresh).await?;
    let computed = Samples::of(rounds, async || {
        dashboard.category_revenue(&all, Read::Fresh).await
    })
    .await?;
    let cached = Samples::of(rounds, async || {
        dashboard.category_revenue(&all, Read::Cached).await
    })
    .await?;
    let (computed, cached) = (computed.summary(), cached.summary());
    Ok(CachedReport {
        rounds,
        computed,
        cached,
        ratio: computed.average_ms / cached.average_ms.max(f64::MIN_POSITIVE),
    })
}

impl fmt::Display for CachedReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rounds,
            computed,
            cached,
            ratio,
        } = self;
        writeln!(f, "category revenue, {rounds} times each")?;
        writeln!(f, "  database          {computed}")?;
        writeln!(f, "  cache             {cached}")?;
        writeln!(f, "  ratio             {ratio:9.1}")
    }
}
