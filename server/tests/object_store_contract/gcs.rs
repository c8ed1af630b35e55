//! Cloud Storage: the contract, and what only a bucket can show.

use server::archive::gcs::GcsBucket;
use server::archive::{ObjectError, ObjectStore};
use server::config::GcsConfig;

use crate::support::gcs::{bucket, metadata, objects};
use crate::{broken, bytes, content, name, object_store_contract};

async fn start() -> Option<(GcsBucket, GcsConfig)> {
    let config = bucket().await?;
    Some((GcsBucket::open(&config).expect("a bucket"), config))
}

object_store_contract!(start);

#[tokio::test]
async fn objects_say_what_they_are() {
    let Some((store, config)) = start().await else {
        return;
    };
    for (object, expected) in [
        ("a/orders_export.jsonl", "application/x-ndjson"),
        ("run_info.json", "application/json"),
        ("other", "application/octet-stream"),
    ] {
        let stored = store.write(&name(object), content(b"{}\n")).await;
        let stored = stored.expect("a write");
        assert_eq!(stored.crc32c, Some(crc32c::crc32c(b"{}\n")));
        let said = metadata(&config, object).await.expect("an object");
        assert_eq!(said["contentType"], expected);
        assert_eq!(said["generation"], stored.generation.to_string());
    }
}

#[tokio::test]
async fn a_final_name_carries_labels() {
    let Some((store, config)) = start().await else {
        return;
    };
    let (from, to) = (name("runs/1.jsonl"), name("a/b.jsonl"));
    let stored = store.write(&from, content(b"{}\n")).await.expect("a write");
    let labels = [("run-id", "1".to_owned()), ("orders", "1".to_owned())];
    let renamed = store.rename(&from, stored.generation, &to, &labels).await;
    renamed.expect("a rename");
    let said = metadata(&config, "a/b.jsonl").await.expect("an object");
    assert_eq!(said["contentType"], "application/x-ndjson");
    assert_eq!(said["metadata"]["run-id"], "1");
    assert_eq!(said["metadata"]["orders"], "1");
    assert_eq!(objects(&config).await, ["a/b.jsonl"]);
}

#[tokio::test]
async fn a_bucket_that_does_not_exist_is_said() {
    let Some((_, config)) = start().await else {
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
    let a = name("a");
    no_bucket(store.ping().await.expect_err("a failure"));
    no_bucket(store.write(&a, content(b"x")).await.expect_err("a failure"));
    no_bucket(store.read(&a).await.err().expect("a failure"));
    no_bucket(store.rename(&a, 1, &a, &[]).await.expect_err("a failure"));
    no_bucket(store.delete(&a).await.expect_err("a failure"));
}

#[tokio::test]
async fn content_that_fails_leaves_no_upload_that_could_end() {
    let Some((store, config)) = start().await else {
        return;
    };
    let failed = store.write(&name("a"), broken(&bytes(1, 20 << 20))).await;
    assert!(matches!(failed, Err(ObjectError::Content { .. })));
    assert_eq!(objects(&config).await, Vec::<String>::new());
}
