//! Verification and the retention guard, as other programs call them.

use serde_json::json;

use super::archive::finished;
use crate::support::web::Server;

#[tokio::test]
async fn an_archive_is_verified_again() {
    let server = Server::lesson().await;
    server.post("/api/archive_start", "month=2026-10").await;
    let run = finished(&server).await;
    let run_id = run["run_id"].as_str().expect("a run");
    let verify = format!("run_id={run_id}");
    let report = server.post("/api/archive_verify", &verify).await;
    assert_eq!(report.status, 200, "{}", report.text());
    let report = report.json();
    assert_eq!(
        (&report["outcome"], &report["run_id"], &report["object"]),
        (&json!("intact"), &run["run_id"], &run["stored_as"])
    );
    assert_eq!(report["found"]["crc32c"], run["crc32c"]);
    assert_eq!(report["expected"]["generation"], run["generation"]);

    for (form, words) in [
        (
            "run_id=01JD8Q0Z3W6K5T9V2N4R7X1B8C",
            "there is no run 01JD8Q0Z3W6K5T9V2N4R7X1B8C",
        ),
        ("run_id=../x", "\"../x\" is not a run id: expected one like"),
        ("", "the request could not be read"),
    ] {
        let answer = server.post("/api/archive_verify", form).await;
        assert_eq!(answer.status, 400, "{form}");
        let message = answer.json()["message"].clone();
        let message = message.as_str().expect("words");
        assert!(message.starts_with(words), "{message}");
    }
}

#[tokio::test]
async fn a_month_that_is_given_twice_is_refused() {
    let server = Server::lesson().await;
    let twice = "month=2026-10&month=2026-11";
    let answer = server.post("/api/archive_start", twice).await;
    assert_eq!(answer.status, 400);
    let status = server.post("/api/archive_status", "").await.json();
    assert_eq!(
        (&status["current"], &status["runs"]),
        (&json!(null), &json!([]))
    );
}

#[tokio::test]
async fn the_guard_says_which_months_are_about_to_be_lost() {
    let server = Server::lesson().await;
    let guard = server.post("/api/archive_status", "").await.json()["guard"].clone();
    assert_eq!(guard[0]["month"], "2026-11");
    assert_eq!(guard[0]["state"], "in_progress");
    assert_eq!(
        guard[1],
        json!({ "month": "2026-10", "state": "open", "urgent": true,
            "leaves_at": guard[1]["leaves_at"] })
    );
    server.post("/api/archive_start", "month=2026-10").await;
    let run = finished(&server).await;
    let guard = server.post("/api/archive_status", "").await.json()["guard"].clone();
    assert_eq!(
        guard[1],
        json!({ "month": "2026-10", "state": "archived", "run_id": run["run_id"],
            "verified_at": run["verified_at"], "since": null })
    );
}
