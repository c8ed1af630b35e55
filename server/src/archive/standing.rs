//! Which run's archive stands under its name, as far as that is known without reading it.

use app::model::ArchiveRun;

use super::tally::checksum;
use super::{ObjectError, ObjectName, ObjectStore, Stored};

/// The newest, the first, as it is recorded: unless its archive was seen to be changed.
pub fn recorded<'r>(
    mut newest_first: impl Iterator<Item = &'r ArchiveRun>,
) -> Option<&'r ArchiveRun> {
    newest_first.next().filter(|run| run.damaged_at.is_none())
}

/// The first of these runs whose archive stands where the newest, the first, has stored its own: by
/// the checksum that the store computes, or else by its length, unless it was seen to be changed.
/// Without `objects` as it is recorded.
pub async fn standing<'r>(
    mut newest_first: impl Iterator<Item = &'r ArchiveRun> + Clone,
    objects: Option<&dyn ObjectStore>,
) -> Result<Option<&'r ArchiveRun>, ObjectError> {
    let newest = newest_first.clone().next();
    let (Some(newest), Some(objects)) = (newest, objects) else {
        return Ok(recorded(newest_first));
    };
    let Ok(name) = ObjectName::new(newest.object.as_str()) else {
        return Ok(None);
    };
    let Some(found) = objects.stat(&name).await? else {
        return Ok(None);
    };
    Ok(newest_first.find(|run| run.object == newest.object && stands(&found, run)))
}

fn stands(found: &Stored, run: &ArchiveRun) -> bool {
    let same = match found.crc32c {
        Some(crc32c) => run.crc32c == Some(checksum(crc32c)),
        None => run.damaged_at.is_none(),
    };
    same && found.bytes == run.bytes
}
