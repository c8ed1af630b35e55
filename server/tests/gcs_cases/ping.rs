//! Whether the bucket can be used, said within a second.

use std::time::{Duration, Instant};

use server::archive::ObjectStore;
use server::archive::gcs::{GcsBucket, Patience};
use server::config::GcsConfig;

use crate::support::fault_proxy::{Fault, FaultProxy, Step};
use crate::support::gcs;

async fn ping(config: &GcsConfig) -> Result<(), String> {
    let store = GcsBucket::open(config).expect("a bucket");
    let started = Instant::now();
    let answer = store.ping().await;
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_millis(1500), "{elapsed:?}");
    answer.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_bucket_that_can_be_used() {
    let Some(config) = gcs::bucket().await else {
        return;
    };
    let proxy = FaultProxy::start(&config).await;
    assert_eq!(ping(&proxy.config()).await, Ok(()));
    // An emulator that knows no permissions.
    assert_eq!(ping(&config).await, Ok(()));
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
    proxy.grant(&["storage.objects.get", "storage.objects.list"]);
    assert_eq!(ping(&proxy.config()).await, Err(grant.clone()));
    proxy.grant(&[]);
    assert_eq!(ping(&proxy.config()).await, Err(grant.clone()));
    for (fault, expected) in [
        (Fault::Status(403, None), grant),
        (
            Fault::Status(401, None),
            format!(
                "no usable credentials for {destination}: run `gcloud auth application-default \
                 login`, or set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account's \
                 key"
            ),
        ),
        (
            Fault::Hang,
            format!(
                "{destination} does not answer: ask for probe was given up after 900ms of silence"
            ),
        ),
        (
            Fault::Status(503, None),
            format!("{destination} is not available: ask for probe failed"),
        ),
        (
            Fault::Reset(0),
            format!("{destination} is not available: ask for probe failed"),
        ),
    ] {
        proxy.fail(Step::Permissions, 0, 1, fault);
        assert_eq!(ping(&proxy.config()).await, Err(expected));
    }
}

#[tokio::test]
async fn nobody_there() {
    let config = GcsConfig::new("shop-archive", Some("127.0.0.1:1")).expect("a configuration");
    let expected = "gs://shop-archive is not available: ask for probe failed";
    assert_eq!(ping(&config).await, Err(expected.to_owned()));
}

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let patience = Patience::default();
    assert_eq!(patience.silence(), Duration::from_secs(120));
    assert_eq!(patience.budget, Duration::from_secs(3600));
    assert!(patience.ping < Duration::from_secs(1));
}
