//! The whole job over a bucket that behaves.

use app::model::RunState;

use super::shop::{NOVEMBER, PATIENT, RUN_INFO, Shop};
use crate::support::gcs;

#[tokio::test]
async fn the_archive_holds_exactly_the_months_orders() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let run = shop.archive(PATIENT).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    let (generation, content) = shop.object(NOVEMBER).await.expect("an archive");
    assert_eq!(content, shop.lines().await.into_bytes());
    assert_eq!(
        run.orders,
        content.split(|byte| *byte == b'\n').count() as u64 - 1
    );
    assert_eq!(run.bytes, content.len() as u64);
    let checksum = format!("{:08x}", crc32c::crc32c(&content));
    assert_eq!(run.crc32c.as_deref(), Some(checksum.as_str()));
    assert_eq!(run.generation.map(|it| it.to_string()), Some(generation));
    assert_eq!(
        run.location,
        format!("gs://{}/{NOVEMBER}", shop.config.bucket)
    );
    assert!(run.verified_at.is_some());
    assert_eq!(shop.objects().await, [RUN_INFO, NOVEMBER]);
}

#[tokio::test]
async fn the_archive_says_what_is_in_it() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let run = shop.archive(PATIENT).await;
    let said = gcs::metadata(&shop.config, NOVEMBER)
        .await
        .expect("an archive");
    assert_eq!(said["contentType"], "application/x-ndjson");
    let labels = &said["metadata"];
    assert_eq!(labels["run-id"], run.run_id);
    assert_eq!(labels["orders"], run.orders.to_string());
    assert_eq!(labels["window-from"], run.window.from.to_string());
    assert_eq!(labels["window-to"], run.window.to.to_string());
    let (_, info) = shop.object(RUN_INFO).await.expect("run_info.json");
    let info: serde_json::Value = serde_json::from_slice(&info).expect("JSON");
    assert_eq!(info["orders_exported"], run.orders);
    assert_eq!(info["generation"].as_i64(), run.generation);
    let said = gcs::metadata(&shop.config, RUN_INFO)
        .await
        .expect("an object");
    assert_eq!(said["contentType"], "application/json");
}

#[tokio::test]
async fn archiving_again_replaces_with_the_same() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let first = shop.archive(PATIENT).await;
    let second = shop.archive(PATIENT).await;
    assert_eq!(second.state, RunState::Succeeded, "{:?}", second.error);
    assert_eq!(second.crc32c, first.crc32c);
    assert!(second.generation > first.generation);
    assert_eq!(shop.objects().await, [RUN_INFO, NOVEMBER]);
}
