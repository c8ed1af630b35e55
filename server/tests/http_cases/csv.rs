//! The panels' numbers as files.

use crate::support::draft::{Draft, orders};
use crate::support::web::Server;

/// One order a status, one of another day, one that a spreadsheet would run.
async fn server() -> Server {
    let some = orders(&[
        Draft::at("ORD_1", "2026-11-22T09:00:00Z").total(1234.5),
        Draft::at("ORD_2", "2026-11-23T09:00:00Z")
            .total(-0.05)
            .status("pending"),
        Draft::at("=2+5+cmd|' /C calc'!A0", "2026-11-23T09:15:00Z")
            .total(20.0)
            .quantity(3)
            .product("@SUM(A1)")
            .category("a,\"b\"\r\nc")
            .status("-1"),
    ]);
    Server::open("Europe/Berlin", "2026-11-23T09:30:00Z", some).await
}

#[tokio::test]
async fn every_panel_byte_for_byte() {
    let server = server().await;
    for (panel, expected) in [
        (
            "today",
            "day,orders,revenue\r\ntoday,2,19.95\r\nyesterday_same_time,1,1234.50\r\n\
             week_ago_same_time,0,0.00\r\nyesterday,1,1234.50\r\n",
        ),
        (
            "active_orders",
            "status,orders\r\npending,1\r\nshipped,0\r\npending_over_24h,0\r\n",
        ),
        (
            "returns",
            "days,orders,returned\r\nlast_7_days,3,0\r\nthe_7_before,0,0\r\n",
        ),
        (
            "daily_orders",
            "day,orders,unfinished\r\n2026-11-17,0,false\r\n2026-11-18,0,false\r\n\
             2026-11-19,0,false\r\n2026-11-20,0,false\r\n2026-11-21,0,false\r\n\
             2026-11-22,1,false\r\n2026-11-23,2,true\r\n",
        ),
        (
            "category_revenue",
            "category,revenue,orders,average_order\r\nfootwear,1234.45,2,617.23\r\n\
             \"a,\"\"b\"\"\r\nc\",20.00,1,20.00\r\n",
        ),
        (
            "region_revenue",
            "region,revenue,orders,average_order\r\nNorth,1254.45,3,418.15\r\n",
        ),
        (
            "top_products",
            "product_id,product_name,category,units,revenue\r\n\
             '@SUM(A1),,\"a,\"\"b\"\"\r\nc\",3,20.00\r\nPROD_001,,footwear,2,1234.45\r\n",
        ),
        (
            "recent_orders",
            "order_id,created_at,product_id,total,status\r\n\
             '=2+5+cmd|' /C calc'!A0,2026-11-23T10:15:00.000+01:00,'@SUM(A1),20.00,'-1\r\n\
             ORD_2,2026-11-23T10:00:00.000+01:00,PROD_001,-0.05,pending\r\n\
             ORD_1,2026-11-22T10:00:00.000+01:00,PROD_001,1234.50,delivered\r\n",
        ),
    ] {
        let answer = server.get(&format!("/panels/{panel}.csv")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(
            answer.header("content-disposition"),
            format!("attachment; filename=\"{panel}.csv\"")
        );
        assert_eq!(answer.text(), format!("\u{feff}{expected}"), "{panel}");
    }
}

#[tokio::test]
async fn an_hour_that_has_not_begun_has_empty_cells() {
    let server = server().await;
    let answer = server.get("/panels/hourly_orders.csv").await;
    let text = answer.text();
    let rows: Vec<_> = text.lines().collect();
    assert_eq!(rows.len(), 25);
    for (row, expected) in [
        (
            0,
            "\u{feff}from,orders,revenue,orders_yesterday,revenue_yesterday,unfinished",
        ),
        (11, "2026-11-23T10:00:00.000+01:00,2,19.95,1,1234.50,true"),
        (12, "2026-11-23T11:00:00.000+01:00,,,0,0.00,false"),
    ] {
        assert_eq!(rows[row], expected);
    }
}

#[tokio::test]
async fn no_orders_are_a_heading_alone() {
    let server = Server::open("UTC", "2026-11-23T09:30:00Z", Vec::new()).await;
    let answer = server.get("/panels/recent_orders.csv").await;
    assert_eq!(
        answer.text(),
        "\u{feff}order_id,created_at,product_id,total,status\r\n"
    );
}

#[tokio::test]
async fn what_is_no_panel_is_404() {
    let server = server().await;
    for path in [
        "/panels/x.csv",
        "/panels/today",
        "/panels/today.CSV",
        "/panels/.csv",
        "/panels/watermark.csv",
        "/panels/..%2Ftoday.csv",
        "/panels/today.csv/",
        "/panels/",
        "/panels",
        "/panels/../x.csv",
    ] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
    let (_, _, message) = server.get("/panels/x.csv").await.failure();
    assert_eq!(message, "there is no panel of this name");
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_503() {
    let server = server().await;
    server.stage.store.fail(&["by_product"]);
    let answer = server.get("/panels/top_products.csv").await;
    assert_eq!(
        answer.failure(),
        (
            503,
            "unavailable".to_owned(),
            "SQLite does not answer, and nothing is cached".to_owned()
        )
    );
    assert_eq!(answer.header("content-disposition"), "");
}
