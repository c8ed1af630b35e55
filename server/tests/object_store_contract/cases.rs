//! The cases, one function each.

use futures::{FutureExt, StreamExt, future, stream};
use server::archive::{Label, ObjectError, ObjectStore, Tally};

use crate::{broken, bytes, content, name, pieces, read};

mod staging;

pub use staging::{
    staging_what_fails_leaves_the_earlier_object, what_is_staged_and_deleted_is_gone,
    what_is_staged_is_read_and_renamed,
};

/// Stores that upload in chunks use this size.
const CHUNK: usize = 8 << 20;
const NAME: &str = "shopstream/orders/2026/10/31/orders_export.jsonl";

async fn round_trip(store: &impl ObjectStore, length: usize) {
    let written = bytes(1, length);
    let stored = store
        .write(&name(NAME), content(&written))
        .await
        .expect("a write");
    assert_eq!(stored.bytes, length as u64);
    let found = store.stat(&name(NAME)).await.expect("an answer");
    assert_eq!(found, Some(stored));
    if let Some(crc32c) = stored.crc32c {
        assert_eq!(crc32c, crc32c::crc32c(&written));
    }
    assert!(read(store, &name(NAME)).await.expect("an object") == written);
    let counted = store.count(&name(NAME)).await.expect("an object");
    let mut expected = Tally::default();
    expected.add(&written);
    assert_eq!(counted.expect("content"), expected);
}

pub async fn an_object_of_nothing(store: &impl ObjectStore) {
    round_trip(store, 0).await;
}

pub async fn an_object_of_one_byte(store: &impl ObjectStore) {
    round_trip(store, 1).await;
}

pub async fn an_object_of_one_line(store: &impl ObjectStore) {
    let line = b"{\"order_id\":\"ORD_00001\"}\n";
    let stored = store.write(&name(NAME), content(line)).await;
    assert_eq!(stored.expect("a write").bytes, line.len() as u64);
    assert_eq!(read(store, &name(NAME)).await.as_deref(), Some(&line[..]));
}

pub async fn an_object_just_under_a_chunk(store: &impl ObjectStore) {
    round_trip(store, CHUNK - 1).await;
}

pub async fn an_object_of_exactly_a_chunk(store: &impl ObjectStore) {
    round_trip(store, CHUNK).await;
}

pub async fn an_object_just_over_a_chunk(store: &impl ObjectStore) {
    round_trip(store, CHUNK + 1).await;
}

pub async fn an_object_of_several_chunks(store: &impl ObjectStore) {
    round_trip(store, 20 << 20).await;
}

pub async fn an_object_of_many_small_pieces(store: &impl ObjectStore) {
    let written = bytes(2, 100_000);
    let small = pieces(&written, 7);
    store.write(&name(NAME), small).await.expect("a write");
    assert!(read(store, &name(NAME)).await.expect("an object") == written);
}

pub async fn what_is_not_there_is_not_found(store: &impl ObjectStore) {
    let missing = name("nowhere/to/be/found");
    let error = store.read(&missing).await.err().expect("an error");
    assert!(matches!(error, ObjectError::NotFound { name } if name == missing));
    let error = store.count(&missing).await.expect_err("an error");
    assert!(matches!(error, ObjectError::NotFound { name } if name == missing));
    assert_eq!(store.stat(&missing).await.expect("an answer"), None);
}

pub async fn writing_again_replaces_with_a_higher_generation(store: &impl ObjectStore) {
    let mut last = i64::MIN;
    for round in 0..8 {
        let written = bytes(round, 1000 - 100 * round as usize);
        let stored = store.write(&name(NAME), content(&written)).await;
        let generation = stored.expect("a write").generation;
        assert!(generation > last, "{generation} after {last}");
        last = generation;
        assert_eq!(read(store, &name(NAME)).await, Some(written));
        if round == 5 {
            store.delete(&name(NAME)).await.expect("a deletion");
        }
    }
}

pub async fn failing_content_leaves_nothing(store: &impl ObjectStore) {
    for length in [0, 10, CHUNK, CHUNK + 10] {
        let failed = store.write(&name(NAME), broken(&bytes(1, length))).await;
        let error = failed.expect_err("a failure");
        assert!(matches!(error, ObjectError::Content { .. }), "{error:?}");
        assert_eq!(read(store, &name(NAME)).await, None);
    }
}

pub async fn failing_content_leaves_the_earlier_object(store: &impl ObjectStore) {
    let earlier = bytes(1, 1000);
    let stored = store.write(&name(NAME), content(&earlier)).await;
    stored.expect("a write");
    let failed = store
        .write(&name(NAME), broken(&bytes(2, CHUNK + 10)))
        .await;
    failed.expect_err("a failure");
    assert_eq!(read(store, &name(NAME)).await, Some(earlier));
}

/// Starts a write that never ends, lets it come as far as it can, and drops it.
async fn dropped_write(store: &impl ObjectStore) {
    let (reached, reach) = tokio::sync::oneshot::channel();
    let stuck = content(&bytes(3, CHUNK + 10))
        .chain(stream::once(async move {
            let _ = reached.send(());
            future::pending().await
        }))
        .boxed();
    let name = name(NAME);
    let write = store.write(&name, stuck);
    tokio::select! {
        _ = write => panic!("the content has no end"),
        _ = reach => {}
    }
}

