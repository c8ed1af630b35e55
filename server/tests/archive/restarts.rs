//! What a new process makes of runs that another has left.

use app::model::RunState;
use chrono::TimeDelta;
use futures::StreamExt;
use server::archive::{ArchiveJob, ObjectName, ObjectStore, RunLog};

use ulid::Ulid;

use crate::{NOVEMBER, RUN_INFO, Shop, archive, runs};

/// Leaves a run as a killed process would, and returns its identifier.
async fn killed(shop: &Shop, state: RunState) -> String {
    let mut run = archive(&shop.job().await, None).await;
    let later = run.started_at.utc() + TimeDelta::milliseconds(500);
    run.started_at = later.into();
    run.run_id = Ulid::from_datetime(later.into()).to_string();
    run.state = state;
    (run.generation, run.finished_at, run.verified_at) = (None, None, None);
    shop.store.record(&run).await.expect("a record");
    let own = ObjectName::new(format!("shopstream/orders/runs/{}.jsonl", run.run_id));
    let content = futures::stream::iter([Ok("half a line".into())]).boxed();
    let written = shop.objects.write(&own.expect("a name"), content).await;
    written.expect("a write");
    run.run_id
}

#[tokio::test]
async fn unfinished_runs_are_interrupted_and_their_objects_removed() {
    for state in [RunState::Running, RunState::Verifying] {
        let shop = Shop::open().await;
        let finished = archive(&shop.job().await, Some("2026-10")).await;
        let run_id = killed(&shop, state).await;
        assert_eq!(shop.objects().len(), 4);

        let job = shop.job().await;
        let runs = runs(&job).await;
        assert_eq!(
            (&runs[0].run_id, runs[0].state),
            (&run_id, RunState::Interrupted)
        );
        assert!(runs[0].finished_at.is_some() && runs[0].error.is_some());
        assert_eq!(runs[2], finished);
        assert_eq!(shop.objects().len(), 3);
        assert_eq!(archive(&job, None).await.state, RunState::Succeeded);
    }
}

#[tokio::test]
async fn a_command_ends_what_nobody_holds_when_it_begins() {
    let shop = Shop::open().await;
    let run_id = killed(&shop, RunState::Running).await;
    let job = ArchiveJob::beside(shop.parts());
    assert_eq!(archive(&job, None).await.state, RunState::Succeeded);
    let found = shop.store.find(&run_id).await.expect("an answer");
    assert_eq!(found.expect("a run").state, RunState::Interrupted);
    assert_eq!(shop.objects(), [RUN_INFO, NOVEMBER]);
}
