//! News of a run that come late.

use app::model::{ArchiveRun, RunState};
use server::store::RunLog;

use crate::{at, recorded, run};

pub async fn late_progress_undoes_nothing(log: &dyn RunLog) {
    let running = run("01B", "2026-11-01T10:00:00Z");
    let verifying = ArchiveRun {
        state: RunState::Verifying,
        ..running.clone()
    };
    let verified = ArchiveRun {
        verified_at: Some(at("2026-11-01T10:01:00Z")),
        ..verifying.clone()
    };
    recorded(
        log,
        &[running.clone(), verifying, verified.clone(), running],
    )
    .await;
    assert_eq!(log.find("01B").await.expect("an answer"), Some(verified));
}
