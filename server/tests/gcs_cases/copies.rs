//! Faults while an archive is given its name: the run fails, and says no more than is known.

use std::time::Duration;

use app::api::ErrorKind;
use app::model::{RunState, VerifyOutcome};
use server::archive::gcs::Patience;

use super::fails::{FOR_EVER, fails};
use super::shop::{HASTY, NOVEMBER, PATIENT, RUN_INFO, Shop};
use crate::support::fault_proxy::{Fault, Step};

/// Silence is soon given up.
const HASTIER: Patience = Patience {
    answer: Duration::from_secs(1),
    ..HASTY
};

fn says_that_it_is_not_known(words: &str, run_id: &str) {
    assert!(
        words.starts_with("it is not known whether the archive was given its name: gs://"),
        "{words}"
    );
    let ending = format!(
        "; `server verify {run_id}` tells whether it stands there; if not, archive the month again"
    );
    assert!(words.ends_with(&ending), "{words}");
    assert!(!words.contains("unchanged"), "{words}");
}

#[tokio::test]
async fn a_copy_without_an_answer_is_not_known() {
    for (fault, because) in [
        (Fault::Hang, "was given up after 2s of silence"),
        (Fault::Reset(0), "is not available: rename "),
        (Fault::Status(503, Some("1")), "is not available: rename "),
        (Fault::Lie("size", "nonsense"), "is not available: rename "),
    ] {
        let Some(shop) = Shop::open().await else {
            return;
        };
        shop.proxy.fail(Step::Copy, 0, FOR_EVER, fault.clone());
        let run = shop.archive(HASTIER).await;
        assert_eq!(
            (run.state, run.generation, run.verified_at),
            (RunState::Failed, None, None),
            "{fault:?}"
        );
        let words = run.error.expect("words");
        assert!(words.contains(because), "{fault:?}: {words}");
        says_that_it_is_not_known(&words, &run.run_id);
        assert_eq!(shop.object(RUN_INFO).await, None);
    }
}

#[tokio::test]
async fn a_copy_that_was_never_made_leaves_the_earlier_archive() {
    for fault in [Fault::Hang, Fault::Reset(0), Fault::Status(503, Some("1"))] {
        // Looks at the state, the objects and the time that it took.
        let faults = [(Step::Copy, FOR_EVER, fault)];
        let Some(words) = fails(HASTIER, &faults).await else {
            return;
        };
        assert!(words.starts_with("it is not known "), "{words}");
    }
}

#[tokio::test]
async fn a_lost_answer_and_then_silence_is_told_by_verify() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    shop.proxy.fail(Step::Copy, 0, 1, Fault::LostAnswer);
    shop.proxy.fail(Step::Copy, 0, FOR_EVER, Fault::Hang);
    let run = shop.archive(HASTIER).await;
    assert_eq!(run.state, RunState::Failed);
    says_that_it_is_not_known(&run.error.expect("words"), &run.run_id);

    let (generation, content) = shop.object(NOVEMBER).await.expect("an archive");
    assert!(content == shop.lines().await.into_bytes());
    let report = shop.verify(&run.run_id).await.expect("a report");
    assert_eq!(report.outcome, VerifyOutcome::Intact);
    let found = report.found.expect("figures").generation;
    assert_eq!(found.map(|it| it.to_string()), Some(generation));
    let start = "the run did not succeed, yet what it has written stands under the archive's name";
    assert!(report.message.starts_with(start), "{}", report.message);
    assert_eq!(shop.object(RUN_INFO).await, None);
}

#[tokio::test]
async fn a_copy_that_was_never_made_is_told_by_verify() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    shop.proxy.fail(Step::Copy, 0, 2, Fault::Hang);
    let run = shop.archive(HASTIER).await;
    assert_eq!(run.state, RunState::Failed);
    let error = shop.verify(&run.run_id).await.expect_err("a refusal");
    assert_eq!(error.kind, ErrorKind::Invalid);
    let words = format!(
        "run {} has no archive to verify: it did not succeed, and its archive does not stand \
         under its name",
        run.run_id
    );
    assert_eq!(error.message, words);
    // And what is advised helps.
    let again = shop.archive(PATIENT).await;
    assert_eq!(again.state, RunState::Succeeded, "{:?}", again.error);
    assert_eq!(shop.objects().await, [RUN_INFO, NOVEMBER]);
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_is_not_known_either() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    shop.proxy.fail(Step::Copy, 0, 1, Fault::LostAnswer);
    let refused = Fault::Status(403, None);
    shop.proxy.fail(Step::Copy, 0, 1, refused);
    let run = shop.archive(PATIENT).await;
    let words = run.error.expect("words");
    assert!(
        words.starts_with("it is not known whether the archive was given its name: no permission"),
        "{words}"
    );
}

#[tokio::test]
async fn a_copy_that_is_reported_as_something_else_is_no_receipt() {
    for (member, value) in [("size", "5"), ("crc32c", "AAAAAA==")] {
        let Some(shop) = Shop::open().await else {
            return;
        };
        shop.archive(PATIENT).await;
        let before = shop.object(RUN_INFO).await;
        shop.proxy.fail(Step::Copy, 0, 1, Fault::Lie(member, value));
        let run = shop.archive(PATIENT).await;
        assert_eq!((run.state, run.verified_at), (RunState::Failed, None));
        let words = run.error.expect("words");
        assert!(words.starts_with("the archive changed when it was given its name: "));
        // Whatever the store says: what stands there is whole.
        let (_, content) = shop.object(NOVEMBER).await.expect("an archive");
        assert!(content == shop.lines().await.into_bytes());
        assert_eq!(shop.object(RUN_INFO).await, before);
    }
}
