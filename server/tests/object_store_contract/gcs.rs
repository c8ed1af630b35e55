//! Cloud Storage: the contract, and what only a bucket can show.

use server::config::GcsConfig;
use server::objects::gcs::GcsBucket;
use server::objects::{ObjectError, ObjectStore, PutMode};

use crate::support::fault_proxy::FaultProxy;
use crate::support::gcs::bucket;
use crate::{bytes, name, object_store_contract, put};

/// Through a proxy that fails at nothing: resumable uploads need what fake-gcs-server lacks.
async fn start() -> Option<(GcsBucket, GcsConfig)> {
    let config = FaultProxy::start(&bucket().await?).await.config();
    Some((GcsBucket::open(&config).expect("a bucket"), config))
}

object_store_contract!(start);

#[tokio::test]
async fn a_missing_bucket_is_named() {
    let Some(config) = bucket().await else {
        return;
    };
    let nowhere = GcsConfig::new("shopstream-nowhere", config.endpoint.as_deref());
    let store = GcsBucket::open(&nowhere.expect("a configuration")).expect("a bucket");
    let no_bucket = |error: ObjectError| {
        assert_eq!(
            error.to_string(),
            "there is no gs://shopstream-nowhere: create it, or set GCS_BUCKET_NAME to a bucket \
             that exists"
        );
    };
    no_bucket(store.ping().await.expect_err("a failure"));
    for mode in [PutMode::Create, PutMode::Replace] {
        let stored = put(&store, "a", bytes(b"x"), mode).await;
        no_bucket(stored.expect_err("a failure"));
    }
    no_bucket(store.read(&name("a")).await.err().expect("a failure"));
}
