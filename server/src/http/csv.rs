//! A panel's numbers as a file: RFC 4180, amounts in dollars without sign or separators.

use std::sync::Arc;

use app::api::ApiError;
use app::model::{Figures, Panel};
use app::ports::{Dashboard, Read};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use csv::{Terminator, WriterBuilder};

use super::{Problem, Web};

/// Columns, and rows of as many cells.
type Sheet = (&'static [&'static str], Vec<Vec<String>>);

/// `/panels/<endpoint>.csv`.
pub async fn panel(State(web): State<Arc<Web>>, Path(file): Path<String>) -> Response {
    let Some(panel) = file.strip_suffix(".csv").and_then(Panel::of_endpoint) else {
        return Problem::new(StatusCode::NOT_FOUND, "there is no panel of this name")
            .into_response();
    };
    let sheet = match sheet(web.ports.dashboard.as_ref(), panel).await {
        Ok(sheet) => sheet,
        Err(error) => return Problem::new(error.kind.status(), error.message).into_response(),
    };
    match written(sheet) {
        Ok(text) => {
            let name = format!("attachment; filename=\"{}.csv\"", panel.endpoint());
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, name.as_str()),
            ];
            (headers, text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, panel = panel.endpoint(), "a table cannot be written as CSV");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn sheet(dashboard: &dyn Dashboard, panel: Panel) -> Result<Sheet, ApiError> {
    let read = Read::Cached;
    Ok(match panel {
        Panel::Today => {
            let today = dashboard.today(read).await?.data;
            let row = |day: &str, figures: Figures| {
                vec![
                    day.to_owned(),
                    figures.orders.to_string(),
                    figures.revenue_cents.plain(),
                ]
            };
            let rows = vec![
                row("today", today.today),
                row("yesterday_same_time", today.yesterday_same_time),
            ];
            (&["day", "orders", "revenue"], rows)
        }
        Panel::ActiveOrders => {
            let active = dashboard.active_orders(read).await?.data;
            let row = |status: &str, orders: u64| vec![status.to_owned(), orders.to_string()];
            let rows = vec![
                row("pending", active.pending),
                row("shipped", active.shipped),
            ];
            (&["status", "orders"], rows)
        }
        Panel::DailyOrders => {
            let days = dashboard.daily_orders(read).await?.data.into_iter();
            let rows = days.map(|day| {
                vec![
                    day.day.to_string(),
                    day.orders.to_string(),
                    day.unfinished.to_string(),
                ]
            });
            (&["day", "orders", "unfinished"], rows.collect())
        }
        Panel::CategoryRevenue => {
            let categories = dashboard.category_revenue(read).await?.data.into_iter();
            let rows = categories.map(|category| {
                vec![
                    defused(category.category),
                    category.revenue_cents.plain(),
                    category.orders.to_string(),
                    category.average_order_cents.plain(),
                ]
            });
            (
                &["category", "revenue", "orders", "average_order"],
                rows.collect(),
            )
        }
        Panel::TopProducts => {
            let products = dashboard.top_products(read).await?.data.into_iter();
            let rows = products.map(|product| {
                vec![
                    defused(product.product_id),
                    defused(product.category),
                    product.units.to_string(),
                    product.revenue_cents.plain(),
                ]
            });
            (
                &["product_id", "category", "units", "revenue"],
                rows.collect(),
            )
        }
        Panel::RecentOrders => {
            let orders = dashboard.recent_orders(read).await?.data.into_iter();
            let rows = orders.map(|order| {
                vec![
                    defused(order.order_id),
                    order.created_at.to_string(),
                    defused(order.product_id),
                    order.total_cents.plain(),
                    defused(order.status),
                ]
            });
            (
                &["order_id", "created_at", "product_id", "total", "status"],
                rows.collect(),
            )
        }
    })
}

/// Text that a spreadsheet would run as a formula gets an apostrophe before it, as OWASP's "CSV
/// Injection" says. Numbers are ours and stay numbers.
fn defused(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text
    }
}

fn written((columns, rows): Sheet) -> csv::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_commas_quoted() {
        let rows = vec![vec![
            defused("=1+1".to_owned()),
            defused("a, \"b\"".to_owned()),
        ]];
        let text = written((&["x", "y"], rows)).expect("CSV");
        assert_eq!(
            String::from_utf8_lossy(&text),
            "x,y\r\n'=1+1,\"a, \"\"b\"\"\"\r\n"
        );
    }

    #[test]
    fn whatever_starts_a_formula_is_defused_and_nothing_else() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n"] {
            assert_eq!(defused(format!("{start}1")), format!("'{start}1"));
        }
        for text in ["", "a=1", "'=1", " 1", "ORD-1", "ß"] {
            assert_eq!(defused(text.to_owned()), text);
        }
    }
}
