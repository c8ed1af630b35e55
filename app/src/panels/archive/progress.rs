use leptos::prelude::*;

use crate::base::href;
use crate::components::Age;
use crate::model::number::{about, counted, grouped, size};
use crate::model::{ArchiveRun, RunState, Timestamp};
use crate::page::Rendering;

/// A rate over less than this is chance.
const SOON_MS: i64 = 1_000;

/// How far the run under way has come.
#[component]
pub fn Progress(run: ArchiveRun) -> impl IntoView {
    let now = expect_context::<Rendering>().at;
    let so_far = so_far(&run, now);
    // Without knowing how many there will be, a bar could only move without a reason.
    let bar = run.expected.filter(|expected| *expected > 0).map(|expected| {
        let written = run.orders.min(expected);
        let label = format!("Orders written: {written} of about {expected}");
        view! { <progress aria-label=label max=expected.to_string() value=written.to_string()></progress> }
    });
    view! {
        <div data-running="">
            <p class="delta">{so_far} " · started " <Age at=run.started_at /></p>
            {bar}
            <p class="delta">
                "You can close this page; the job goes on. "
                <a class="no-js" href=href("/#archive")>"See how far it is"</a>
            </p>
        </div>
    }
}

/// "October 2026 · writing · 182,400 of about 431,000 orders · 46.0 MB · 12,800 orders/s · about
/// 20 s left".
fn so_far(run: &ArchiveRun, now: Timestamp) -> String {
    let writing = run.state == RunState::Running;
    let doing = if writing {
        "writing"
    } else {
        "reading back what was stored"
    };
    let orders = match run.expected {
        Some(expected) if writing => format!(
            "{} of about {}",
            grouped(run.orders),
            counted(expected.max(run.orders), "order")
        ),
        _ => counted(run.orders, "order"),
    };
    let mut parts = vec![run.month.name(), doing.to_owned(), orders, size(run.bytes)];
    if writing {
        parts.extend(pace(run, now));
    }
    parts.join(" · ")
}

/// Orders a second since the start, and what is left at that rate, where it is known.
fn pace(run: &ArchiveRun, now: Timestamp) -> Vec<String> {
    let elapsed = now.milliseconds() - run.started_at.milliseconds();
    if elapsed < SOON_MS || run.orders == 0 {
        return Vec::new();
    }
    let elapsed = elapsed as f64 / 1_000.0;
    let rate = run.orders as f64 / elapsed;
    let mut pace = vec![if rate < 1.0 {
        "under 1 order/s".to_owned()
    } else {
        format!("{} orders/s", grouped(rate as u64))
    }];
    let left = run
        .expected
        .and_then(|expected| expected.checked_sub(run.orders));
    if let Some(left) = left.filter(|left| *left > 0) {
        pace.push(format!(
            "{} left",
            about((left as f64 / rate).ceil() as u64)
        ));
    }
    pace
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panels::archive::tests::{at, run};

    /// A run of 5,000 orders, `seconds` after its start.
    fn after(seconds: u32, expected: Option<u64>, state: RunState) -> String {
        let run = ArchiveRun {
            orders: 5_000,
            expected,
            ..run(state)
        };
        so_far(&run, at(&format!("2026-11-22T14:02:{:02}Z", 11 + seconds)))
    }

    #[test]
    fn rate_and_time_left_follow_from_what_is_written() {
        assert_eq!(
            after(5, Some(25_000), RunState::Running),
            "October 2026 · writing · 5,000 of about 25,000 orders · 35.0 kB · 1,000 orders/s · about 20 s left"
        );
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        assert_eq!(
            after(5, None, RunState::Running),
            "October 2026 · writing · 5,000 orders · 35.0 kB · 1,000 orders/s"
        );
        assert_eq!(
            after(0, Some(25_000), RunState::Running),
            "October 2026 · writing · 5,000 of about 25,000 orders · 35.0 kB"
        );
    }

    #[test]
    fn more_than_expected_is_no_time_below_zero() {
        assert_eq!(
            after(5, Some(4_000), RunState::Running),
            "October 2026 · writing · 5,000 of about 5,000 orders · 35.0 kB · 1,000 orders/s"
        );
    }

    #[test]
    fn reading_back_has_no_rate_of_writing() {
        assert_eq!(
            after(5, Some(5_000), RunState::Verifying),
            "October 2026 · reading back what was stored · 5,000 orders · 35.0 kB"
        );
    }
}
