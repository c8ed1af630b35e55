//! Archives that are read back long after their run.

use std::fs;

use app::api::ErrorKind;
use app::model::{ArchiveRun, RunState, VerifyOutcome, VerifyReport};
use app::ports::Archive;
use chrono::TimeDelta;
use server::store::RunLog;
use ulid::Ulid;

use crate::faulty_objects::Fault;
use crate::{Shop, archive, job, own, receipt, runs};

async fn archived() -> (Shop, ArchiveRun) {
    let shop = Shop::open().await;
    let run = archive(&shop.job().await, Some("2026-10")).await;
    assert_eq!(run.state, RunState::Succeeded, "{:?}", run.error);
    (shop, run)
}

/// Verifies after the archive's content was changed, and checks that nothing else is.
async fn changed(change: impl FnOnce(&mut Vec<u8>)) -> VerifyReport {
    let (shop, run) = archived().await;
    let path = shop.folder.path().join("archive").join(own(&run.run_id));
    let mut content = fs::read(&path).expect("an archive");
    change(&mut content);
    fs::write(&path, &content).expect("a write");
    let names = shop.names();
    let report = shop
        .job()
        .await
        .verify(&run.run_id)
        .await
        .expect("a report");
    assert_eq!(shop.names(), names);
    assert!(fs::read(&path).expect("an archive") == content);
    assert_eq!(
        (&report.run_id, &report.object),
        (&run.run_id, run.stored_as.as_ref().expect("an object"))
    );
    assert_eq!(report.expected.bytes, run.bytes);
    assert_eq!(
        report.found.as_ref().expect("figures").bytes,
        content.len() as u64
    );
    report
}

#[tokio::test]
async fn what_was_stored_is_intact() {
    let report = changed(|_| {}).await;
    assert_eq!(report.outcome, VerifyOutcome::Intact);
    let found = report.found.expect("figures");
    assert_eq!(
        (found.orders, found.bytes, &found.crc32c),
        (
            report.expected.orders,
            report.expected.bytes,
            &report.expected.crc32c
        )
    );
}

#[tokio::test]
async fn one_bit_is_enough_to_be_changed() {
    let report = changed(|content| content[100] ^= 1).await;
    assert_eq!(report.outcome, VerifyOutcome::Changed);
    assert!(report.message.contains(" instead of "), "{report:?}");
    let report = changed(|content| content.extend_from_slice(b"{}\n")).await;
    assert_eq!(report.outcome, VerifyOutcome::Changed);
}

#[tokio::test]
async fn what_is_shorter_is_truncated() {
    let report = changed(|content| content.truncate(content.len() - 1)).await;
    assert_eq!(report.outcome, VerifyOutcome::Truncated);
    let report = changed(Vec::clear).await;
    assert_eq!(report.outcome, VerifyOutcome::Truncated);
    assert!(report.message.contains(" 0 bytes, "), "{report:?}");
}

#[tokio::test]
async fn what_was_deleted_is_missing() {
    let (shop, run) = archived().await;
    fs::remove_file(shop.folder.path().join("archive").join(own(&run.run_id))).expect("a file");
    let report = shop
        .job()
        .await
        .verify(&run.run_id)
        .await
        .expect("a report");
    assert_eq!(
        (report.outcome, report.found),
        (VerifyOutcome::Missing, None)
    );
}

#[tokio::test]
async fn every_run_stays_intact_and_the_outcome_is_recorded() {
    let (shop, first) = archived().await;
    shop.insert(&["2026-10-30T12:00:00Z"]).await;
    let job = shop.job().await;
    let second = archive(&job, Some("2026-10")).await;
    let verifiable = job.verifiable().await.expect("runs");
    assert_eq!(verifiable, [second.clone(), first.clone()]);
    for run in verifiable {
        let report = job.verify(&run.run_id).await.expect("a report");
        assert_eq!(report.outcome, VerifyOutcome::Intact, "{}", report.message);
    }
    fs::remove_file(shop.folder.path().join("archive").join(own(&first.run_id))).expect("a file");
    job.verify(&first.run_id).await.expect("a report");
    let checks = runs(&job).await.into_iter().map(|run| {
        let check = run.last_check.expect("a check");
        (run.run_id, check.outcome)
    });
    let checks: Vec<_> = checks.collect();
    let expected = [
        (second.run_id, VerifyOutcome::Intact),
        (first.run_id, VerifyOutcome::Missing),
    ];
    assert_eq!(checks, expected);
}

