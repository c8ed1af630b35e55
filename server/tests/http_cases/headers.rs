//! Headers of particular answers. `Asked` checks those of every answer.

use axum::body::Body;
use axum::http::Request;

use crate::support::web::{Answer, Server};

async fn get_as(server: &Server, path: &str, encoding: &str) -> Answer {
    let request = Request::get(path).header("accept-encoding", encoding);
    server
        .send(request.body(Body::empty()).expect("a request"))
        .await
}

#[tokio::test]
async fn answers_that_change_are_not_cached() {
    let server = Server::lesson().await;
    for path in [
        "/panels/today.csv",
        "/health/live",
        "/health/ready",
        "/nothing",
    ] {
        assert_eq!(
            server.get(path).await.header("cache-control"),
            "no-store",
            "{path}"
        );
    }
    let posted = server.post("/api/today", "").await;
    assert_eq!(posted.header("cache-control"), "no-store");
}

#[tokio::test]
async fn only_the_page_may_run_scripts() {
    let server = Server::lesson().await;
    for path in [
        "/panels/today.csv",
        "/favicon.svg",
        "/nothing",
        "/health/live",
    ] {
        let answer = server.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(!policy.contains("script-src"), "{path}: {policy}");
    }
    let page = server.get("/").await;
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'self' 'sha256-")
    );
}

#[tokio::test]
async fn pages_and_answers_are_compressed() {
    let server = Server::lesson().await;
    let plain = get_as(&server, "/", "identity").await;
    assert_eq!(plain.header("content-encoding"), "");
    for encoding in ["br", "gzip"] {
        let answer = get_as(&server, "/", encoding).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert!(answer.header("vary").contains("accept-encoding"));
        assert!(answer.body.len() < plain.body.len() / 3, "{encoding}");
    }
    let answer = get_as(&server, "/", "gzip").await;
    assert_eq!(answer.body[..2], [0x1f, 0x8b]);
}
