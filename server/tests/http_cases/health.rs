//! Liveness and readiness.

use serde_json::json;

use crate::support::web::Server;

#[tokio::test]
async fn liveness_does_not_depend_on_stores() {
    let server = Server::lesson().await;
    server.stage.store.fail(&["ping"]);
    let answer = server.get("/health/live").await;
    assert_eq!((answer.status.as_u16(), answer.text()), (200, "live\n"));
}

#[tokio::test]
async fn readiness_names_every_store() {
    let server = Server::lesson().await;
    let answer = server.get("/health/ready").await;
    assert_eq!(answer.status, 200);
    let mut json = answer.json();
    for store in json["stores"].as_array_mut().expect("stores") {
        let latency = store.as_object_mut().expect("a store").remove("latency_ms");
        assert!(
            latency
                .and_then(|latency| latency.as_f64())
                .expect("a latency")
                >= 0.0
        );
    }
    let store = |role: &str, kind: &str| json!({ "role": role, "kind": kind, "state": "up", "error": null });
    assert_eq!(
        json,
        json!({
            "ready": true,
            "stores": [
                store("orders", "SQLite"),
                store("cache", "in-process cache"),
                store("archive", "local folder"),
            ],
        })
    );
}

#[tokio::test]
async fn the_server_is_not_ready_without_its_orders() {
    let server = Server::lesson().await;
    server.stage.store.fail(&["ping"]);
    let answer = server.get("/health/ready").await;
    assert_eq!(answer.status, 503);
    let json = answer.json();
    assert_eq!(json["ready"], false);
    assert_eq!(
        json["stores"][0],
        json!({
            "role": "orders", "kind": "SQLite", "state": "down", "latency_ms": null,
            "error": "SQLite is not available: ping failed",
        })
    );
    assert_eq!(json["stores"][2]["state"], "up");
}
