//! Downloads over faults.

use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt;
use server::objects::gcs::Timeouts;
use server::objects::{ObjectError, ObjectStore, PutMode};

use super::bucket::{Bucket, FOR_EVER, PATIENT, name, numbered};
use crate::support::fault_proxy::{Fault, Step};

const LENGTH: usize = 3 << 20;

/// What is read over the faults.
async fn read(
    timeouts: Timeouts,
    times: usize,
    fault: Fault,
) -> Option<Result<Vec<u8>, ObjectError>> {
    let bucket = Bucket::open(timeouts).await?;
    let stored = bucket.put(numbered(LENGTH), PutMode::Create).await;
    stored.expect("a stored object");
    bucket.proxy.fail(Step::Read, 0, times, fault);
    let pieces = match bucket.store.read(&name()).await {
        Ok((content, _)) => content.try_collect::<Vec<Bytes>>().await,
        Err(error) => Err(error),
    };
    Some(pieces.map(|pieces| pieces.concat()))
}

#[tokio::test]
async fn a_download_goes_on_where_it_broke() {
    for fault in [
        Fault::Status(0, 408),
        Fault::Status(0, 429),
        Fault::Status(0, 503),
        Fault::LostAnswer,
        Fault::Reset(0),
        Fault::Reset(1),
        Fault::Reset(1_000_001),
    ] {
        let Some(content) = read(PATIENT, 1, fault).await else {
            return;
        };
        assert!(content.expect("content") == numbered(LENGTH), "{fault:?}");
    }
}

#[tokio::test]
async fn damage_on_the_way_is_an_error() {
    let Some(content) = read(PATIENT, FOR_EVER, Fault::Flip).await else {
        return;
    };
    content.expect_err("a failure");
}

#[tokio::test]
async fn a_download_that_always_breaks_is_an_error() {
    let Some(content) = read(PATIENT, FOR_EVER, Fault::Reset(1000)).await else {
        return;
    };
    let error = content.expect_err("a failure").to_string();
    assert!(error.contains("the connection failed"), "{error}");
}

#[tokio::test]
async fn silence_in_the_middle_is_an_error() {
    let hasty = Timeouts {
        silence: Duration::from_secs(1),
        ..PATIENT
    };
    let Some(content) = read(hasty, FOR_EVER, Fault::Hang(1_000_001)).await else {
        return;
    };
    let error = content.expect_err("a failure").to_string();
    assert!(
        error.ends_with("failed, there was no progress for 1s"),
        "{error}"
    );
}
