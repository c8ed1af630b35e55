//! Objects whose bytes may still be on their way to the disk.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};

use super::syncing::Syncing;
use crate::archive::ObjectName;

/// The objects that were staged by this process and have not been renamed or deleted since.
#[derive(Default)]
pub struct Staged(Mutex<HashMap<ObjectName, Syncing>>);

impl Staged {
    /// Remembers who syncs the object.
    pub fn keep(&self, name: ObjectName, syncing: Syncing) {
        self.lock(|staged| staged.insert(name, syncing));
    }

    /// Returns when the object is on the disk, if it was ever staged. A failure is reported here or
    /// nowhere: to whoever syncs the file once more, the system would call it a success.
    pub fn end(&self, name: &ObjectName) -> io::Result<()> {
        match self.lock(|staged| staged.remove(name)) {
            Some(syncing) => syncing.end(),
            None => Ok(()),
        }
    }

    /// For an object that is not wanted any more.
    pub fn forget(&self, name: &ObjectName) {
        self.lock(|staged| staged.remove(name));
    }

    fn lock<T>(&self, work: impl FnOnce(&mut HashMap<ObjectName, Syncing>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_sync_that_failed_is_reported_to_whoever_needs_it() {
        let staged = Staged::default();
        let name = ObjectName::new("a").expect("a name");
        staged.end(&name).expect("nothing to wait for");

        // What cannot be synced.
        let file = File::open("/dev/null").expect("a file");
        let syncing = Syncing::of(&file).expect("a thread");
        syncing.end().expect("nothing was asked for");
        let syncing = Syncing::of(&file).expect("a thread");
        assert!(syncing.ask());
        staged.keep(name.clone(), syncing);
        staged.end(&name).expect_err("a failure");
    }
}
