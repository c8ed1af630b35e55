//! Uploads of several chunks over faults in the middle of them.

use axum::body::Bytes;
use futures::{StreamExt, stream};
use server::archive::gcs::GcsBucket;
use server::archive::{ByteStream, ObjectName, ObjectStore};

use super::shop::PATIENT;
use crate::support::fault_proxy::{Fault, FaultProxy, Step};
use crate::support::gcs;

const CHUNK: usize = 8 << 20;
const NAME: &str = "shopstream/orders/runs/1.jsonl";

/// Every four bytes are their own place, so that a part that is left out, repeated or moved is
/// seen.
fn numbered(length: usize) -> Vec<u8> {
    let numbers = (0..length.div_ceil(4)).flat_map(|place| (place as u32).to_be_bytes());
    numbers.take(length).collect()
}

fn content(bytes: &[u8]) -> ByteStream {
    let pieces: Vec<_> = bytes
        .chunks(100_003)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    stream::iter(pieces).boxed()
}

/// Uploads `length` bytes over the faults, each of which follows so many requests without one.
async fn arrives(length: usize, faults: &[(Step, usize, Fault)]) {
    let Some(config) = gcs::bucket().await else {
        return;
    };
    let proxy = FaultProxy::start(&config).await;
    for (step, skip, fault) in faults {
        proxy.fail(*step, *skip, 1, fault.clone());
    }
    let store = GcsBucket::open_with(&proxy.config(), PATIENT).expect("a bucket");
    let bytes = numbered(length);
    let name = ObjectName::new(NAME).expect("a name");
    let stored = store.write(&name, content(&bytes)).await;
    let stored = stored.unwrap_or_else(|error| panic!("{faults:?}: {error:?}"));
    assert_eq!(stored.bytes, length as u64);
    assert_eq!(stored.crc32c, Some(crc32c::crc32c(&bytes)));
    let found = gcs::content(&config, NAME).await.expect("an object");
    assert!(found == bytes, "{faults:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_within_a_chunk() {
    for chunk in 0..3 {
        for after in [0, 1000, 3 << 20] {
            arrives(20 << 20, &[(Step::Chunk, chunk, Fault::Reset(after))]).await;
        }
    }
}

#[tokio::test]
async fn a_chunk_that_is_kept_only_in_part() {
    for chunk in 0..3 {
        for kept in [0, 256 << 10, 3 << 20, 1_000_001] {
            arrives(20 << 20, &[(Step::Chunk, chunk, Fault::Keep(kept))]).await;
        }
    }
    // All of it, yet not confirmed as the end.
    arrives(2 * CHUNK, &[(Step::Chunk, 1, Fault::Keep(CHUNK))]).await;
    arrives(CHUNK, &[(Step::Chunk, 0, Fault::Keep(CHUNK))]).await;
}

#[tokio::test]
async fn an_answer_that_is_lost() {
    for length in [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
        let last = length.div_ceil(CHUNK) - 1;
        for chunk in 0..=last {
            arrives(length, &[(Step::Chunk, chunk, Fault::LostAnswer)]).await;
        }
    }
}

#[tokio::test]
async fn many_faults_in_a_row() {
    let faults = [
        (Step::Begin, 0, Fault::Status(503, Some("0"))),
        (Step::Chunk, 0, Fault::Status(429, None)),
        (Step::Chunk, 0, Fault::Reset(5 << 20)),
        (Step::Ask, 0, Fault::Status(503, None)),
        (Step::Chunk, 1, Fault::Keep(1 << 20)),
        (Step::Chunk, 0, Fault::LostAnswer),
        (Step::Ask, 0, Fault::LostAnswer),
        (Step::Chunk, 0, Fault::Status(502, None)),
    ];
    arrives(20 << 20, &faults).await;
}

#[tokio::test]
async fn a_store_that_loses_what_it_had_confirmed_fails_the_upload() {
    let Some(config) = gcs::bucket().await else {
        return;
    };
    let proxy = FaultProxy::start(&config).await;
    // The second chunk breaks, and then the store says that it keeps nothing.
    proxy.fail(Step::Chunk, 1, 1, Fault::Reset(0));
    proxy.fail(Step::Ask, 0, 1, Fault::Forget);
    let store = GcsBucket::open_with(&proxy.config(), PATIENT).expect("a bucket");
    let name = ObjectName::new(NAME).expect("a name");
    let written = store.write(&name, content(&numbered(20 << 20))).await;
    let error = written.expect_err("a failure").to_string();
    assert!(error.contains("is not available: write "), "{error}");
    assert_eq!(gcs::objects(&config).await, Vec::<String>::new());
}
