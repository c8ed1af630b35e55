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
