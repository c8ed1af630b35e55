//! The dashboard behind a reverse proxy.

use axum::body::Body;
use axum::http::Request;

use super::card::text;
use crate::support::asked::{Answer, Asked};
use crate::support::web::Server;

/// As a browser without `Sec-Fetch-Site` posts a form, over a proxy that has put its own `Host`.
async fn submit(asked: &Asked, path: &str, origin: &str) -> Answer {
    let headers = [
        ("accept", "text/html"),
        ("host", "127.0.0.1:3000"),
        ("origin", origin),
    ];
    asked.post_with(path, "", &headers).await
}

async fn get_with(asked: &Asked, path: &str, header: (&str, &str)) -> Answer {
    let request = Request::get(path).header(header.0, header.1);
    asked
        .send(request.body(Body::empty()).expect("a request"))
        .await
}

/// The page without its nonce, its version and how quickly the stores answered.
fn same_for_all(page: &Answer) -> String {
    let html = without(page.text(), "id=\"sources\"", "</details>");
    let html = without(&html, " data-version=\"", "\"");
    let nonce = html.split(" nonce=\"").nth(1).expect("a nonce");
    let nonce = nonce.split('"').next().expect("an end");
    html.replace(nonce, "")
}

fn without(html: &str, start: &str, end: &str) -> String {
    let (before, rest) = html.split_once(start).expect("a start");
    let (_, after) = rest.split_once(end).expect("an end");
    format!("{before}{after}")
}

/// Every address in the page.
fn addresses(html: &str) -> Vec<&str> {
    let attributes = ["href", "src", "action", "component-url"];
    let starts = attributes.map(|name| format!(" {name}=\""));
    let found = starts.iter().flat_map(|start| html.split(start).skip(1));
    found.filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn the_page_is_the_same_but_for_the_prefix() {
    let server = Server::lesson().await;
    let behind = Asked::behind(&server.stage.assembly, Some("https://ops.example/prefix"));
    // Afterwards all is from the cache.
    server.get("/").await;
    let root = same_for_all(&server.get("/").await);
    let page = same_for_all(&behind.get("/prefix/").await);
    assert!(page.contains("<html lang=\"en\" data-base=\"/prefix\""));
    assert_eq!(page.replace("/prefix", ""), root);
    // The proxy may take the prefix away.
    for path in ["/", "/prefix"] {
        assert_eq!(same_for_all(&behind.get(path).await), page, "{path}");
    }
}

#[tokio::test]
async fn every_address_is_below_the_prefix_and_answers_with_and_without_it() {
    let server = Server::lesson().await;
    let behind = Asked::behind(&server.stage.assembly, Some("https://ops.example/dash/"));
    let page = behind.get("/dash/").await;
    let all = addresses(page.text());
    assert!(all.len() > 10, "{all:?}");
    for address in all {
        let Some(stripped) = address.strip_prefix("/dash/") else {
            assert!(address.starts_with('#'), "{address}");
            continue;
        };
        // The test's site has no WebAssembly.
        if stripped.ends_with(".wasm") {
            continue;
        }
        for path in [address.to_owned(), format!("/{stripped}")] {
            let answer = match stripped.starts_with("api/") {
                true => submit(&behind, &path, "https://ops.example").await,
                false => behind.get(&path).await,
            };
            // An empty form of one of them lacks a field.
            let fits = match stripped {
                "api/refresh" | "api/archive_start" => 303,
                "api/archive_verify" => 400,
                _ => 200,
            };
            assert_eq!(answer.status, fits, "{path}: {}", answer.text());
        }
    }
    let script = "/dash/pkg/app.0123456789abcdef.js";
    assert!(
        behind
            .get(script)
            .await
            .header("cache-control")
            .contains("immutable")
    );
    for path in ["/health/live", "/dash/health/live"] {
        assert_eq!(behind.get(path).await.text(), "live\n");
    }
    let missing = get_with(&behind, "/dash/nothing", ("accept", "text/html")).await;
    assert_eq!(missing.status, 404);
    for address in addresses(missing.text()) {
        assert!(address.starts_with("/dash/"), "{address}");
    }
    // Another path that begins alike is another path.
    assert_eq!(behind.get("/dashboard").await.status, 404);
}

#[tokio::test]
async fn a_form_leads_back_to_the_page_below_the_prefix() {
    let server = Server::lesson().await;
    for (url, prefix, cookie) in [
        ("https://ops.example/dash", "/dash", "Secure; Path=/dash"),
        ("https://ops.example", "", "Secure; Path=/"),
        ("http://ops.example/dash", "/dash", "Path=/dash"),
    ] {
        let behind = Asked::behind(&server.stage.assembly, Some(url));
        let origin = url.trim_end_matches("/dash");
        for action in ["/api/refresh".to_owned(), format!("{prefix}/api/refresh")] {
            let answer = submit(&behind, &action, origin).await;
            assert_eq!(answer.status, 303, "{url} {action}");
            assert_eq!(answer.header("location"), format!("{prefix}/"));
            let (sent, kept) = answer
                .header("set-cookie")
                .split_once("; ")
                .expect("a cookie");
            assert_eq!(
                kept,
                format!("HttpOnly; SameSite=Strict; {cookie}; Max-Age=60")
            );
            let page = get_with(&behind, &format!("{prefix}/"), ("cookie", sent)).await;
            assert!(text(page.text()).contains("Refreshed"), "{}", page.text());
            // It is removed where it was set.
            let removed = page.header("set-cookie");
            let start = format!("refreshed=; HttpOnly; SameSite=Strict; {cookie}; Max-Age=0; ");
            assert!(removed.starts_with(&start), "{removed}");
        }
        let archive = submit(&behind, "/api/archive_start", origin).await;
        assert_eq!(archive.header("location"), format!("{prefix}/#archive"));
    }
}

#[tokio::test]
async fn only_the_page_s_own_origin_may_post() {
    let server = Server::lesson().await;
    let behind = Asked::behind(&server.stage.assembly, Some("https://ops.example/dash"));
    for (origin, status) in [
        ("https://ops.example", 303),
        // Over the proxy's own port, or straight.
        ("http://127.0.0.1:3000", 303),
        ("http://ops.example", 403),
        ("https://ops.example:8443", 403),
        ("https://ops.example.evil.example", 403),
        ("https://evil.example", 403),
        ("null", 403),
    ] {
        let answer = submit(&behind, "/api/refresh", origin).await;
        assert_eq!(answer.status, status, "{origin}");
    }
    // A page on a neighbouring host cannot say that it is ours.
    let neighbour = [
        ("origin", "https://www.ops.example"),
        ("sec-fetch-site", "same-site"),
    ];
    let answer = behind.post_with("/api/refresh", "", &neighbour).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_refusal_says_what_was_seen_and_what_to_set() {
    let server = Server::lesson().await;
    let answer = submit(&server, "/api/refresh", "http://dash.lan:8080").await;
    assert_eq!(answer.status, 403);
    let html = answer.text().replace("&quot;", "\"");
    let sentence = "this one came from Origin \"http://dash.lan:8080\", and the dashboard was asked \
                    as Host \"127.0.0.1:3000\"; if that page is the dashboard behind a proxy, set \
                    PUBLIC_URL to its address.";
    assert!(html.contains(sentence), "{html}");
    let long = format!("http://{}<b>", "x".repeat(5_000));
    let answer = submit(&server, "/api/refresh", &long).await;
    assert!(answer.body.len() < 1_500 && !answer.text().contains("<b>"));
}
