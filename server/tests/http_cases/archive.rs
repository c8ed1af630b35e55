//! The archive over HTTP, over a real folder.

use serde_json::{Value, json};

use super::card::{card, text};
use crate::support::web::Server;

/// Waits for the run under way.
async fn finished(server: &Server) -> Value {
    let mut runs = server.job.subscribe();
    runs.wait_for(|run| run.as_ref().is_some_and(|run| !run.state.is_active()))
        .await
        .expect("a run");
    server.post("/api/archive_status", "").await.json()["runs"][0].clone()
}

#[tokio::test]
async fn a_month_is_archived_and_its_receipt_shown() {
    let server = Server::lesson().await;
    let started = server.post("/api/archive_start", "month=2026-10").await;
    assert_eq!(started.status, 200);
    let started = started.json();
    assert_eq!(started["month"], "2026-10");
    assert_eq!(
        started["object"],
        "shopstream/orders/2026/10/31/orders_export.jsonl"
    );

    let run = finished(&server).await;
    assert_eq!(
        (&run["state"], &run["orders"]),
        (&json!("succeeded"), &json!(188))
    );
    assert_eq!(run["run_id"], started["run_id"]);
    let mut keys: Vec<&String> = run.as_object().expect("an object").keys().collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            "bytes",
            "crc32c",
            "error",
            "expected",
            "finished_at",
            "generation",
            "location",
            "month",
            "object",
            "orders",
            "run_id",
            "started_at",
            "state",
            "unreadable",
            "verified_at",
            "window",
        ]
    );
    let page = server.get("/").await;
    let shown = text(card(page.text(), "archive"));
    assert!(shown.contains("188 orders"), "{shown}");
    assert!(
        shown.contains(run["crc32c"].as_str().expect("a checksum")),
        "{shown}"
    );
}

#[tokio::test]
async fn without_a_month_it_is_the_running_one() {
    let server = Server::lesson().await;
    for form in ["", "month="] {
        let answer = server.post("/api/archive_start", form).await;
        assert_eq!(answer.json()["month"], "2026-11", "{form}");
        assert_eq!(finished(&server).await["orders"], 312);
    }
}

#[tokio::test]
async fn a_browser_is_led_back_to_the_panel() {
    let server = Server::lesson().await;
    let answer = server.submit("/api/archive_start", "month=2026-10").await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/#archive");
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(finished(&server).await["state"], "succeeded");
}

#[tokio::test]
async fn an_archive_is_verified_again() {
    let server = Server::lesson().await;
    server.post("/api/archive_start", "month=2026-10").await;
    let run = finished(&server).await;
    let run_id = run["run_id"].as_str().expect("a run");
    let verify = format!("run_id={run_id}");
    let report = server.post("/api/archive_verify", &verify).await;
    assert_eq!(report.status, 200);
    let report = report.json();
    assert_eq!(
        (&report["outcome"], &report["run_id"], &report["object"]),
        (&json!("intact"), &run["run_id"], &run["object"])
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
    assert_eq!(
        (
            &guard[1]["month"],
            &guard[1]["archive"],
            &guard[1]["orders"],
            &guard[1]["urgent"]
        ),
        (&json!("2026-10"), &json!(null), &json!(188), &json!(true))
    );
    server.post("/api/archive_start", "month=2026-10").await;
    let run = finished(&server).await;
    let guard = server.post("/api/archive_status", "").await.json()["guard"].clone();
    assert_eq!(guard[1]["archive"]["run_id"], run["run_id"]);
    assert_eq!(guard[1]["urgent"], false);
}
