//! The cases, one function each.

use futures::{FutureExt, future};
use server::objects::{Content, Digest, ObjectError, ObjectStore, PutMode};

use crate::{bytes, content, digest, file, name, put, random};

/// Cloud Storage keeps unfinished uploads in multiples of this size.
const QUANTUM: usize = 256 << 10;
/// Content of this size and more is uploaded to Cloud Storage in a resumable way.
const RESUMABLE: usize = 16 << 20;
const NAME: &str = "shopstream/orders/2026/10/31/orders_export.jsonl";

/// Stores the content, and finds the same in the object.
async fn round_trip(store: &impl ObjectStore, written: &[u8]) {
    let stored = put(store, NAME, file(written), PutMode::Replace);
    stored.await.expect("a stored object");
    let found = content(store, &name(NAME)).await.expect("an object");
    assert!(found == written, "{} bytes", found.len());
    let digest = Digest::of(store, &name(NAME)).await.expect("an answer");
    let (found, generation) = digest.expect("an object");
    assert_eq!(found, self::digest(written));
    assert!(generation > 0);
}

async fn round_trips_around(store: &impl ObjectStore, length: usize) {
    for length in [length - 1, length, length + 1] {
        round_trip(store, &random(1, length)).await;
    }
}

pub async fn an_object_of_nothing(store: &impl ObjectStore) {
    round_trip(store, b"").await;
}

pub async fn an_object_of_one_byte(store: &impl ObjectStore) {
    round_trip(store, b"x").await;
}

pub async fn an_object_of_one_line(store: &impl ObjectStore) {
    round_trip(store, b"{\"order_id\":\"ORD_00001\"}\n").await;
}

pub async fn objects_around_a_quantum(store: &impl ObjectStore) {
    round_trips_around(store, QUANTUM).await;
}

pub async fn objects_around_a_resumable_upload(store: &impl ObjectStore) {
    round_trips_around(store, RESUMABLE).await;
}

pub async fn an_object_of_many_quanta(store: &impl ObjectStore) {
    round_trip(store, &random(1, 20 << 20)).await;
}

pub async fn bytes_are_stored(store: &impl ObjectStore) {
    let stored = put(store, NAME, bytes(b"{}\n"), PutMode::Create);
    stored.await.expect("a stored object");
    let found = content(store, &name(NAME)).await;
    assert_eq!(found.as_deref(), Some(&b"{}\n"[..]));
}

pub async fn a_file_is_put_from_its_start_again_and_again(store: &impl ObjectStore) {
    let written = random(1, QUANTUM + 1);
    let Content::File(file, digest) = file(&written) else {
        unreachable!("it is a file")
    };
    for target in ["own", "dated"] {
        let again = Content::File(file.try_clone().expect("the same file"), digest);
        let stored = put(store, target, again, PutMode::Create).await;
        stored.expect("a stored object");
        assert!(content(store, &name(target)).await.expect("an object") == written);
    }
}

pub async fn what_is_not_there_is_not_found(store: &impl ObjectStore) {
    let missing = name("nowhere/to/be/found");
    let error = store.read(&missing).await.err().expect("an error");
    assert!(matches!(error, ObjectError::NotFound { name } if name == missing));
    assert_eq!(Digest::of(store, &missing).await.expect("an answer"), None);
}

pub async fn creating_twice_leaves_the_first(store: &impl ObjectStore) {
    let first = put(store, NAME, bytes(b"first"), PutMode::Create);
    first.await.expect("a stored object");
    let large = random(1, RESUMABLE);
    for second in [bytes(b"second"), file(b"first"), file(&large)] {
        let second = put(store, NAME, second, PutMode::Create).await;
        let error = second.expect_err("a refusal");
        assert!(
            matches!(&error, ObjectError::AlreadyExists { name: refused } if *refused == name(NAME)),
            "{error:?}"
        );
        let found = content(store, &name(NAME)).await;
        assert_eq!(found.as_deref(), Some(&b"first"[..]));
    }
}

