//! Objects that are written to be renamed.

use server::archive::{ObjectError, ObjectStore};

use super::{CHUNK, NAME, labels};
use crate::{broken, bytes, content, name, read};

pub async fn what_is_staged_is_read_and_renamed(store: &impl ObjectStore) {
    let (from, to) = (name("shopstream/orders/runs/1.jsonl"), name(NAME));
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 20 << 20] {
        let staged = bytes(1, length);
        let stored = store.stage(&from, content(&staged)).await;
        let stored = stored.expect("a staged object");
        assert_eq!(stored.bytes, length as u64);
        assert!(read(store, &from).await.expect("an object") == staged);
        let renamed = store.rename(&from, stored.generation, &to, &labels()).await;
        assert_eq!(renamed.expect("a rename").bytes, stored.bytes);
        assert!(read(store, &to).await.expect("an object") == staged);
        assert_eq!(read(store, &from).await, None);
    }
}

pub async fn what_is_staged_and_deleted_is_gone(store: &impl ObjectStore) {
    let staged = store
        .stage(&name(NAME), content(&bytes(1, CHUNK + 1)))
        .await;
    staged.expect("a staged object");
    store.delete(&name(NAME)).await.expect("a deletion");
    assert_eq!(read(store, &name(NAME)).await, None);
}

pub async fn staging_what_fails_leaves_the_earlier_object(store: &impl ObjectStore) {
    let (from, to) = (name("shopstream/orders/runs/1.jsonl"), name(NAME));
    let stored = store.stage(&from, content(b"earlier")).await;
    let generation = stored.expect("a staged object").generation;
    let failed = store.stage(&from, broken(&bytes(2, CHUNK + 10)));
    let error = failed.await.expect_err("a failure");
    assert!(matches!(error, ObjectError::Content { .. }), "{error:?}");
    let found = read(store, &from).await;
    assert_eq!(found.as_deref(), Some(&b"earlier"[..]));
    // And that is what can be renamed.
    let renamed = store.rename(&from, generation, &to, &labels()).await;
    assert_eq!(renamed.expect("a rename").bytes, 7);
}
