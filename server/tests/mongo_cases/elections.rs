//! A replica set between two primaries.

use std::sync::Arc;

use server::causes::with_causes;
use server::clock::SystemClock;
use server::config::{MongoConfig, Secret};
use server::store::OrderStore;
use server::store::mongo::MongoStore;

use crate::support::fake_mongo;

fn store(host: &str, options: &str) -> MongoStore {
    let config = MongoConfig {
        uri: Secret::new(format!("mongodb://{host}/?replicaSet=shop{options}")),
        database: "shopstream".to_owned(),
    };
    MongoStore::open(&config, Arc::new(SystemClock)).expect("opening asks nobody")
}

#[tokio::test]
async fn who_may_read_from_a_secondary_may_ping_it() {
    let host = fake_mongo::start_secondary().await;
    let store = store(&host, "&readPreference=secondaryPreferred");
    store.oldest().await.expect("an answer");
    store.ping().await.expect("a ping");
}

#[tokio::test]
async fn who_may_not_is_told_what_to_do() {
    let host = fake_mongo::start_secondary().await;
    let error = store(&host, "").ping().await.expect_err("no primary");
    let text = with_causes(&error);
    assert!(
        text.contains("no primary; wait for the election, or allow readPreference="),
        "{text}"
    );
}
