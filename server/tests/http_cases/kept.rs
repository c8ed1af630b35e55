//! The page is rendered once, and what is not for every reader is rendered for itself.

use axum::body::Body;
use axum::http::Request;

use super::card::text;
use crate::support::draft::Draft;
use crate::support::web::{Answer, Server};

async fn get_with(server: &Server, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty());
    server.send(request.expect("a request")).await
}

/// The page once nothing on it was computed for its first reader. A machine that has other things
/// to do may need more tries.
async fn kept(server: &Server) -> Answer {
    for _ in 0..100 {
        server.get("/").await;
        server.post("/api/refresh", "").await;
        let page = server.get("/").await;
        if !page.header("etag").is_empty() {
            return page;
        }
    }
    panic!("no page is kept");
}

#[tokio::test]
async fn the_same_bytes_for_every_reader() {
    let server = Server::lesson().await;
    let first = kept(&server).await;
    assert_eq!(first.header("cache-control"), "no-cache");
    assert!(
        first.header("vary").contains("cookie"),
        "{:?}",
        first.headers
    );
    assert!(first.header("etag").starts_with("W/\""));
    let reads = || ["totals", "by_category", "orders"].map(|read| server.stage.store.calls(read));
    let asked = reads();
    for _ in 0..10 {
        let again = server.get("/").await;
        assert_eq!(again.body, first.body);
        assert_eq!(again.headers, first.headers);
    }
    assert_eq!(reads(), asked);
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again() {
    let server = Server::lesson().await;
    let first = kept(&server).await;
    let tag = first.header("etag");
    let again = get_with(&server, &[("if-none-match", tag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    // They replace those that the browser has stored.
    for name in ["content-security-policy", "cache-control", "etag", "vary"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    let other = get_with(&server, &[("if-none-match", "W/\"0\"")]).await;
    assert_eq!((other.status.as_u16(), &other.body), (200, &first.body));
}

#[tokio::test]
async fn a_refresh_makes_another_page() {
    let server = Server::lesson().await;
    let first = kept(&server).await;
    let order = Draft::at("NEW_1", "2026-11-22T10:00:00Z").total(840.1);
    server.stage.add(vec![order.order()]).await;
    server.post("/api/refresh", "").await;
    let tag = first.header("etag");
    let second = get_with(&server, &[("if-none-match", tag)]).await;
    assert_eq!(second.status, 200);
    assert!(
        text(second.text()).contains("$2,462.84"),
        "{}",
        second.text()
    );
    assert_ne!(second.header("etag"), tag);
}

#[tokio::test]
async fn a_page_whose_version_takes_long_to_find_out_is_not_the_one_before() {
    let server = Server::lesson().await;
    kept(&server).await;
    let mut slow = server.stage.store.hold("ping");
    for number in 0.. {
        let id = format!("NEW_{number}");
        let at = format!("2026-11-22T10:{:02}:{:02}Z", number / 60, number % 60);
        server.stage.add(vec![Draft::at(&id, &at).order()]).await;
        server.post("/api/refresh", "").await;
        let page = server.get("/").await;
        assert!(page.text().contains(&id), "{}", page.text());
        // From time to time the store is asked how it is.
        if slow.arrived.try_recv().is_ok() {
            assert_eq!(page.header("etag"), "");
            return;
        }
    }
}

#[tokio::test]
async fn each_encoding_is_kept() {
    let server = Server::lesson().await;
    kept(&server).await;
    for encoding in ["br", "gzip", "identity"] {
        let [one, two] = [
            get_with(&server, &[("accept-encoding", encoding)]).await,
            get_with(&server, &[("accept-encoding", encoding)]).await,
        ];
        let named = one.header("content-encoding");
        assert_eq!(named, if encoding == "identity" { "" } else { encoding });
        assert_eq!((&one.body, &one.headers), (&two.body, &two.headers));
    }
}

#[tokio::test]
async fn an_outcome_that_is_shown_once_is_not_kept() {
    let server = Server::lesson().await;
    kept(&server).await;
    let posted = server.submit("/api/refresh", "").await;
    let cookie = posted
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie");
    let page = get_with(&server, &[("cookie", cookie)]).await;
    assert!(text(page.text()).contains("Refreshed"));
    assert_eq!(
        (page.header("cache-control"), page.header("etag")),
        ("no-store", "")
    );
    assert!(!text(server.get("/").await.text()).contains("Refreshed"));
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let server = Server::lesson().await;
    server.stage.store.fail(&["by_product"]);
    let failed = server.get("/").await;
    assert!(text(failed.text()).contains("Not available"));
    assert_eq!(
        (failed.header("cache-control"), failed.header("etag")),
        ("no-store", "")
    );
    server.stage.store.fail(&[]);
    assert!(!text(server.get("/").await.text()).contains("Not available"));
}

#[tokio::test]
async fn readers_who_come_at_once_wait_for_one_rendering() {
    let server = Server::lesson().await;
    kept(&server).await;
    let order = Draft::at("NEW_1", "2026-11-22T10:00:00Z").order();
    server.stage.add(vec![order]).await;
    server.post("/api/refresh", "").await;
    let pages = futures::future::join_all((0..20).map(|_| server.get("/"))).await;
    // Each rendering draws a nonce of its own.
    let nonce = |page: &Answer| {
        let nonce = page.text().split(" nonce=\"").nth(1).map(ToOwned::to_owned);
        nonce.expect("a nonce")
    };
    for page in &pages {
        assert_eq!(nonce(page), nonce(&pages[0]));
    }
}

#[tokio::test]
async fn the_chart_of_hours_shows_what_the_address_asks_for() {
    let server = Server::lesson().await;
    kept(&server).await;
    let orders = server.get("/").await;
    let revenue = server.get("/?by=revenue").await;
    assert!(
        orders
            .text()
            .contains("Orders by hour, today and yesterday")
    );
    assert!(
        revenue
            .text()
            .contains("Revenue by hour, today and yesterday")
    );
    assert_ne!(orders.header("etag"), revenue.header("etag"));
    assert_eq!(server.get("/?by=x&y=z").await.body, orders.body);
}
