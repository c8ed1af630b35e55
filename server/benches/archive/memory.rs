//! What this process holds of the machine's memory.

use std::fs;

/// A resident set in KiB, from which the peak is counted.
pub struct Memory(u64);

impl Memory {
    /// What is held now; from here on the peak counts. `None` where the system does not tell, as
    /// Linux does.
    pub fn now() -> Option<Self> {
        // 5 sets the peak to what is held now.
        fs::write("/proc/self/clear_refs", "5").ok()?;
        status("VmRSS:").map(Self)
    }

    /// How many MiB more have been held at once since then.
    pub fn peak_above(&self) -> Option<f64> {
        let above = status("VmHWM:")?.saturating_sub(self.0);
        Some(above as f64 / 1024.0)
    }
}

fn status(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
