//! Claims that every backend supports.

use app::model::Panel;
use server::cache::{Cache, Claim, Entry, Key};

use super::entries::keys;

async fn claimed(cache: &dyn Cache, key: &Key) -> String {
    match cache.claim(key).await {
        Claim::Ours(token) => token,
        other => panic!("{key:?}: {other:?}"),
    }
}

pub async fn a_free_key_is_claimed(cache: &dyn Cache) {
    for key in keys() {
        claimed(cache, &key).await;
    }
}

pub async fn a_claim_that_was_released_is_free(cache: &dyn Cache) {
    for _ in 0..3 {
        let token = claimed(cache, &Key::from(Panel::Today)).await;
        cache.release(&Panel::Today.into(), &token).await;
    }
}

pub async fn a_claim_hides_no_entry(cache: &dyn Cache) {
    let entry = Entry {
        rows: "[]".to_owned(),
        meta: "{}".to_owned(),
    };
    let token = claimed(cache, &Key::from(Panel::Today)).await;
    cache.put(&Panel::Today.into(), entry.clone()).await;
    assert_eq!(cache.get(&Panel::Today.into()).await, Some(entry.clone()));
    cache.release(&Panel::Today.into(), &token).await;
    assert_eq!(cache.get(&Panel::Today.into()).await, Some(entry));
}

pub async fn releasing_what_nobody_claimed_does_nothing(cache: &dyn Cache) {
    for token in ["", "01J", "\0\r\n"] {
        cache.release(&Panel::Today.into(), token).await;
    }
    claimed(cache, &Key::from(Panel::Today)).await;
    assert!(cache.is_up());
}
