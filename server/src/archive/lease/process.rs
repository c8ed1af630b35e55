//! Which process this is, so that another one can see when it has ended.

use std::fs;

/// This process, unmistakably: the machine's start, the namespace of process numbers, the number,
/// and when the process was started. Empty where the system does not tell.
pub(super) fn this() -> String {
    let id = std::process::id();
    let described = surroundings().zip(started(id));
    described.map_or_else(String::new, |(surroundings, started)| {
        format!("{surroundings} {id} {started}")
    })
}

/// Whether that process ran here and does so no longer. Of a process elsewhere nothing is known,
/// so that only its lease's expiry tells.
pub(super) fn has_ended(process: &str) -> bool {
    let mut parts = process.rsplitn(3, ' ');
    let (started_at, id, around) = (parts.next(), parts.next(), parts.next());
    if around.is_none() || around != surroundings().as_deref() {
        return false;
    }
    let id = id.and_then(|id| id.parse().ok());
    id.is_some_and(|id| started(id).as_deref() != started_at)
}

fn surroundings() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), namespace.display()))
}

/// The 22nd field of the process's line, see proc_pid_stat(5); `None` if it has ended, also if
/// nobody has taken note of that yet.
fn started(id: u32) -> Option<String> {
    let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The second field is the program's name in brackets, which may hold anything.
    let (_, fields) = line.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn only_a_process_that_was_here_has_ended() {
        let this = this();
        assert!(this.split(' ').count() == 4, "{this}");
        assert!(!has_ended(&this));
        for elsewhere in ["", "x", "boot pid:[1] 1 2", "a b c d e"] {
            assert!(!has_ended(elsewhere), "{elsewhere}");
        }
        // The same number, given to another process since.
        let (same, _) = this.rsplit_once(' ').expect("a start");
        assert!(has_ended(&format!("{same} 1")));
    }

    #[test]
    fn a_killed_process_has_ended_before_anybody_has_waited_for_it() {
        let mut cat = Command::new("cat");
        let mut child = cat.stdin(Stdio::piped()).spawn().expect("a process");
        let id = child.id();
        let around = surroundings().expect("a machine");
        let process = format!("{around} {id} {}", started(id).expect("a start"));
        assert!(!has_ended(&process));
        child.kill().expect("a kill");
        while started(id).is_some() {
            std::thread::yield_now();
        }
        assert!(has_ended(&process));
        child.wait().expect("an end");
        assert!(has_ended(&process));
    }
}
