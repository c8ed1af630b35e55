//! Server functions, called by programs.

use serde_json::{Value, json};

use crate::support::lesson;
use crate::support::web::Server;

const METRICS: [&str; 9] = [
    "category_revenue",
    "region_revenue",
    "daily_orders",
    "today",
    "hourly_orders",
    "returns",
    "active_orders",
    "top_products",
    "recent_orders",
];

#[test]
fn no_endpoint_is_undocumented() {
    let mut paths: Vec<(&str, String)> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| (path, method.to_string()))
        .collect();
    paths.sort_unstable();
    let expected = [
        "/api/active_orders",
        "/api/archive_start",
        "/api/archive_status",
        "/api/archive_verify",
        "/api/category_revenue",
        "/api/daily_orders",
        "/api/hourly_orders",
        "/api/recent_orders",
        "/api/refresh",
        "/api/region_revenue",
        "/api/returns",
        "/api/status",
        "/api/today",
        "/api/top_products",
        "/api/watermark",
    ];
    assert_eq!(paths, expected.map(|path| (path, "POST".to_owned())));
}

#[tokio::test]
async fn every_metric_is_a_snapshot() {
    let server = Server::lesson().await;
    let expected = lesson::expected();
    for source in ["database", "cache"] {
        for endpoint in METRICS {
            let answer = server.post(&format!("/api/{endpoint}"), "").await;
            assert_eq!(answer.status, 200, "{endpoint}");
            let json = answer.json();
            let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
            assert_eq!(keys, ["computed_at", "data", "source", "took_ms", "window"]);
            assert_eq!(json["source"], source, "{endpoint}");
            assert_eq!(json["computed_at"], "2026-11-22T10:37:21.000+00:00");
            if let Some(figures) = expected[endpoint].as_object() {
                for (name, figure) in figures {
                    assert_eq!(json["data"][name], *figure, "{endpoint}");
                }
            } else if endpoint != "returns" {
                assert!(!json["data"].as_array().expect("rows").is_empty());
            }
        }
    }
}

#[tokio::test]
async fn rows_are_as_documented() {
    let server = Server::lesson().await;
    let json = server.post("/api/category_revenue", "").await.json();
    assert_eq!(
        json["data"][0],
        json!({ "category": "accessories", "revenue_cents": 5011773, "orders": 118, "average_order_cents": 42473 })
    );
    assert_eq!(
        json["window"],
        json!({ "from": "2026-10-23T10:37:21.000+00:00", "to": "2026-11-22T10:37:21.000+00:00" })
    );
}

#[tokio::test]
async fn every_metric_takes_a_filter() {
    let server = Server::lesson().await;
    let form = "filter[region]=North&filter%5Bcategory%5D=footwear";
    for endpoint in METRICS {
        let path = format!("/api/{endpoint}");
        for form in [form, "filter[region]=nowhere"] {
            let answer = server.post(&path, form).await;
            assert_eq!(answer.status, 200, "{endpoint}: {}", answer.text());
            assert_eq!(answer.json()["source"], "database", "{endpoint}");
        }
        let empty = server
            .post(&path, "filter[region]=&filter[category]=")
            .await;
        assert_eq!(empty.json()["source"], "database", "{endpoint}");
        let all = server.post(&path, "").await.json();
        assert_eq!(
            all["source"], "cache",
            "{endpoint}: an empty filter is none"
        );
    }
    let answer = server.post("/api/category_revenue", form).await.json();
    let rows = answer["data"].as_array().expect("rows");
    assert_eq!((rows.len(), &rows[0]["category"]), (1, &json!("footwear")));
}

#[tokio::test]
async fn a_refresh_without_fields_compares_nothing() {
    let server = Server::lesson().await;
    let json = server.post("/api/refresh", "").await.json();
    assert_eq!(
        json,
        json!({ "at": "2026-11-22T10:37:21.000+00:00", "since": null, "orders": 0, "revenue_cents": 0, "changed": [], "failed": [] })
    );
}

#[tokio::test]
async fn a_refresh_with_fields_compares() {
    let server = Server::lesson().await;
    // A plus sign in a form means a space.
    let form = "from=2026-10-23T10:37:21.000%2B00:00&at=2026-11-22T10:37:21.000%2B00:00\
                &orders=432&revenue_cents=12713000&panels=today:0";
    let json = server.post("/api/refresh", form).await.json();
    assert_eq!(
        (&json["orders"], &json["revenue_cents"]),
        (&json!(3), &json!(216))
    );
    assert_eq!(json["since"], "2026-11-22T10:37:21.000+00:00");
    assert_eq!(json["changed"].as_array().expect("panels").len(), 9);
}

#[tokio::test]
async fn status_and_watermark_answer() {
    let server = Server::lesson().await;
    let status = server.post("/api/status", "").await.json();
    assert_eq!(
        (&status["time_zone"], &status["demonstration"]),
        (&json!("UTC"), &json!(false))
    );
    let watermark = server.post("/api/watermark", "").await.json();
    assert_eq!(
        watermark["figures"],
        json!({ "revenue_cents": 12713216, "orders": 435 })
    );
    let archive = server.post("/api/archive_status", "").await.json();
    assert_eq!(archive["current"], Value::Null);
    assert_eq!(archive["months"], json!(["2026-11", "2026-10"]));
    assert_eq!(archive["runs"], json!([]));
}

#[tokio::test]
async fn an_empty_body_needs_no_content_type() {
    let server = Server::lesson().await;
    let request = axum::http::Request::post("/api/today").body(axum::body::Body::empty());
    let answer = server.send(request.expect("a request")).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["source"]),
        (200, &json!("database"))
    );
}
