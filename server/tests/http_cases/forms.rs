//! Which posted forms are accepted.

use axum::body::Body;
use axum::http::Request;

use crate::support::web::{Answer, Server};

async fn post_as(server: &Server, kind: &str, body: Vec<u8>) -> Answer {
    let request = Request::post("/api/refresh").header("content-type", kind);
    server
        .send(request.body(Body::from(body)).expect("a request"))
        .await
}

#[tokio::test]
async fn other_content_types_are_415() {
    let server = Server::lesson().await;
    for kind in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
    ] {
        let answer = post_as(&server, kind, b"{\"orders\":1}".to_vec()).await;
        let (status, kind, message) = answer.failure();
        assert_eq!((status, kind.as_str()), (415, "invalid"));
        assert_eq!(
            message,
            "expected a form (application/x-www-form-urlencoded)"
        );
    }
}

#[tokio::test]
async fn a_form_over_16_kib_is_413() {
    let server = Server::lesson().await;
    let form = "application/x-www-form-urlencoded";
    let largest = |length: usize| [b"panels=".to_vec(), vec![b'x'; length - 7]].concat();
    assert_eq!(post_as(&server, form, largest(16 * 1024)).await.status, 200);
    for length in [16 * 1024 + 1, 10 << 20] {
        let answer = post_as(&server, form, largest(length)).await;
        assert_eq!(
            answer.failure(),
            (
                413,
                "invalid".to_owned(),
                "the form is too large: expected at most 16384 bytes".to_owned()
            )
        );
    }
}

#[tokio::test]
async fn unknown_and_repeated_fields_are_400() {
    let server = Server::lesson().await;
    for (path, form, message) in [
        (
            "/api/refresh",
            "month=2026-10",
            "\"month\" is not a field of this form",
        ),
        (
            "/api/refresh",
            "orders=1&orders=2",
            "\"orders\" is given twice",
        ),
        (
            "/api/refresh",
            "orders=1&%6Frders=2",
            "\"orders\" is given twice",
        ),
        (
            "/api/archive_start",
            "mnoth=2026-10",
            "\"mnoth\" is not a field of this form",
        ),
        (
            "/api/archive_start",
            "month=2026-10&month=",
            "\"month\" is given twice",
        ),
        (
            "/api/archive_start",
            "month[]=2026-10",
            "\"month[]\" is not a field of this form",
        ),
        ("/api/today", "x=1", "\"x\" is not a field of this form"),
        (
            "/api/today",
            "filter[status]=lost",
            "\"filter[status]\" is not a field of this form",
        ),
        (
            "/api/status",
            "filter[region]=North",
            "\"filter[region]\" is not a field of this form",
        ),
    ] {
        let answer = server.post(path, form).await;
        assert_eq!(
            answer.failure(),
            (400, "invalid".to_owned(), message.to_owned())
        );
    }
    let long = server.post("/api/today", &"ü".repeat(1_000)).await;
    assert!(long.failure().2.chars().count() < 80);
}

#[tokio::test]
async fn malformed_encoding_is_400() {
    let server = Server::lesson().await;
    for form in ["month=%FF%FE", "month=%00", "month=%", "%FF=1", "&&&=&"] {
        let answer = server.post("/api/archive_start", form).await;
        assert_eq!(answer.status, 400, "{form}: {}", answer.text());
    }
}

#[tokio::test]
async fn other_sites_cannot_post() {
    let server = Server::lesson().await;
    let host = ("host", "dashboard.example:3000");
    let elsewhere: [&[(&str, &str)]; 6] = [
        &[host, ("origin", "https://evil.example")],
        &[host, ("origin", "http://dashboard.example:3001")],
        &[host, ("origin", "null")],
        &[host, ("sec-fetch-site", "cross-site")],
        &[host, ("sec-fetch-site", "same-site")],
        &[
            host,
            ("origin", "http://dashboard.example:3000"),
            ("sec-fetch-site", "cross-site"),
        ],
    ];
    for headers in elsewhere {
        for path in ["/api/refresh", "/api/archive_start"] {
            let answer = server.post_with(path, "", headers).await;
            let (status, kind, message) = answer.failure();
            assert_eq!((status, kind.as_str()), (403, "invalid"), "{headers:?}");
            let sentence = "forms are accepted only from the dashboard's own page";
            assert!(message.starts_with(sentence), "{message}");
            // Where the browser says that the page is another one, no setting helps.
            let says_so = headers.iter().any(|(name, _)| *name == "sec-fetch-site");
            assert_eq!(message.contains("PUBLIC_URL"), !says_so, "{message}");
        }
    }
    // The store was not asked.
    assert_eq!(server.stage.store.calls("totals"), 0);
    let ours = [host, ("origin", "http://dashboard.example:3000")];
    assert_eq!(
        server.post_with("/api/refresh", "", &ours).await.status,
        200
    );
}
