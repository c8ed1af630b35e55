//! How server functions fail, as other programs see it.

use crate::support::web::Server;

fn failed(status: u16, kind: &str, message: &str) -> (u16, String, String) {
    (status, kind.to_owned(), message.to_owned())
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_503() {
    let server = Server::lesson().await;
    server
        .stage
        .store
        .fail(&["by_category", "totals", "oldest"]);
    let answer = server.post("/api/category_revenue", "").await;
    assert_eq!(
        answer.failure(),
        failed(
            503,
            "unavailable",
            "SQLite does not answer, and nothing is cached"
        )
    );
    let answer = server.post("/api/refresh", "").await;
    assert_eq!(
        answer.failure(),
        failed(503, "unavailable", "SQLite does not answer")
    );
    let answer = server.post("/api/archive_start", "month=2026-10").await;
    assert_eq!(
        answer.failure(),
        failed(503, "unavailable", "SQLite does not answer")
    );
    // The others are not affected.
    assert_eq!(server.post("/api/active_orders", "").await.status, 200);
}

#[tokio::test]
async fn an_unknown_endpoint_is_404() {
    let server = Server::lesson().await;
    for (path, shown) in [
        ("/api/nonsense", "nonsense"),
        ("/api/%3Cscript%3E", "<script>"),
        ("/api/Today", "Today"),
        ("/api/today%20", "today "),
    ] {
        let answer = server.post(path, "").await;
        let message = format!("there is no endpoint \"{shown}\"");
        assert_eq!(answer.failure(), failed(404, "invalid", &message));
    }
    let long = server.post(&format!("/api/{}", "x".repeat(500)), "").await;
    assert!(long.failure().2.len() < 80);
}

#[tokio::test]
async fn only_posting_is_answered() {
    let server = Server::lesson().await;
    for accept in ["*/*", "text/html"] {
        let request = axum::http::Request::get("/api/today").header("accept", accept);
        let request = request.body(axum::body::Body::empty());
        let answer = server.send(request.expect("a request")).await;
        assert_eq!(answer.status, 405);
        assert_eq!(answer.header("allow"), "POST");
        let words = "his address does not accept this method";
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    assert_eq!(server.post("/", "").await.status, 405);
    assert_eq!(server.post("/health/live", "").await.status, 405);
}

#[tokio::test]
async fn a_month_that_cannot_be_archived_is_400_in_words() {
    let server = Server::lesson().await;
    for (month, message) in [
        (
            "2026-13",
            "\"2026-13\" cannot be archived: expected a month like 2026-11",
        ),
        (
            "November",
            "\"November\" cannot be archived: expected a month like 2026-11",
        ),
        (
            "%3Cb%3E2026-11-11T00",
            "\"<b>2026-11-1\" cannot be archived: expected a month like 2026-11",
        ),
        ("2026-12", "December 2026 is still to come"),
        ("9999-12", "December 9999 is still to come"),
        (
            "2026-09",
            "there are no orders of September 2026: the oldest are of October 2026",
        ),
        (
            "1970-01",
            "there are no orders of January 1970: the oldest are of October 2026",
        ),
    ] {
        let answer = server
            .post("/api/archive_start", &format!("month={month}"))
            .await;
        assert_eq!(answer.failure(), failed(400, "invalid", message));
    }
    let status = server.post("/api/archive_status", "").await.json();
    assert_eq!(status["runs"], serde_json::json!([]));
}

#[tokio::test]
async fn values_that_are_none_are_400() {
    let server = Server::lesson().await;
    for form in [
        "from=yesterday",
        "at=12",
        "orders=-1",
        "orders=many",
        "orders=18446744073709551616",
        "revenue_cents=12.5",
        "revenue_cents=9223372036854775808",
    ] {
        let answer = server.post("/api/refresh", form).await;
        let (status, kind, message) = answer.failure();
        assert_eq!(
            (status, kind.as_str()),
            (400, "invalid"),
            "{form}: {message}"
        );
        assert!(
            message.contains("a field is missing or not what it should be"),
            "{message}"
        );
    }
    // The widest values that are some.
    let form = "from=0000-01-01T00:00:00Z&at=9999-12-31T23:59:59Z\
                &orders=18446744073709551615&revenue_cents=-9223372036854775808";
    let answer = server.post("/api/refresh", form).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["orders"], i64::MIN);
}
