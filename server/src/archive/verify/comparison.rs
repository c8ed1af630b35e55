//! What is found under an archive's name, beside the receipt, in words.

use app::model::number::grouped;
use app::model::{ArchiveRun, RunState, VerifyOutcome};

use crate::archive::Found;

/// The outcome, with the figure that differs.
pub fn compared(
    run: &ArchiveRun,
    found: Option<&Found>,
    later: Option<&ArchiveRun>,
) -> (VerifyOutcome, String) {
    let Some(found) = found else {
        let message = "the archive is not there any more: restore it from a copy, or archive the \
             month again while its orders are still in the store";
        return (VerifyOutcome::Missing, message.to_owned());
    };
    let tally = &found.tally;
    if found.is_of(run) {
        let message = match run.state {
            RunState::Succeeded => format!("the archive is what was stored: {tally}"),
            _ => format!(
                "the run did not succeed, yet what it has written stands under the archive's name: \
                 {tally}; archive the month again for a receipt"
            ),
        };
        return (VerifyOutcome::Intact, message);
    }
    if let Some(later) = later {
        let message = format!(
            "the archive was replaced by that of run {}, which is intact: {tally}",
            later.run_id
        );
        return (VerifyOutcome::Replaced, message);
    }
    if tally.is_of(run) {
        let message = format!(
            "the archive was replaced by the same content, which no run has written: {tally}, \
             generation {} instead of {}",
            generation(found.generation),
            generation(run.generation)
        );
        return (VerifyOutcome::Replaced, message);
    }
    let advice = "restore it from a copy, or archive the month again";
    if tally.bytes < run.bytes {
        let message = format!(
            "the archive was truncated: {} bytes instead of {}; {advice}",
            grouped(tally.bytes),
            grouped(run.bytes)
        );
        return (VerifyOutcome::Truncated, message);
    }
    let (orders, bytes) = (grouped(run.orders), grouped(run.bytes));
    let expected = match tally.lines == run.orders && tally.bytes == run.bytes {
        true => format!("CRC32C {}", run.crc32c.as_deref().unwrap_or("unknown")),
        false => format!("{orders} lines, {bytes} bytes"),
    };
    let message = format!("the archive was changed: {tally} instead of {expected}; {advice}");
    (VerifyOutcome::Changed, message)
}

fn generation(generation: Option<i64>) -> String {
    generation.map_or_else(|| "unknown".to_owned(), |generation| generation.to_string())
}
