//! What every object store must do, case by case, for every backend.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

use std::io::Write;

use bytes::Bytes;
use futures::TryStreamExt;
use server::objects::{Content, Digest, ObjectError, ObjectName, ObjectStore, PutMode};

mod cases;
mod gcs;
mod local;
#[path = "../support"]
mod support {
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod fault_proxy;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod gcs;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod process;
}

/// Makes every case a named test of one backend. `$open` is an async function that gives a store
/// and what has to outlive it, or `None` where its server is missing.
#[macro_export]
macro_rules! object_store_contract {
    ($open:path) => {
        $crate::object_store_contract!($open:
            an_object_of_nothing
            an_object_of_one_byte
            an_object_of_one_line
            objects_around_a_quantum
            objects_around_a_resumable_upload
            an_object_of_many_quanta
            bytes_are_stored
            a_file_is_put_from_its_start_again_and_again
            what_is_not_there_is_not_found
            creating_twice_leaves_the_first
            replacing_leaves_the_last
            a_wrong_digest_is_refused_and_changes_nothing
            a_dropped_put_leaves_one_whole_object
            concurrent_creates_have_one_winner
            concurrent_replaces_leave_one_whole_object
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

/// Pseudo-random bytes, the same for the same seed.
fn random(seed: u64, length: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut bytes = vec![0; length];
    random.fill(&mut bytes);
    bytes
}

fn digest(content: &[u8]) -> Digest {
    let mut digest = Digest::default();
    digest.add(content);
    digest
}

/// A file with this content, as it is after writing: its position is at the end.
fn file(content: &[u8]) -> Content {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(content).expect("a write");
    Content::File(file, digest(content))
}

fn bytes(content: &'static [u8]) -> Content {
    Content::Bytes(Bytes::from_static(content))
}

async fn put(
    store: &impl ObjectStore,
    target: &str,
    content: Content,
    mode: PutMode,
) -> Result<(), ObjectError> {
    store.put(&name(target), content, mode).await
}

/// The whole object; `None` if there is none.
async fn content(store: &impl ObjectStore, name: &ObjectName) -> Option<Vec<u8>> {
    let (content, _) = match store.read(name).await {
        Ok(found) => found,
        Err(ObjectError::NotFound { .. }) => return None,
        Err(error) => panic!("{error:?}"),
    };
    let pieces: Vec<Bytes> = content.try_collect().await.expect("content");
    Some(pieces.concat())
}
