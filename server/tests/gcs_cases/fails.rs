//! Faults that do not pass: the operation fails in time and in words, and an earlier object stays
//! as it was.

use std::time::Duration;

use server::causes::with_causes;
use server::config::GcsConfig;
use server::objects::gcs::{GcsBucket, Timeouts};
use server::objects::{ObjectError, ObjectStore, PutMode};

use super::bucket::{Bucket, FOR_EVER, LARGE, PATIENT, SMALL, name, numbered};
use crate::support::fault_proxy::{Fault, Step};

const HASTY: Timeouts = Timeouts {
    attempts: 3,
    ..PATIENT
};
const GRANT: &str = "grant the role roles/storage.objectUser on it";
const LOG_IN: &str = "gcloud auth application-default login";

/// Uploads or reads over a fault that stays, and gives the words of the failure.
async fn fails(timeouts: Timeouts, step: Step, fault: Fault) -> Option<(Bucket, String)> {
    let bucket = Bucket::open(timeouts).await?;
    let earlier = b"earlier".to_vec();
    let stored = bucket.put(&earlier, PutMode::Create).await;
    stored.expect("a stored object");
    bucket.proxy.fail(step, 0, FOR_EVER, fault);
    if step == Step::Ask {
        // The client asks only after a fault.
        bucket.proxy.fail(Step::Send, 0, 1, Fault::Reset(1 << 20));
    }
    let error = match step {
        Step::Read => bucket.store.read(&name()).await.err().expect("a failure"),
        Step::Whole => failed(bucket.put(numbered(SMALL), PutMode::Replace).await),
        _ => failed(bucket.put(numbered(LARGE), PutMode::Replace).await),
    };
    assert_eq!(bucket.content().await, Some(earlier), "{step:?} {fault:?}");
    let words = error.to_string();
    assert!(
        !words.contains("secret") && !words.contains('\n'),
        "{words}"
    );
    let log = format!("{} {error:?}", with_causes(&error));
    assert!(!log.contains("upload_id"), "{log}");
    Some((bucket, words))
}

fn failed<T: std::fmt::Debug>(outcome: Result<T, ObjectError>) -> ObjectError {
    outcome.expect_err("a failure")
}

#[tokio::test]
async fn a_refusal_is_final() {
    for step in [Step::Whole, Step::Begin, Step::Send, Step::Read] {
        for (status, expected) in [
            (400, "failed, the answer was 400 Bad Request"),
            (307, "failed, the answer was 307 Temporary Redirect"),
            (401, LOG_IN),
            (403, GRANT),
        ] {
            let Some((bucket, words)) = fails(HASTY, step, Fault::Status(0, status)).await else {
                return;
            };
            assert!(words.contains(expected), "{step:?}: {words}");
            let before = usize::from(step == Step::Whole);
            assert_eq!(bucket.proxy.count(step), before + 1, "{step:?} {status}");
        }
    }
    for status in [404, 410] {
        let fault = Fault::Status(0, status);
        let Some((_, words)) = fails(HASTY, Step::Send, fault).await else {
            return;
        };
        let expected = format!("failed, the answer was {status} ");
        assert!(words.contains(&expected), "{words}");
    }
}

#[tokio::test]
async fn a_store_that_stays_busy() {
    for step in [Step::Whole, Step::Begin, Step::Send, Step::Read] {
        for status in [429, 503] {
            let Some((bucket, words)) = fails(HASTY, step, Fault::Status(0, status)).await else {
                return;
            };
            let expected = format!("failed, the answer was {status} ");
            assert!(words.contains(&expected), "{step:?}: {words}");
            let before = usize::from(step == Step::Whole);
            assert_eq!(bucket.proxy.count(step), before + 3, "{step:?} {status}");
        }
    }
}

#[tokio::test]
async fn connections_that_always_break() {
    for (step, fault) in [
        (Step::Whole, Fault::Reset(10)),
        (Step::Begin, Fault::Reset(0)),
        (Step::Send, Fault::Reset(0)),
        (Step::Read, Fault::LostAnswer),
    ] {
        let Some((_, words)) = fails(HASTY, step, fault).await else {
            return;
        };
        assert!(words.ends_with("failed, the connection failed"), "{words}");
    }
}

#[tokio::test]
async fn a_store_that_hangs() {
    let hasty = Timeouts {
        silence: Duration::from_millis(300),
        ..PATIENT
    };
    for (step, fault) in [
        (Step::Whole, Fault::Hang(10)),
        (Step::Begin, Fault::Hang(0)),
        (Step::Send, Fault::Hang(0)),
        (Step::Send, Fault::Hang(5 << 20)),
        // All of it has come.
        (Step::Send, Fault::Hang(usize::MAX)),
        (Step::Ask, Fault::Hang(0)),
    ] {
        let Some((_, words)) = fails(hasty, step, fault).await else {
            return;
        };
        let expected = "failed, there was no progress for 300ms";
        assert!(words.ends_with(expected), "{step:?}: {words}");
    }
}

#[tokio::test]
async fn nobody_there() {
    let config = GcsConfig::new("shop-archive", Some("127.0.0.1:1")).expect("a configuration");
    let store = GcsBucket::open_with(&config, HASTY).expect("a bucket");
    let error = store
        .read(&name())
        .await
        .err()
        .expect("a failure")
        .to_string();
    assert_eq!(
        error,
        "gs://shop-archive is not available: read shopstream/orders/runs/1.jsonl failed, the \
         connection failed"
    );
}
