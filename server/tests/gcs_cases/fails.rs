//! Faults that do not pass: the run fails in time and in words, with no false receipt, nothing
//! half under a final name, and an earlier archive as it was.

use std::time::{Duration, Instant};

use app::model::RunState;
use server::archive::gcs::Patience;

use super::shop::{HASTY, NOVEMBER, PATIENT, RUN_INFO, Shop};
use crate::support::fault_proxy::{Fault, Step};

pub const FOR_EVER: usize = usize::MAX;
/// Far beyond every deadline, for a busy machine.
const AT_MOST: Duration = Duration::from_secs(20);

/// Archives over an earlier archive; gives the words of the run, which must have failed.
pub async fn fails(patience: Patience, faults: &[(Step, usize, Fault)]) -> Option<String> {
    let shop = Shop::open().await?;
    shop.archive(PATIENT).await;
    let before = (shop.object(NOVEMBER).await, shop.object(RUN_INFO).await);
    assert!(before.0.is_some() && before.1.is_some());

    for (step, times, fault) in faults {
        shop.proxy.fail(*step, 0, *times, fault.clone());
    }
    let started = Instant::now();
    let run = shop.archive(patience).await;
    assert!(started.elapsed() < AT_MOST, "{faults:?}");
    assert_eq!(run.state, RunState::Failed, "{faults:?}");
    assert_eq!(
        (run.generation, run.verified_at),
        (None, None),
        "{faults:?}"
    );
    let after = (shop.object(NOVEMBER).await, shop.object(RUN_INFO).await);
    assert!(after == before, "{faults:?}");
    assert_eq!(shop.objects().await, [RUN_INFO, NOVEMBER], "{faults:?}");
    let words = run.error.expect("words");
    assert!(!words.contains("secret"), "{words}");
    assert!(!words.contains('\n'), "{words}");
    Some(words)
}

async fn fails_with(patience: Patience, faults: &[(Step, usize, Fault)], expected: &str) {
    let Some(words) = fails(patience, faults).await else {
        return;
    };
    assert!(words.contains(expected), "{faults:?}: {words}");
    assert!(
        words.ends_with("; what was archived before is unchanged"),
        "{words}"
    );
}

#[tokio::test]
async fn a_store_that_refuses() {
    for (step, status, expected) in [
        (
            Step::Begin,
            403,
            "grant the role roles/storage.objectUser on it",
        ),
        (
            Step::Chunk,
            403,
            "grant the role roles/storage.objectUser on it",
        ),
        (
            Step::Read,
            403,
            "grant the role roles/storage.objectUser on it",
        ),
        (
            Step::Copy,
            403,
            "grant the role roles/storage.objectUser on it",
        ),
        (Step::Begin, 401, "gcloud auth application-default login"),
        (Step::Read, 401, "gcloud auth application-default login"),
        (
            Step::Begin,
            404,
            "set GCS_BUCKET_NAME to a bucket that exists",
        ),
        (
            Step::Chunk,
            404,
            "is not available: write shopstream/orders/runs/",
        ),
        (Step::Chunk, 410, "failed, the upload is no longer known; "),
        (Step::Read, 404, "is not in the archive"),
        (Step::Stat, 404, "is not in the archive"),
        (
            Step::Copy,
            412,
            "was changed by somebody else meanwhile: archive again",
        ),
        (Step::Begin, 400, "failed, the answer was 400 Bad Request; "),
        (
            Step::Begin,
            307,
            "failed, the answer was 307 Temporary Redirect; ",
        ),
    ] {
        let fault = Fault::Status(status, None);
        fails_with(HASTY, &[(step, FOR_EVER, fault)], expected).await;
    }
}

#[tokio::test]
async fn a_refusal_is_asked_for_once() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let fault = Fault::Status(403, None);
    shop.proxy.fail(Step::Begin, 0, FOR_EVER, fault);
    shop.archive(PATIENT).await;
    assert_eq!(shop.proxy.count(Step::Begin), 1);
}

#[tokio::test]
async fn a_store_that_stays_busy() {
    for step in [Step::Begin, Step::Chunk, Step::Read, Step::Stat] {
        for (status, retry_after) in [(429, None), (503, Some("1"))] {
            let fault = Fault::Status(status, retry_after);
            fails_with(HASTY, &[(step, FOR_EVER, fault)], "is not available: ").await;
        }
    }
    let fault = Fault::Status(429, None);
    fails_with(
        HASTY,
        &[(Step::Copy, FOR_EVER, fault)],
        "is not available: ",
    )
    .await;
    // Longer than there is patience for: not even waited for.
    let fault = Fault::Status(503, Some("3600"));
    fails_with(HASTY, &[(Step::Chunk, 1, fault)], "is not available: ").await;
}

#[tokio::test]
async fn connections_that_always_break() {
    for (step, fault) in [
        (Step::Begin, Fault::Reset(0)),
        (Step::Chunk, Fault::Reset(1000)),
        (Step::Chunk, Fault::Keep(0)),
        (Step::Read, Fault::Reset(0)),
    ] {
        fails_with(HASTY, &[(step, FOR_EVER, fault)], "is not available: ").await;
    }
    let fault = Fault::Break(1000);
    fails_with(
        HASTY,
        &[(Step::Read, FOR_EVER, fault)],
        "could not be read back",
    )
    .await;
}

#[tokio::test]
async fn a_store_that_hangs() {
    let patience = Patience {
        answer: Duration::from_millis(300),
        ..HASTY
    };
    for step in [Step::Begin, Step::Chunk, Step::Read, Step::Stat] {
        let faults = [(step, FOR_EVER, Fault::Hang)];
        fails_with(patience, &faults, "was given up after 600ms of silence").await;
    }
    let faults = [
        (Step::Chunk, FOR_EVER, Fault::Hang),
        (Step::Ask, FOR_EVER, Fault::Hang),
    ];
    fails_with(patience, &faults, "was given up after 600ms of silence").await;
}

#[tokio::test]
async fn a_store_that_reports_something_else() {
    for (member, value, expected) in [
        ("size", "5", "the archive was not stored whole: "),
        ("crc32c", "AAAAAA==", "was not stored as it was written: "),
        ("crc32c", "nonsense", "is not available: write "),
        ("size", "nonsense", "is not available: write "),
        ("generation", "5", "was changed by somebody else meanwhile"),
    ] {
        let fault = Fault::Lie(member, value);
        fails_with(HASTY, &[(Step::Chunk, 1, fault)], expected).await;
    }
}

#[tokio::test]
async fn a_store_that_gives_back_something_else() {
    let words = "could not be read back to its end";
    fails_with(HASTY, &[(Step::Read, FOR_EVER, Fault::Flip)], words).await;
}

#[tokio::test]
async fn nobody_there() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let run = shop.archive_at("127.0.0.1:1", HASTY).await;
    assert_eq!(run.state, RunState::Failed);
    let words = run.error.expect("words");
    assert!(words.contains("is not available: write "), "{words}");
    assert_eq!(shop.objects().await, Vec::<String>::new());
}
