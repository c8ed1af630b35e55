//! Uploads over faults that pass.

use server::objects::{ObjectError, PutMode};

use super::bucket::{Bucket, LARGE, PATIENT, SMALL, numbered};
use crate::support::fault_proxy::{Fault, Step};

/// Uploads `length` bytes over the faults, each of which comes once.
async fn arrives(length: usize, faults: &[(Step, Fault)]) {
    let Some(bucket) = Bucket::open(PATIENT).await else {
        return;
    };
    for (step, fault) in faults {
        bucket.proxy.fail(*step, 0, 1, *fault);
    }
    let content = numbered(length);
    let stored = bucket.put(content, PutMode::Replace).await;
    stored.unwrap_or_else(|error| panic!("{faults:?}: {error:?}"));
    let found = bucket.content().await.expect("an object");
    assert!(found == content, "{faults:?}");
    let failed = faults.iter().map(|(step, _)| bucket.proxy.count(*step));
    assert!(failed.min() > Some(0), "{faults:?}");
}

#[tokio::test]
async fn a_small_upload_over_any_fault() {
    for fault in [
        Fault::Status(0, 408),
        Fault::Status(0, 429),
        Fault::Status(0, 500),
        Fault::Status(0, 503),
        Fault::Reset(0),
        Fault::Reset(1000),
        Fault::LostAnswer,
    ] {
        arrives(SMALL, &[(Step::Whole, fault)]).await;
    }
}

#[tokio::test]
async fn an_upload_that_does_not_begin_at_once() {
    for fault in [
        Fault::Status(0, 408),
        Fault::Status(0, 429),
        Fault::Status(0, 503),
        Fault::Reset(0),
        Fault::LostAnswer,
    ] {
        arrives(LARGE, &[(Step::Begin, fault)]).await;
    }
}

#[tokio::test]
async fn an_upload_that_is_refused_in_the_middle() {
    for kept in [0, 256 << 10, 8 << 20, 9000 << 10, 17_000 << 10] {
        arrives(LARGE, &[(Step::Send, Fault::Status(kept, 503))]).await;
    }
    for status in [308, 408, 429, 502] {
        arrives(LARGE, &[(Step::Send, Fault::Status(1 << 20, status))]).await;
    }
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle() {
    for kept in [0, 256 << 10, 8 << 20, 9000 << 10, 17_000 << 10] {
        arrives(LARGE, &[(Step::Send, Fault::Reset(kept))]).await;
    }
}

#[tokio::test]
async fn a_last_answer_that_is_lost() {
    arrives(LARGE, &[(Step::Send, Fault::LostAnswer)]).await;
}

#[tokio::test]
async fn many_faults_in_a_row() {
    let faults = [
        (Step::Begin, Fault::Status(0, 503)),
        (Step::Send, Fault::Status(0, 429)),
        (Step::Send, Fault::Reset(5 << 20)),
        (Step::Ask, Fault::Status(0, 503)),
        (Step::Send, Fault::Status(1 << 20, 308)),
        (Step::Ask, Fault::Reset(0)),
        (Step::Send, Fault::Status(1 << 20, 502)),
        (Step::Ask, Fault::LostAnswer),
        (Step::Send, Fault::LostAnswer),
    ];
    arrives(LARGE, &faults).await;
}

/// The contract allows it: the store cannot know who has created the object.
#[tokio::test]
async fn a_small_object_whose_answer_was_lost_exists_already() {
    let Some(bucket) = Bucket::open(PATIENT).await else {
        return;
    };
    bucket.proxy.fail(Step::Whole, 0, 1, Fault::LostAnswer);
    let content = numbered(SMALL);
    let stored = bucket.put(content, PutMode::Create).await;
    let error = stored.expect_err("a refusal");
    assert!(
        matches!(error, ObjectError::AlreadyExists { .. }),
        "{error:?}"
    );
    assert!(bucket.content().await.expect("an object") == content);
}

#[tokio::test]
async fn a_large_object_whose_answer_was_lost_is_created() {
    let Some(bucket) = Bucket::open(PATIENT).await else {
        return;
    };
    bucket.proxy.fail(Step::Send, 0, 1, Fault::LostAnswer);
    let content = numbered(LARGE);
    let stored = bucket.put(content, PutMode::Create).await;
    stored.expect("a stored object");
    assert!(bucket.content().await.expect("an object") == content);
}
