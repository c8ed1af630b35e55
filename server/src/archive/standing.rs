//! Which run's archive stands under its name, as far as that is known without reading it.

use std::collections::HashSet;

use app::model::ArchiveRun;

use super::{ObjectError, ObjectName, ObjectStore, Stored};

/// The runs, which are newest first, less those whose archive was seen to be changed: that of a run
/// before it, which is as long, is not there either.
pub fn not_damaged(runs: &[ArchiveRun]) -> Vec<&ArchiveRun> {
    let mut damaged = HashSet::new();
    let mut intact = Vec::new();
    for run in runs {
        let archive = (run.object.as_str(), run.bytes);
        if run.damaged_at.is_some() {
            damaged.insert(archive);
        }
        if !damaged.contains(&archive) {
            intact.push(run);
        }
    }
    intact
}

/// The first of these runs whose archive stands where the newest, the first, has stored its own, by
/// its length and, where the store computes one, its checksum; without `objects` the newest.
pub async fn standing<'r>(
    mut newest_first: impl Iterator<Item = &'r ArchiveRun> + Clone,
    objects: Option<&dyn ObjectStore>,
) -> Result<Option<&'r ArchiveRun>, ObjectError> {
    let newest = newest_first.clone().next();
    let (Some(newest), Some(objects)) = (newest, objects) else {
        return Ok(newest);
    };
    let Ok(name) = ObjectName::new(newest.object.as_str()) else {
        return Ok(None);
    };
    let Some(found) = objects.stat(&name).await? else {
        return Ok(None);
    };
    Ok(newest_first.find(|run| run.object == newest.object && may_be_of(&found, run)))
}

fn may_be_of(found: &Stored, run: &ArchiveRun) -> bool {
    let checksum = found.crc32c.map(|crc32c| format!("{crc32c:08x}"));
    found.bytes == run.bytes && (checksum.is_none() || checksum == run.crc32c)
}
