//! A panel's numbers as a file: RFC 4180 after a byte order mark, amounts in dollars without sign or
//! separators.

use std::sync::Arc;

use app::model::{Cell, Panel};
use app::ports::Read;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use csv::{Terminator, WriterBuilder};

use super::{Problem, Web};

/// `/panels/<endpoint>.csv`.
pub async fn panel(State(web): State<Arc<Web>>, Path(file): Path<String>) -> Response {
    let Some(panel) = file.strip_suffix(".csv").and_then(Panel::of_endpoint) else {
        return Problem::new(StatusCode::NOT_FOUND, "there is no panel of this name")
            .into_response();
    };
    let data = match web.ports.dashboard.panel(panel, Read::Cached).await {
        Ok(snapshot) => snapshot.data,
        Err(error) => return Problem::new(error.kind.status(), error.message).into_response(),
    };
    match written(&data.columns(), data.rows()) {
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

/// Without it, Excel does not read the file as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What starts a formula in a spreadsheet, by OWASP's "CSV Injection". The last four are full-width.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Text that a spreadsheet would run as a formula gets an apostrophe before it. Numbers are ours
/// and stay numbers.
fn defused(text: String) -> String {
    if text.starts_with(FORMULA_STARTS) {
        format!("'{text}")
    } else {
        text
    }
}

fn written(columns: &[&str], rows: Vec<Vec<Cell>>) -> csv::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::from(BYTE_ORDER_MARK));
    writer.write_record(columns)?;
    for row in rows {
        let cells = row.into_iter().map(|cell| match cell {
            Cell::Text(text) => defused(text),
            Cell::Plain(value) => value,
        });
        writer.write_record(cells)?;
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
            Cell::text("=1+1"),
            Cell::text("a, \"b\""),
            Cell::plain("-1"),
        ]];
        let text = written(&["x", "y", "z"], rows).expect("CSV");
        assert_eq!(
            String::from_utf8_lossy(&text),
            "\u{feff}x,y,z\r\n'=1+1,\"a, \"\"b\"\"\",-1\r\n"
        );
    }

    #[test]
    fn whatever_starts_a_formula_is_defused_and_nothing_else() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
            assert_eq!(defused(format!("{start}1")), format!("'{start}1"));
        }
        for text in ["", "a=1", "'=1", " 1", "ORD-1", "ß", "Größe"] {
            assert_eq!(defused(text.to_owned()), text);
        }
    }
}
