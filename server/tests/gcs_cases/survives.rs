//! Faults that pass: the run succeeds all the same, and leaves what it should.

use app::model::RunState;

use super::shop::{NOVEMBER, PATIENT, RUN_INFO, Shop};
use crate::support::fault_proxy::{Fault, Step};

async fn survives(faults: &[(Step, Fault)]) {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let earlier = shop.archive(PATIENT).await;
    for (step, fault) in faults {
        shop.proxy.fail(*step, 0, 1, fault.clone());
    }
    let run = shop.archive(PATIENT).await;
    assert_eq!(
        run.state,
        RunState::Succeeded,
        "{faults:?}: {:?}",
        run.error
    );
    assert!(run.generation > earlier.generation);
    let (generation, content) = shop.object(NOVEMBER).await.expect("an archive");
    assert!(content == shop.lines().await.into_bytes());
    assert_eq!(run.generation.map(|it| it.to_string()), Some(generation));
    let (_, info) = shop.object(RUN_INFO).await.expect("run_info.json");
    let info: serde_json::Value = serde_json::from_slice(&info).expect("JSON");
    assert_eq!(info["run_id"], run.run_id);
    assert_eq!(shop.objects().await, [RUN_INFO, NOVEMBER]);
}

#[tokio::test]
async fn a_store_that_is_busy() {
    for step in [
        Step::Begin,
        Step::Chunk,
        Step::Read,
        Step::Stat,
        Step::Copy,
        Step::Delete,
    ] {
        for (status, retry_after) in [(429, None), (503, None), (503, Some("0")), (503, Some("1"))]
        {
            survives(&[(step, Fault::Status(status, retry_after))]).await;
        }
    }
}

#[tokio::test]
async fn a_connection_that_breaks_within_a_request() {
    for step in [
        Step::Begin,
        Step::Chunk,
        Step::Read,
        Step::Stat,
        Step::Copy,
        Step::Delete,
    ] {
        survives(&[(step, Fault::Reset(0))]).await;
    }
    survives(&[(Step::Chunk, Fault::Reset(1000))]).await;
    survives(&[
        (Step::Chunk, Fault::Reset(1000)),
        (Step::Chunk, Fault::Reset(2000)),
        (Step::Ask, Fault::Status(503, None)),
        (Step::Ask, Fault::Reset(0)),
    ])
    .await;
}

#[tokio::test]
async fn a_chunk_that_is_kept_only_in_part() {
    for length in [0, 1, 1000, 65_536] {
        survives(&[(Step::Chunk, Fault::Keep(length))]).await;
    }
    survives(&[
        (Step::Chunk, Fault::Keep(1000)),
        (Step::Chunk, Fault::Keep(1)),
        (Step::Chunk, Fault::Reset(100)),
        (Step::Chunk, Fault::Keep(7)),
    ])
    .await;
}

#[tokio::test]
async fn an_answer_that_is_lost() {
    for step in [
        Step::Begin,
        Step::Chunk,
        Step::Read,
        Step::Stat,
        Step::Copy,
        Step::Delete,
    ] {
        survives(&[(step, Fault::LostAnswer)]).await;
    }
    // The upload had ended, and the store has forgotten it.
    survives(&[
        (Step::Chunk, Fault::LostAnswer),
        (Step::Ask, Fault::Status(404, None)),
    ])
    .await;
}

#[tokio::test]
async fn a_download_that_breaks_off() {
    for length in [0, 1, 1000, 65_536] {
        survives(&[(Step::Read, Fault::Break(length))]).await;
    }
}

#[tokio::test]
async fn a_request_that_hangs_once() {
    let hasty = std::time::Duration::from_secs(1);
    for step in [
        Step::Begin,
        Step::Chunk,
        Step::Read,
        Step::Stat,
        Step::Copy,
        Step::Delete,
    ] {
        let Some(shop) = Shop::open().await else {
            return;
        };
        shop.proxy.fail(step, 0, 1, Fault::Hang);
        let patience = server::archive::gcs::Patience {
            answer: hasty,
            ..PATIENT
        };
        let run = shop.archive(patience).await;
        assert_eq!(run.state, RunState::Succeeded, "{step:?}: {:?}", run.error);
    }
}

#[tokio::test]
async fn a_first_copy_that_cannot_be_removed() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    shop.proxy
        .fail(Step::Delete, 0, 1, Fault::Status(403, None));
    let run = shop.archive(PATIENT).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    let own = format!("shopstream/orders/runs/{}.jsonl", run.run_id);
    assert_eq!(shop.objects().await, [RUN_INFO, NOVEMBER, &own]);
}
