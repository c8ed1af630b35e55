//! The keys of cached answers. Other programs read some of them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use app::model::{Filter, Panel};

/// The key of a cached answer. Clones are cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    name: Arc<str>,
    time_to_live: Duration,
    is_of_the_day: bool,
}

impl Key {
    /// The answer that `panel` shows of the orders that `filter` leaves.
    pub fn of(panel: Panel, filter: &Filter) -> Self {
        let name = panel.cached_under();
        Self {
            name: match filter.is_empty() {
                true => name.into(),
                false => format!("{name}?{}", filter.to_query()).into(),
            },
            time_to_live: panel.time_to_live(),
            is_of_the_day: panel.is_of_the_day(),
        }
    }

    /// What a refresh compares with.
    pub fn watermark() -> Self {
        Self {
            name: "dashboard:watermark".into(),
            time_to_live: Duration::from_secs(60),
            is_of_the_day: false,
        }
    }

    /// Written and read to find out whether a shared cache can be used.
    pub fn check() -> Self {
        Self {
            name: "dashboard:check".into(),
            time_to_live: Duration::from_secs(60),
            is_of_the_day: false,
        }
    }

    /// What the answers were last recomputed for, see [`crate::dashboard::Live`]. It lives as long as
    /// what moves with the clock may stay as it is: not until the answers expire, one by one.
    pub fn live() -> Self {
        Self {
            name: "dashboard:live".into(),
            time_to_live: Duration::from_secs(45),
            ..Self::watermark()
        }
    }

    /// The key's name in a shared cache.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where a shared cache keeps what belongs to the answer beside its rows. The braces keep both
    /// on one slot of a cluster.
    pub fn meta_name(&self) -> String {
        format!("{{{}}}:meta", self.name)
    }

    /// Where replicas claim the key in a shared cache.
    pub fn lock_name(&self) -> String {
        format!("{{{}}}:lock", self.name)
    }

    /// Whether the answer is about the business day, and wrong once the next one has begun.
    pub fn is_of_the_day(&self) -> bool {
        self.is_of_the_day
    }

    /// Whether the answer leaves some orders out.
    pub fn is_filtered(&self) -> bool {
        self.name.contains('?')
    }

    /// How long an answer lives.
    pub fn time_to_live(&self) -> Duration {
        self.time_to_live
    }
}

/// The panel's own answer, unfiltered.
impl From<Panel> for Key {
    fn from(panel: Panel) -> Self {
        Self::of(panel, &Filter::default())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
