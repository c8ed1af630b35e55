//! Runs by what they archive.

use app::model::ArchiveRun;
use server::store::RunLog;

use crate::{recorded, run};

pub async fn the_runs_of_a_month_are_found(log: &dyn RunLog) {
    let november = "2026-11".parse().expect("a month");
    let of_november = |run_id: &str, started_at: &str| ArchiveRun {
        month: november,
        synthetic: true,
        ..run(run_id, started_at)
    };
    let first = of_november("01A", "2026-11-01T08:00:00Z");
    let second = of_november("01C", "2026-11-03T08:00:00Z");
    let other = run("01B", "2026-11-02T08:00:00Z");
    recorded(log, &[first.clone(), other.clone(), second.clone()]).await;
    let found = |month, limit| async move { log.of_month(month, limit).await.expect("runs") };
    assert_eq!(found(november, 20).await, [second.clone(), first]);
    assert_eq!(found(november, 1).await, [second]);
    assert_eq!(found(november, 0).await, []);
    assert_eq!(found(other.month, 20).await, [other]);
    let december = "2026-12".parse().expect("a month");
    assert_eq!(found(december, 20).await, []);
}
