//! The archive over HTTP, over a real folder.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::card::{card, text};
use crate::support::web::{Answer, Server};

/// Waits for the run under way.
pub async fn finished(server: &Server) -> Value {
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
            "by",
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
            "published",
            "run_id",
            "started_at",
            "state",
            "stored_as",
            "unreadable",
            "verified_at",
            "window",
        ]
    );
    let page = server.get("/").await;
    let shown = text(card(page.text(), "archive"));
    assert!(shown.contains("Orders 188 Copy"), "{shown}");
    for figure in ["run_id", "object", "stored_as", "location", "crc32c"] {
        let figure = run[figure].as_str().expect("text");
        assert!(shown.contains(figure), "{figure}: {shown}");
    }
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

/// Archives October and gives the run's id and where its object is.
async fn october(server: &Server) -> (String, std::path::PathBuf) {
    server.post("/api/archive_start", "month=2026-10").await;
    let run = finished(server).await;
    let text = |name: &str| run[name].as_str().expect("text").to_owned();
    (text("run_id"), text("location").into())
}

/// The page as a browser shows it that has this cookie.
async fn page_with(server: &Server, cookie: &str) -> Answer {
    let pair = cookie.split(';').next().expect("a pair");
    let request = Request::get("/").header("cookie", pair).body(Body::empty());
    server.send(request.expect("a request")).await
}

#[tokio::test]
async fn a_browser_sees_once_beside_the_run_how_its_archive_was_found() {
    let server = Server::lesson().await;
    let (run_id, object) = october(&server).await;
    let form = format!("run_id={run_id}");
    let original = std::fs::read(&object).expect("an archive");
    let changed = [&original[..original.len() - 2], b" \n"].concat();
    for (content, said) in [
        (Some(&original[..]), "✓ intact on 22 Nov 10:37"),
        (Some(&changed[..]), "✗ changed on 22 Nov 10:37"),
        (Some(&original[..100]), "✗ truncated on 22 Nov 10:37"),
        (None, "✗ missing on 22 Nov 10:37"),
    ] {
        match content {
            Some(content) => std::fs::write(&object, content).expect("written"),
            None => std::fs::remove_file(&object).expect("removed"),
        }
        let answer = server.submit("/api/archive_verify", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert_eq!(answer.header("location"), "/#archive");
        let cookie = answer.header("set-cookie").to_owned();
        assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");

        let page = page_with(&server, &cookie).await;
        // Beside the receipt, and in the run's row.
        let shown = text(card(page.text(), "archive"));
        assert_eq!(shown.matches(said).count(), 2, "{shown}");
        assert!(page.header("set-cookie").starts_with("checked=; "));
        let again = server.get("/").await;
        assert!(!again.text().contains(said));
    }
}

#[tokio::test]
async fn what_was_found_is_shown_beside_its_own_run_alone() {
    let server = Server::lesson().await;
    let (run_id, _) = october(&server).await;
    server.post("/api/archive_start", "month=2026-11").await;
    finished(&server).await;
    let form = format!("run_id={run_id}");
    let answer = server.submit("/api/archive_verify", &form).await;
    let page = page_with(&server, answer.header("set-cookie")).await;
    let shown = card(page.text(), "archive");
    // In its row, and in the receipt of its month.
    assert_eq!(shown.matches("✓ intact").count(), 2, "{shown}");
    let place = format!("data-checked=\"{run_id}\" class=\"checked fine\"");
    assert!(shown.contains(&place), "{shown}");
}

#[tokio::test]
async fn a_run_id_that_is_none_is_said_to_be_none_and_does_no_harm() {
    let server = Server::lesson().await;
    for run_id in [
        "",
        "01JD8Q0Z3W6K5T9V2N4R7X1B8C",
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%00",
        "%FF%FE",
        "01%0D%0ASet-Cookie:%20x=1",
        &"9".repeat(10_000),
    ] {
        let form = format!("run_id={run_id}");
        let answer = server.post("/api/archive_verify", &form).await;
        let (status, kind, message) = answer.failure();
        assert_eq!((status, kind.as_str()), (400, "invalid"), "{run_id}");
        assert!(message.chars().count() < 300, "{message}");

        let page = server.submit("/api/archive_verify", &form).await;
        assert_eq!(page.status, 400);
        assert!(page.text().contains("Back to the dashboard"));
        assert!(!page.text().contains("<script>"), "{}", page.text());
        assert_eq!(page.header("set-cookie"), "");
    }
    for form in ["", "run=01", "run_id=01&run_id=01"] {
        let answer = server.post("/api/archive_verify", form).await;
        assert_eq!(answer.status, 400, "{form}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_cookie_that_somebody_made_up_is_text_or_nothing() {
    let server = Server::lesson().await;
    let (run_id, _) = october(&server).await;
    let forged = json!({ "run_id": run_id, "checked_at": "2026-11-22T10:37:21Z",
        "outcome": "intact", "message": "<script>alert(1)</script>" });
    let value: String = form_urlencoded::byte_serialize(forged.to_string().as_bytes()).collect();
    let page = page_with(&server, &format!("checked={value}")).await;
    assert!(page.text().contains("&lt;script&gt;alert(1)"));
    assert!(!page.text().contains("<script>alert"));
    for nonsense in ["checked=", "checked=%7B%7D", "checked=1"] {
        let page = page_with(&server, nonsense).await;
        assert_eq!(page.status, 200);
        // The browser is told to forget it.
        let removal = page.header("set-cookie");
        assert!(
            removal.starts_with("checked=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0; "),
            "{removal}"
        );
    }
}

/// What the page says of October before and after it is archived.
#[tokio::test]
async fn a_month_about_to_be_lost_is_warned_of_until_it_is_archived() {
    let server = Server::lesson().await;
    let warning = "October 2026 is not archived.";
    let before = server.get("/").await;
    let shown = text(before.text());
    assert!(shown.contains(warning), "{shown}");
    let shown = text(card(before.text(), "archive"));
    assert!(shown.contains("October 2026 not archived."), "{shown}");
    october(&server).await;
    let after = server.get("/").await;
    assert!(!text(after.text()).contains(warning));
    let shown = text(card(after.text(), "archive"));
    assert!(shown.contains("October 2026 archived, verified"), "{shown}");
}

#[tokio::test]
async fn synthetic_orders_are_nothing_to_lose() {
    let server = Server::lesson().await;
    let status = server.post("/api/archive_status", "").await.json();
    assert_eq!(status["guard"][1]["urgent"], true);
    let synthetic = Server::demonstration().await;
    let page = synthetic.get("/").await;
    let shown = text(page.text());
    assert!(shown.contains("Demonstration data."), "{shown}");
    assert!(!shown.contains("is not archived."), "{shown}");
    let archive = card(page.text(), "archive");
    assert!(!archive.contains("#i-warning"), "{archive}");
}
