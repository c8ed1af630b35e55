//! The outcome of a verification on one line.

use serde::{Deserialize, Serialize};

use super::{Timestamp, VerifyOutcome, VerifyReport};

/// The part of a [`VerifyReport`] that is shown beside the run: short enough for a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub run_id: String,
    pub checked_at: Timestamp,
    pub outcome: VerifyOutcome,
    /// The outcome in words, with the figure that differs and what to do.
    pub message: String,
}

impl Checked {
    /// "✓ intact on 22 Nov 14:05: the archive is what was stored".
    pub fn sentence(&self) -> String {
        let mark = if self.outcome.is_intact() {
            "✓"
        } else {
            "✗"
        };
        let (outcome, at) = (self.outcome.word(), self.checked_at.day_and_time());
        format!("{mark} {outcome} on {at}: {}", self.message)
    }

    /// The CSS classes of the sentence.
    pub fn class(&self) -> &'static str {
        match self.outcome {
            VerifyOutcome::Intact => "checked fine",
            _ => "checked problem",
        }
    }
}

impl From<VerifyReport> for Checked {
    fn from(report: VerifyReport) -> Self {
        Self {
            run_id: report.run_id,
            checked_at: report.checked_at,
            outcome: report.outcome,
            message: report.message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcome_comes_first_and_in_words() {
        for (outcome, start, class) in [
            (VerifyOutcome::Intact, "✓ intact", "checked fine"),
            (VerifyOutcome::Changed, "✗ changed", "checked problem"),
            (VerifyOutcome::Truncated, "✗ truncated", "checked problem"),
            (VerifyOutcome::Missing, "✗ missing", "checked problem"),
        ] {
            let checked = Checked {
                run_id: "01".to_owned(),
                checked_at: Timestamp::parse("2026-11-22T14:05:00+01:00").expect("a time"),
                outcome,
                message: "in words".to_owned(),
            };
            let sentence = format!("{start} on 22 Nov 14:05: in words");
            assert_eq!(checked.sentence(), sentence);
            assert_eq!(checked.class(), class);
        }
    }
}