pub async fn replacing_leaves_the_last(store: &impl ObjectStore) {
    for round in 0..8 {
        let written = random(round, 1000 - 100 * round as usize);
        let stored = put(store, NAME, file(&written), PutMode::Replace);
        stored.await.expect("a stored object");
        assert_eq!(content(store, &name(NAME)).await, Some(written));
    }
}

pub async fn a_wrong_digest_is_refused_and_changes_nothing(store: &impl ObjectStore) {
    let earlier = put(store, "earlier", bytes(b"earlier"), PutMode::Create);
    earlier.await.expect("a stored object");
    for length in [3, RESUMABLE + 1] {
        for (target, mode) in [("new", PutMode::Create), ("earlier", PutMode::Replace)] {
            let Content::File(file, right) = file(&random(1, length)) else {
                unreachable!("it is a file")
            };
            let wrong = Digest {
                crc32c: !right.crc32c,
                ..right
            };
            let stored = put(store, target, Content::File(file, wrong), mode);
            let error = stored.await.expect_err("a refusal");
            let refused = matches!(error, ObjectError::Unavailable { .. });
            assert!(refused, "{error:?}");
        }
    }
    assert_eq!(content(store, &name("new")).await, None);
    let found = content(store, &name("earlier")).await;
    assert_eq!(found.as_deref(), Some(&b"earlier"[..]));
}

pub async fn a_dropped_put_leaves_one_whole_object(store: &impl ObjectStore) {
    let (earlier, later) = (random(1, 1000), random(2, RESUMABLE + 1));
    let stored = put(store, NAME, file(&earlier), PutMode::Create);
    stored.await.expect("a stored object");
    let target = name(NAME);
    let dropped = store.put(&target, file(&later), PutMode::Replace);
    assert!(dropped.now_or_never().is_none());
    // Once now, and once when all that the dropped put has started is over.
    for again in ["now", "later"] {
        let found = content(store, &name(NAME)).await.expect("an object");
        assert!(found == earlier || found == later, "{again}");
        let other = put(store, again, file(&later), PutMode::Create);
        other.await.expect("a stored object");
    }
}

pub async fn concurrent_creates_have_one_winner(store: &impl ObjectStore) {
    let contents: Vec<Vec<u8>> = (0..6).map(|seed| random(seed, 1_000_000)).collect();
    let target = name(NAME);
    let puts = contents
        .iter()
        .map(|content| store.put(&target, file(content), PutMode::Create));
    let outcomes = future::join_all(puts).await;
    let won: Vec<usize> = (0..6).filter(|put| outcomes[*put].is_ok()).collect();
    assert_eq!(won.len(), 1, "{outcomes:?}");
    assert!(content(store, &target).await.expect("an object") == contents[won[0]]);
    for outcome in outcomes.into_iter().filter_map(Result::err) {
        let refused = matches!(outcome, ObjectError::AlreadyExists { .. });
        assert!(refused, "{outcome:?}");
    }
}

pub async fn concurrent_replaces_leave_one_whole_object(store: &impl ObjectStore) {
    let contents: Vec<Vec<u8>> = (0..6).map(|seed| random(seed, 1_000_000)).collect();
    let target = name(NAME);
    let puts = contents
        .iter()
        .map(|content| store.put(&target, file(content), PutMode::Replace));
    future::try_join_all(puts).await.expect("stored objects");
    let found = content(store, &target).await.expect("an object");
    assert!(contents.contains(&found), "a mixture of several puts");
}

pub async fn the_store_answers(store: &impl ObjectStore) {
    store.ping().await.expect("an answer");
    assert!(!store.to_string().is_empty());
    let location = store.location(&name(NAME));
    assert!(location.ends_with(NAME));
    assert!(location.starts_with(&store.destination()));
}
