//! Who computes next. Whether somebody else is kept out is up to the backend.

use server::cache::{Cache, Claim, Entry, Key};

use super::entries::KEYS;

async fn claimed(cache: &dyn Cache, key: Key) -> String {
    match cache.claim(key).await {
        Claim::Ours(token) => token,
        other => panic!("{key:?}: {other:?}"),
    }
}

pub async fn a_free_key_is_claimed(cache: &dyn Cache) {
    // Each on its own.
    for key in KEYS {
        claimed(cache, key).await;
    }
}

pub async fn a_claim_that_was_released_is_free(cache: &dyn Cache) {
    for _ in 0..3 {
        let token = claimed(cache, Key::Today).await;
        cache.release(Key::Today, &token).await;
    }
}

pub async fn a_claim_hides_no_entry(cache: &dyn Cache) {
    let entry = Entry {
        rows: "[]".to_owned(),
        meta: "{}".to_owned(),
    };
    let token = claimed(cache, Key::Today).await;
    cache.put(Key::Today, entry.clone()).await;
    assert_eq!(cache.get(Key::Today).await, Some(entry.clone()));
    cache.release(Key::Today, &token).await;
    assert_eq!(cache.get(Key::Today).await, Some(entry));
}

pub async fn releasing_what_nobody_claimed_does_nothing(cache: &dyn Cache) {
    for token in ["", "01J", "\0\r\n"] {
        cache.release(Key::Today, token).await;
    }
    claimed(cache, Key::Today).await;
    assert!(cache.is_up());
}
