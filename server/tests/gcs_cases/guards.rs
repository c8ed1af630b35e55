//! What the retention guard sees of a bucket without reading an object back.

use app::model::VerifyOutcome;

use super::shop::{PATIENT, Shop};
use crate::support::gcs;

#[tokio::test]
async fn an_archive_whose_checksum_is_another_does_not_count() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let job = shop.job(&shop.config, PATIENT).await;
    let october = "2026-10".parse().expect("a month");
    let run = job.run_to_end(Some(october), |_| {}).await.expect("a run");
    let missing = async || job.missing().await.expect("months").months;
    assert_eq!(missing().await, []);
    let (_, whole) = shop.object(&run.object).await.expect("an archive");
    let mut changed = whole.clone();
    changed[100] ^= 1;
    gcs::write(&shop.config, &run.object, changed).await;
    assert_eq!(missing().await, [october]);
    let report = shop.verify(&run.run_id).await.expect("a report");
    assert_eq!(report.outcome, VerifyOutcome::Changed);
    // Put back, it is seen to be whole without reading.
    gcs::write(&shop.config, &run.object, whole).await;
    assert_eq!(missing().await, []);
}
