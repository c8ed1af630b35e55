//! What every object store must do, case by case, for every backend.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

use std::io;

use axum::body::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use server::archive::{ByteStream, ObjectError, ObjectName, ObjectStore};

mod cases;
mod gcs;
mod local;
#[path = "../support"]
mod support {
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod gcs;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod process;
}

/// Makes every case a named test of one backend. `$open` is an async function that gives a store
/// and whatever has to live as long as the store, or nothing where its server is missing.
#[macro_export]
macro_rules! object_store_contract {
    ($open:path) => {
        $crate::object_store_contract!($open:
            an_object_of_nothing
            an_object_of_one_byte
            an_object_of_one_line
            an_object_just_under_a_chunk
            an_object_of_exactly_a_chunk
            an_object_just_over_a_chunk
            an_object_of_several_chunks
            an_object_of_many_small_pieces
            what_is_not_there_is_not_found
            writing_again_replaces_with_a_higher_generation
            failing_content_leaves_nothing
            failing_content_leaves_the_earlier_object
            a_dropped_write_leaves_nothing
            a_dropped_write_leaves_the_earlier_object
            renaming_moves_the_object
            renaming_replaces_with_a_higher_generation
            renaming_nothing_changes_nothing
            renaming_what_was_replaced_changes_nothing
            what_is_staged_is_read_and_renamed
            what_is_staged_and_deleted_is_gone
            staging_what_fails_leaves_the_earlier_object
            deleting_twice_is_no_error
            concurrent_writes_give_one_whole_object
            the_store_answers
        );
    };
    ($open:path: $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let Some((store, _alive)) = $open().await else {
                    return;
                };
                $crate::cases::$case(&store).await;
            }
        )*
    };
}

fn name(text: &str) -> ObjectName {
    ObjectName::new(text).expect("an object name")
}

/// Bytes that look like nothing else, the same for the same seed.
fn bytes(seed: u32, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

/// The content in pieces of `piece` bytes.
fn pieces(content: &[u8], piece: usize) -> ByteStream {
    let pieces: Vec<_> = content
        .chunks(piece)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    stream::iter(pieces).boxed()
}

/// The content in pieces of odd size, which fit no buffer.
fn content(content: &[u8]) -> ByteStream {
    pieces(content, 100_003)
}

/// The content, and then a failure.
fn broken(content: &[u8]) -> ByteStream {
    let failure = stream::iter([Err(io::Error::other("broken on purpose"))]);
    self::content(content).chain(failure).boxed()
}

/// The whole object; `None` if there is none.
async fn read(store: &impl ObjectStore, name: &ObjectName) -> Option<Vec<u8>> {
    let content = match store.read(name).await {
        Ok(content) => content,
        Err(ObjectError::NotFound { .. }) => return None,
        Err(error) => panic!("{error:?}"),
    };
    let pieces: Vec<Bytes> = content.try_collect().await.expect("content");
    Some(pieces.concat())
}
