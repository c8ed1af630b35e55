//! Entries.

use app::model::{Filter, Panel};
use futures::future::join_all;
use server::cache::{Cache, Entry, Key};

/// Every key, and one of a filtered answer.
pub fn keys() -> Vec<Key> {
    let filter = Filter {
        region: "Nördlich?&".to_owned(),
        ..Filter::default()
    };
    let filtered = Key::of(Panel::Today, &filter);
    let panels = Panel::ALL.iter().map(|panel| Key::from(*panel));
    panels.chain([Key::watermark(), filtered]).collect()
}

fn entry(rows: &str, meta: &str) -> Entry {
    Entry {
        rows: rows.to_owned(),
        meta: meta.to_owned(),
    }
}

async fn put(cache: &dyn Cache, key: impl Into<Key>, entry: &Entry) {
    let key = key.into();
    cache.put(&key, entry.clone()).await;
    assert_eq!(cache.get(&key).await.as_ref(), Some(entry), "{key:?}");
}

pub async fn an_empty_cache_has_nothing(cache: &dyn Cache) {
    for key in keys() {
        assert_eq!(cache.get(&key).await, None, "{key:?}");
    }
}

pub async fn what_was_put_is_there(cache: &dyn Cache) {
    put(cache, Panel::Today, &entry("[]", "{}")).await;
    // Reading does not remove it.
    assert_eq!(
        cache.get(&Panel::Today.into()).await,
        Some(entry("[]", "{}"))
    );
}

pub async fn the_last_put_stays(cache: &dyn Cache) {
    for number in 0..10 {
        put(cache, Panel::Today, &entry(&format!("[{number}]"), "{}")).await;
    }
    put(cache, Panel::Today, &entry("[]", "{\"other\":1}")).await;
}

pub async fn keys_do_not_mix(cache: &dyn Cache) {
    for (number, key) in keys().into_iter().enumerate() {
        let expected = entry(&format!("[{number}]"), key.name());
        put(cache, key, &expected).await;
    }
    for (number, key) in keys().into_iter().enumerate() {
        let expected = entry(&format!("[{number}]"), key.name());
        assert_eq!(cache.get(&key).await, Some(expected));
    }
}

pub async fn an_entry_of_a_megabyte_is_kept(cache: &dyn Cache) {
    let large = entry(&"ß".repeat(1 << 20), &"x".repeat(1 << 16));
    put(cache, Panel::CategoryRevenue, &large).await;
    put(cache, Panel::CategoryRevenue, &entry("[]", "{}")).await;
}

pub async fn any_text_is_kept(cache: &dyn Cache) {
    for text in ["\0", "\r\n$6\r\n*3\r\n", "\"\\", "\u{202e}שלום 🛒", " "] {
        put(cache, Panel::RecentOrders, &entry(text, text)).await;
    }
}

pub async fn nothing_at_all_is_kept_as_such(cache: &dyn Cache) {
    put(cache, Panel::TopProducts, &entry("", "")).await;
}

pub async fn concurrent_puts_give_one_whole_entry(cache: &dyn Cache) {
    let entries: Vec<Entry> = (0..50)
        .map(|number| entry(&number.to_string().repeat(10_000), &number.to_string()))
        .collect();
    let today = Panel::Today.into();
    let puts = entries.iter().map(|entry| cache.put(&today, entry.clone()));
    join_all(puts).await;
    let kept = cache.get(&Panel::Today.into()).await.expect("an entry");
    assert!(entries.contains(&kept), "rows of one put, meta of another");
}

pub async fn the_cache_answers_a_ping(cache: &dyn Cache) {
    assert_eq!(cache.ping().await, Ok(()));
    assert!(!cache.to_string().is_empty());
}
