//! How a run ended, in words.

use crate::model::number::counted;
use crate::model::{ArchiveRun, RunState};

/// A result as a table's cell or a receipt's line holds it. A run is called verified until a later
/// check finds something else.
pub fn outcome(run: &ArchiveRun) -> String {
    match run.state {
        RunState::Succeeded => match run.last_check.filter(|_| run.is_damaged()) {
            None => "verified".to_owned(),
            Some(check) => format!(
                "{} on {}",
                check.outcome.word(),
                check.at.full_day_and_time()
            ),
        },
        RunState::Failed => format!(
            "failed: {}",
            run.error.as_deref().unwrap_or("unknown reason")
        ),
        RunState::Interrupted => "interrupted; archive the month again".to_owned(),
        // The run of this process is not among those in the log.
        RunState::Running | RunState::Verifying => "running in another process".to_owned(),
    }
}

/// What is announced once when a run ends; `None` while it goes on.
pub fn announcement(run: &ArchiveRun) -> Option<String> {
    let month = run.month.name();
    match run.state {
        RunState::Running | RunState::Verifying => None,
        RunState::Succeeded => {
            let kept = match run.unpublished_because {
                Some(_) => ", not published",
                None => "",
            };
            let orders = counted(run.orders, "order");
            Some(format!("{month} is archived: {orders}, verified{kept}"))
        }
        RunState::Failed | RunState::Interrupted => {
            let outcome = outcome(run);
            let why = outcome.strip_prefix("failed: ").unwrap_or(&outcome);
            Some(format!("The archive of {month} did not succeed: {why}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LastCheck, VerifyOutcome};
    use crate::panels::archive::tests::{at, run};

    #[test]
    fn the_end_is_said_in_one_sentence() {
        let succeeded = announcement(&run(RunState::Succeeded));
        assert_eq!(
            succeeded.as_deref(),
            Some("October 2026 is archived: 188 orders, verified")
        );
        let failed = announcement(&run(RunState::Failed));
        assert_eq!(
            failed.as_deref(),
            Some("The archive of October 2026 did not succeed: the disk is full")
        );
        assert_eq!(announcement(&run(RunState::Verifying)), None);
    }

    #[test]
    fn what_was_seen_to_be_changed_is_not_called_verified() {
        let damaged = ArchiveRun {
            last_check: Some(LastCheck {
                at: at("2026-11-23T09:30:00Z"),
                outcome: VerifyOutcome::Changed,
            }),
            ..run(RunState::Succeeded)
        };
        assert_eq!(outcome(&damaged), "changed on 23 Nov 2026 09:30");
    }

    #[test]
    fn a_logged_run_that_goes_on_is_another_process_s() {
        assert_eq!(
            outcome(&run(RunState::Running)),
            "running in another process"
        );
    }
}
