//! Faults while the receipt of an archive is written, which stands under its name by then.

use app::model::RunState;

use super::fails::FOR_EVER;
use super::shop::{HASTY, NOVEMBER, PATIENT, RUN_INFO, Shop};
use crate::support::fault_proxy::{Fault, Step};

#[tokio::test]
async fn run_info_that_cannot_be_written_is_as_it_was() {
    // First the archive is written, then the manifest, and last run_info.json.
    let (manifest, info) = (1, 2);
    for (step, skip, fault) in [
        (Step::Begin, manifest, Fault::Status(403, None)),
        (Step::Begin, info, Fault::Status(403, None)),
        (Step::Begin, info, Fault::Status(503, Some("3600"))),
        (Step::Chunk, manifest, Fault::Status(400, None)),
        (Step::Chunk, info, Fault::Status(400, None)),
    ] {
        let Some(shop) = Shop::open().await else {
            return;
        };
        shop.archive(PATIENT).await;
        let before = shop.object(RUN_INFO).await;
        shop.proxy.fail(step, skip, FOR_EVER, fault);
        let run = shop.archive(HASTY).await;
        assert_eq!((run.state, run.verified_at), (RunState::Failed, None));
        let words = run.error.expect("words");
        let what = ["", "the run's manifest", "run_info.json"][skip];
        let expected = format!("the archive is complete and verified, but {what} could not be");
        assert!(words.starts_with(&expected), "{words}");
        let (_, content) = shop.object(NOVEMBER).await.expect("an archive");
        assert!(content == shop.lines().await.into_bytes());
        assert_eq!(shop.object(RUN_INFO).await, before);
    }
}
