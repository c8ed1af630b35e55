//! The page as HTML, complete without JavaScript.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::card::{CARDS, card, text};
use crate::support::site::{SCRIPT, STYLE};
use crate::support::web::Server;

#[tokio::test]
async fn every_panel_shows_the_lessons_figures() {
    let server = Server::lesson().await;
    let answer = server.get("/").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let html = answer.text();
    let expected: [(&str, &[&str]); 11] = [
        (
            "revenue-today",
            &["$1,622.74", "$1,033.65", "vs Sat 10:37", "Saturday in all"],
        ),
        ("orders-today", &["7", "1 (−12.5%)"]),
        (
            "active-orders",
            &["113", "29 pending · 84 shipped", "oldest pending"],
        ),
        (
            "returns",
            &["last 7 days", "vs the 7 days before", "orders"],
        ),
        (
            "hourly-orders",
            &[
                "Sun 22 Nov, yesterday behind",
                "Until 10:37",
                "$1,622.74",
                "Best hour today",
            ],
        ),
        (
            "daily-orders",
            &["From 9 on Mon 16 Nov to 21 on Thu 19 Nov; 7 so far today."],
        ),
        (
            "category-revenue",
            &[
                "$50,117.73",
                "$38,187.67",
                "$21,361.75",
                "$17,465.01",
                "118 orders",
            ],
        ),
        (
            "region-revenue",
            &["$39,310.52", "$32,013.84", "$28,347.01", "$27,460.79"],
        ),
        (
            "top-products",
            &[
                "PROD_006",
                "PROD_017",
                "PROD_013",
                "PROD_019",
                "PROD_011",
                "$3,389.58",
            ],
        ),
        ("recent-orders", &["09:37:21", "08:37:21", "07:37:21"]),
        (
            "archive",
            &[
                "November 2026 running month",
                "October 2026",
                "Nothing has been archived yet.",
            ],
        ),
    ];
    for (id, parts) in expected {
        let shown = text(card(html, id));
        for part in parts {
            assert!(shown.contains(part), "{id}: {part} is not in {shown}");
        }
        assert!(!shown.contains("Not available"), "{id}: {shown}");
    }
    let whole = text(html);
    assert!(whole.contains("3 stores up"), "{whole}");
    assert!(whole.contains("newest order 09:37:21"), "{whole}");
    assert!(whole.contains("Times and business days are in UTC."));
    // These orders are not synthetic.
    assert!(!whole.contains("Demonstration data"));
}

#[tokio::test]
async fn the_page_is_small_and_its_tags_balance() {
    let server = Server::lesson().await;
    let answer = server.get("/").await;
    let html = answer.text();
    assert!(html.len() < 60_000, "{} bytes", html.len());
    assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\" data-base=\"\">"));
    // Leptos's script follows.
    assert!(html.contains("</footer></body></html>"));
    assert!(
        !html.contains(" style="),
        "inline styles need a weaker policy"
    );
    assert!(html.contains(&format!("<link rel=\"stylesheet\" href=\"{STYLE}\">")));
    let ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    for id in CARDS {
        let heading = format!("aria-labelledby=\"{id}-heading\"");
        assert!(html.contains(&heading), "{id}");
    }
    let [tables, bodies] = ["<table", "<tbody"].map(|tag| html.matches(tag).count());
    assert_eq!(tables, bodies);
}

#[tokio::test]
async fn only_the_pages_own_scripts_run() {
    let server = Server::lesson().await;
    let answer = server.get("/").await;
    let policy = answer.header("content-security-policy");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    assert!(!policy.contains("'unsafe-eval'"), "{policy}");
    let html = answer.text();
    let scripts: Vec<&str> = html.split("<script").skip(1).collect();
    // Ours, and two of leptos_axum that its next version may word otherwise.
    assert_eq!(scripts.len(), 3);
    for script in scripts {
        let (_, text) = script.split_once('>').expect("a tag");
        let (text, _) = text.split_once("</script>").expect("an end");
        let hash = BASE64_STANDARD.encode(Sha256::digest(text));
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{text}");
    }
    assert!(html.contains(SCRIPT));
    // The policy blocks handlers in attributes.
    assert!(!html.contains(" onclick="));
}

#[tokio::test]
async fn the_refresh_form_has_the_values_on_the_page() {
    let server = Server::lesson().await;
    let html = server.get("/").await;
    let html = html.text();
    for field in [
        "name=\"from\" value=\"2026-10-23T10:37:21.000+00:00\"",
        "name=\"at\" value=\"2026-11-22T10:37:21.000+00:00\"",
        "name=\"orders\" value=\"435\"",
        "name=\"revenue_cents\" value=\"12713216\"",
        "name=\"panels\" value=\"today:",
    ] {
        assert!(html.contains(field), "{field}");
    }
    assert!(html.contains("method=\"post\" action=\"/api/refresh\""));
}

#[tokio::test]
async fn many_pages_at_once_share_their_queries() {
    let server = Server::lesson().await;
    let held = server.stage.store.hold("by_product");
    let pages = futures::future::join_all((0..10).map(|_| server.get("/")));
    let release = async {
        held.arrived.await.expect("a query");
        held.release.send(()).expect("somebody who waits");
    };
    let (pages, ()) = futures::join!(pages, release);
    for page in pages {
        assert!(text(card(page.text(), "top-products")).contains("$3,389.58"));
    }
    for (read, calls) in [
        ("by_product", 1),
        ("by_category", 1),
        ("by_region", 1),
        // Today, hour by hour, returns, orders per day, and the watermark.
        ("totals", 5),
        ("orders", 1),
    ] {
        assert_eq!(server.stage.store.calls(read), calls, "{read}");
    }
}

#[tokio::test]
async fn an_empty_store_is_explained() {
    let server = Server::open("Europe/Berlin", "2026-11-23T09:30:00Z", Vec::new()).await;
    let answer = server.get("/").await;
    assert_eq!(answer.status, 200);
    for (id, words) in [
        ("returns", "No orders in these 7 days."),
        ("hourly-orders", "No orders today or yesterday."),
        ("daily-orders", "No orders in the last 7 days."),
        ("category-revenue", "No revenue in the last 30 days."),
        ("region-revenue", "No revenue in the last 30 days."),
        ("recent-orders", "There are no orders in the store."),
        ("archive", "Nothing has been archived yet."),
    ] {
        let shown = text(card(answer.text(), id));
        assert!(shown.contains(words), "{id}: {shown}");
    }
    assert!(!answer.text().contains("NaN"));
}

#[tokio::test]
async fn head_has_the_headers_and_no_body() {
    let server = Server::lesson().await;
    let request = axum::http::Request::head("/").body(axum::body::Body::empty());
    let answer = server.send(request.expect("a request")).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
}