pub async fn a_dropped_write_leaves_nothing(store: &impl ObjectStore) {
    dropped_write(store).await;
    assert_eq!(read(store, &name(NAME)).await, None);
    // One that was never polled, too.
    drop(store.write(&name(NAME), content(b"x")));
    let stuck = content(b"x").chain(stream::pending()).boxed();
    assert!(store.write(&name(NAME), stuck).now_or_never().is_none());
    assert_eq!(read(store, &name(NAME)).await, None);
}

pub async fn a_dropped_write_leaves_the_earlier_object(store: &impl ObjectStore) {
    let earlier = bytes(1, 1000);
    let stored = store.write(&name(NAME), content(&earlier)).await;
    stored.expect("a write");
    dropped_write(store).await;
    assert_eq!(read(store, &name(NAME)).await, Some(earlier));
}

pub async fn renaming_moves_the_object(store: &impl ObjectStore) {
    let (from, to) = (name("shopstream/orders/runs/1.jsonl"), name(NAME));
    let written = bytes(1, CHUNK + 1);
    let stored = store.write(&from, content(&written)).await;
    let stored = stored.expect("a write");
    let renamed = store.rename(&from, stored.generation, &to, &labels()).await;
    let renamed = renamed.expect("a rename");
    assert_eq!(renamed.bytes, written.len() as u64);
    assert_eq!(renamed.crc32c, stored.crc32c);
    assert!(read(store, &to).await.expect("an object") == written);
    assert_eq!(read(store, &from).await, None);
}

pub async fn renaming_replaces_with_a_higher_generation(store: &impl ObjectStore) {
    let (from, to) = (name("shopstream/orders/runs/1.jsonl"), name(NAME));
    let stored = store.write(&from, content(b"new")).await.expect("a write");
    let earlier = store.write(&to, content(b"earlier")).await;
    let renamed = store.rename(&from, stored.generation, &to, &labels()).await;
    let renamed = renamed.expect("a rename");
    assert!(renamed.generation > earlier.expect("a write").generation);
    assert_eq!(renamed.bytes, 3);
    assert_eq!(read(store, &to).await.as_deref(), Some(&b"new"[..]));
    assert_eq!(read(store, &from).await, None);
}

pub async fn renaming_nothing_changes_nothing(store: &impl ObjectStore) {
    let (from, to) = (name("shopstream/orders/runs/1.jsonl"), name(NAME));
    let done = store.write(&to, content(b"earlier")).await;
    done.expect("a write");
    let renamed = store.rename(&from, 1, &to, &labels()).await;
    let error = renamed.expect_err("a failure");
    assert!(matches!(error, ObjectError::NotFound { name } if name == from));
    assert_eq!(read(store, &to).await.as_deref(), Some(&b"earlier"[..]));
}

pub async fn renaming_what_was_replaced_changes_nothing(store: &impl ObjectStore) {
    let (from, to) = (name("shopstream/orders/runs/1.jsonl"), name(NAME));
    let done = store.write(&to, content(b"earlier")).await;
    done.expect("a write");
    let verified = store.write(&from, content(b"verified")).await;
    let generation = verified.expect("a write").generation;
    let done = store.write(&from, content(b"another")).await;
    done.expect("a write");
    let renamed = store.rename(&from, generation, &to, &labels()).await;
    let error = renamed.expect_err("a failure");
    assert!(matches!(error, ObjectError::Changed { name } if name == from));
    assert_eq!(read(store, &to).await.as_deref(), Some(&b"earlier"[..]));
    assert_eq!(read(store, &from).await.as_deref(), Some(&b"another"[..]));
}

fn labels() -> [Label; 2] {
    [
        ("run-id", "01JABCDEFGHJKMNPQRSTVWXYZ0".to_owned()),
        ("orders", "500".to_owned()),
    ]
}

pub async fn deleting_twice_is_no_error(store: &impl ObjectStore) {
    let done = store.write(&name(NAME), content(b"x")).await;
    done.expect("a write");
    store.delete(&name(NAME)).await.expect("a deletion");
    assert_eq!(read(store, &name(NAME)).await, None);
    store.delete(&name(NAME)).await.expect("no error");
    let done = store.delete(&name("no/such/folder")).await;
    done.expect("no error");
}

pub async fn concurrent_writes_give_one_whole_object(store: &impl ObjectStore) {
    let contents: Vec<Vec<u8>> = (0..6).map(|seed| bytes(seed, 1_000_000)).collect();
    let target = name(NAME);
    let writes = contents
        .iter()
        .map(|bytes| store.write(&target, content(bytes)));
    let mut generations: Vec<i64> = future::try_join_all(writes)
        .await
        .expect("writes")
        .iter()
        .map(|stored| stored.generation)
        .collect();
    let found = read(store, &target).await.expect("an object");
    assert!(contents.contains(&found), "a mixture of several writes");
    generations.sort_unstable();
    generations.dedup();
    assert_eq!(generations.len(), 6);
}

pub async fn the_store_answers(store: &impl ObjectStore) {
    store.ping().await.expect("an answer");
    assert!(!store.to_string().is_empty());
    assert!(store.location(&name(NAME)).ends_with(NAME));
    assert!(
        store
            .location(&name(NAME))
            .starts_with(&store.destination())
    );
}
