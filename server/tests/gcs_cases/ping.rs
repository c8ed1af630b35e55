//! Whether the bucket can be used, asked with `server check` and before a month is archived.

use std::time::{Duration, Instant};

use server::config::GcsConfig;
use server::objects::ObjectStore;
use server::objects::gcs::GcsBucket;

use crate::support::fault_proxy::{Fault, FaultProxy, Step};
use crate::support::gcs;

/// Pings, and checks that the answer comes soon.
async fn ping(config: &GcsConfig) -> Result<(), String> {
    let store = GcsBucket::open(config).expect("a bucket");
    let started = Instant::now();
    let answer = store.ping().await;
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    answer.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_bucket_that_can_be_used() {
    let Some(config) = gcs::bucket().await else {
        return;
    };
    let proxy = FaultProxy::start(&config).await;
    assert_eq!(ping(&proxy.config()).await, Ok(()));
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    let Some(config) = gcs::bucket().await else {
        return;
    };
    let proxy = FaultProxy::start(&config).await;
    let destination = format!("gs://{}", config.bucket);
    let grant = format!(
        "no permission on {destination}: grant the role roles/storage.objectUser on it to the \
         account that this server runs as"
    );
    let log_in = format!(
        "no usable credentials for {destination}: run `gcloud auth application-default login`, or \
         set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account's key"
    );
    let unavailable = |reason| format!("{destination} is not available: ping failed, {reason}");
    for (fault, expected) in [
        (Fault::Status(0, 403), grant),
        (Fault::Status(0, 401), log_in),
        (
            Fault::Hang(0),
            unavailable("there was no progress for 900ms"),
        ),
        (
            Fault::Status(0, 503),
            unavailable("the answer was 503 Service Unavailable"),
        ),
        (Fault::Reset(0), unavailable("the connection failed")),
    ] {
        proxy.fail(Step::List, 0, 1, fault);
        assert_eq!(ping(&proxy.config()).await, Err(expected));
    }
}

#[tokio::test]
async fn nobody_there() {
    let config = GcsConfig::new("shop-archive", Some("127.0.0.1:1")).expect("a configuration");
    let expected = "gs://shop-archive is not available: ping failed, the connection failed";
    assert_eq!(ping(&config).await, Err(expected.to_owned()));
}
