//! Addresses that do not work: one clear error in time, without a secret.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::model::Trouble;
use server::causes::with_causes;
use server::clock::SystemClock;
use server::config::{MongoConfig, Secret};
use server::store::mongo::MongoStore;
use server::store::{OrderStore, StoreError};
use tokio::net::TcpListener;

use crate::support::{fake_mongo, mongo_server};

/// What reading from there says.
async fn failure(uri: &str) -> StoreError {
    let config = MongoConfig {
        uri: Secret::new(uri),
        database: "shopstream".to_owned(),
    };
    let store = MongoStore::open(&config, Arc::new(SystemClock)).expect("opening asks nobody");
    let begun = Instant::now();
    let error = store.oldest().await.expect_err("should fail");
    // Ten seconds, and some for a machine that is busy.
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    let text = format!("{} {error:?} {store:?} {store}", with_causes(&error));
    assert!(
        !text.contains("hunter2") && !text.contains("alice"),
        "{text}"
    );
    assert!(!with_causes(&error).contains('\n'), "{text}");
    error
}

/// The server of the tests, without user and options.
fn host() -> Option<&'static str> {
    let uri = mongo_server::uri()?.trim_start_matches("mongodb://");
    let host = uri.split(['/', '?']).next()?;
    host.rsplit('@').next()
}

fn is_away(error: &StoreError) -> bool {
    error.trouble() == Trouble::Away
}

fn says(error: &StoreError, words: &[&str]) {
    let text = with_causes(error);
    for word in words {
        assert!(text.contains(word), "no {word} in: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_port_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let error = failure(&format!("mongodb://alice:hunter2@{address}/")).await;
    assert!(is_away(&error), "{error:?}");
    says(&error, &["refused", "MONGODB_URI", &address.to_string()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_does_not_resolve_is_named() {
    let error = failure("mongodb://alice:hunter2@nowhere.invalid/").await;
    assert!(is_away(&error), "{error:?}");
    says(&error, &["nowhere.invalid", "MONGODB_URI"]);
    let error = failure("mongodb+srv://alice:hunter2@cluster.nowhere.invalid/").await;
    assert!(is_away(&error), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_hangs_is_given_up_in_time() {
    // Accepts, and never says a word.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let error = failure(&format!("mongodb://alice:hunter2@{address}/")).await;
    assert!(is_away(&error), "{error:?}");
    says(&error, &["does not answer"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_to_a_server_without_it_is_said() {
    let Some(host) = host() else { return };
    let error = failure(&format!("mongodb://alice:hunter2@{host}/?tls=true")).await;
    assert!(is_away(&error), "{error:?}");
    // MongoDB ends the connection then, mongo-java-server waits for more.
    says(&error, &["tls=", "MONGODB_URI"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_set_that_is_not_there_is_said() {
    let Some(host) = host() else { return };
    let error = failure(&format!("mongodb://{host}/?replicaSet=nowhere")).await;
    assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
    says(&error, &["replicaSet=", "MONGODB_URI"]);
}

#[tokio::test]
async fn a_server_that_answers_a_ping_and_refuses_each_query_is_not_ready() {
    let host = fake_mongo::start_refusing().await;
    let config = MongoConfig {
        uri: Secret::new(format!("mongodb://{host}")),
        database: "shopstream".to_owned(),
    };
    let store = MongoStore::open(&config, Arc::new(SystemClock)).expect("opening asks nobody");
    let error = store.ping().await.expect_err("not ready");
    says(&error, &["name a user and a password", "MONGODB_URI"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_that_the_server_does_not_know_is_refused() {
    let Some(host) = host() else { return };
    let error = failure(&format!("mongodb://alice:hunter2@{host}/")).await;
    assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
    says(&error, &["the login in MONGODB_URI"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_ends_the_connection_may_expect_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    let error = failure(&format!("mongodb://alice:hunter2@{address}/")).await;
    assert!(is_away(&error), "{error:?}");
    says(&error, &["tls=", "MONGODB_URI"]);
}
