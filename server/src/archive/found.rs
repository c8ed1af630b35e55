//! What stands under a name.

use std::io;

use app::model::ArchiveRun;

use super::{ObjectError, ObjectName, ObjectStore, Tally};

/// An object that was read to its end.
#[derive(Copy, Clone, Debug)]
pub struct Found {
    pub tally: Tally,
    /// Where the store has one that only a write changes.
    pub generation: Option<i64>,
}

impl Found {
    /// Reads the whole object without holding it. The inner error is of one that broke off.
    pub async fn read(
        objects: &dyn ObjectStore,
        name: &ObjectName,
    ) -> Result<io::Result<Self>, ObjectError> {
        let (content, generation) = objects.read_generation(name).await?;
        let tally = Tally::of(content).await;
        Ok(tally.map(|tally| Self { tally, generation }))
    }

    /// Whether it is what the run has stored, and not the same content written once more.
    pub fn is_of(&self, run: &ArchiveRun) -> bool {
        let generations = self.generation.zip(run.generation);
        self.tally.is_of(run) && generations.is_none_or(|(found, stored)| found == stored)
    }
}