#[tokio::test]
async fn runs_that_there_are_not_are_refused() {
    let (shop, run) = archived().await;
    let job = shop.job().await;
    for (run_id, words) in [
        (
            "01JD8Q0Z3W6K5T9V2N4R7X1B8C",
            "there is no run 01JD8Q0Z3W6K5T9V2N4R7X1B8C",
        ),
        ("", "\"\" is not a run id"),
        ("../run_info", "\"../run_info\" is not a run id"),
        ("x\n\u{1b}", "\"x\\n\\u{1b}\" is not a run id"),
    ] {
        let error = job.verify(run_id).await.expect_err("a refusal");
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert!(error.message.starts_with(words), "{}", error.message);
    }
    let failed = ArchiveRun {
        run_id: "01JD8Q0Z3W6K5T9V2N4R7X1B8D".to_owned(),
        state: RunState::Failed,
        ..run
    };
    shop.store.record(&failed).await.expect("a record");
    let error = job.verify(&failed.run_id).await.expect_err("a refusal");
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert!(
        error.message.ends_with("it did not succeed"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn a_receipt_that_cannot_be_read_is_not_a_run_that_there_is_not() {
    let (shop, run) = archived().await;
    let other = Shop::empty().await;
    let mut parts = other.parts();
    parts.objects = shop.faulty(Fault::BreakOff("")).objects;
    let error = job(parts).await.verify(&run.run_id).await;
    let error = error.expect_err("a refusal");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    let words = "the receipt could not be read: ";
    assert!(error.message.starts_with(words), "{}", error.message);

    let path = shop
        .folder
        .path()
        .join("archive")
        .join(receipt(&run.run_id));
    fs::write(path, "{").expect("a write");
    let mut parts = other.parts();
    parts.objects = shop.objects.clone();
    let error = job(parts).await.verify(&run.run_id).await;
    let words = format!("the receipt of run {} is damaged", run.run_id);
    assert_eq!(error.expect_err("a refusal").message, words);
}

#[tokio::test]
async fn every_archive_can_be_verified_however_many_runs_there_are() {
    let (shop, run) = archived().await;
    for number in 1..=1_000 {
        let later = run.started_at.utc() + TimeDelta::seconds(number);
        let failed = ArchiveRun {
            run_id: Ulid::from_datetime(later.into()).to_string(),
            state: RunState::Failed,
            started_at: later.into(),
            ..run.clone()
        };
        shop.store.record(&failed).await.expect("a record");
    }
    let verifiable = shop.job().await.verifiable().await.expect("runs");
    assert_eq!(verifiable, [run]);
}

#[tokio::test]
async fn the_receipt_is_enough_when_the_run_log_is_lost() {
    let (shop, run) = archived().await;
    let other = Shop::empty().await;
    let mut parts = other.parts();
    parts.objects = shop.objects.clone();
    let job = job(parts).await;
    let report = job.verify(&run.run_id).await.expect("a report");
    assert_eq!(report.outcome, VerifyOutcome::Intact);
    assert_eq!(runs(&job).await, []);
}

/// As version 1 wrote it.
#[tokio::test]
async fn a_receipt_of_an_earlier_version_is_said_to_be_one() {
    let (shop, run) = archived().await;
    let mut json = serde_json::to_value(&run).expect("JSON");
    let fields = json.as_object_mut().expect("an object");
    for name in ["stored_as", "published", "by"] {
        fields.remove(name);
    }
    fields.insert("daily".to_owned(), serde_json::json!([1, 2, 3]));
    let receipt = shop
        .folder
        .path()
        .join("archive")
        .join(receipt(&run.run_id));
    fs::write(receipt, json.to_string()).expect("a write");
    let other = Shop::empty().await;
    let mut parts = other.parts();
    parts.objects = shop.objects.clone();
    let error = job(parts).await.verify(&run.run_id).await;
    let error = error.expect_err("a refusal");
    assert_eq!(error.kind, ErrorKind::Invalid);
    let words = "it is of an earlier version, which kept no object for each run";
    assert!(error.message.ends_with(words), "{}", error.message);
}
