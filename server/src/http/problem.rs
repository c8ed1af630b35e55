//! Failed requests: a page for people, JSON for programs.

use std::sync::Arc;

use app::api::{ApiError, ErrorKind};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::Web;

/// A status and a sentence about what is wrong with the request.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    message: String,
}

impl Problem {
    /// `message` says what is wrong and what was expected, in lower case without a full stop.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }
}

/// The problem travels as an extension; [`add_body`] turns it into HTML or JSON.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Whether the client is a browser that shows the answer, not a program.
pub fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Adds a body that says what is wrong to every failure without one.
pub async fn add_body(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    let html = wants_html(request.headers());
    let mut response = next.run(request).await;
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    let problem = response.extensions_mut().remove::<Problem>();
    let has_body = response.headers().contains_key(header::CONTENT_TYPE);
    if !is_failure || (has_body && problem.is_none()) {
        return response;
    }
    let message = problem.map_or_else(
        || default_message(status).to_owned(),
        |problem| problem.message,
    );
    let mut shown = if html {
        (status, Html(document(&web, status, &message))).into_response()
    } else {
        (status, Json(ApiError::new(kind(status), message))).into_response()
    };
    // Such as `Allow` of a 405.
    for (name, value) in response.headers() {
        shown.headers_mut().entry(name).or_insert(value.clone());
    }
    shown
}

fn default_message(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "there is nothing at this address",
        StatusCode::METHOD_NOT_ALLOWED => "this address does not accept this method",
        StatusCode::SERVICE_UNAVAILABLE => "the answer took too long",
        status if status.is_client_error() => "the request cannot be answered",
        _ => "the request failed in the server",
    }
}

fn kind(status: StatusCode) -> ErrorKind {
    match status {
        StatusCode::SERVICE_UNAVAILABLE => ErrorKind::Unavailable,
        status if status.is_client_error() => ErrorKind::Invalid,
        _ => ErrorKind::Internal,
    }
}

fn document(web: &Web, status: StatusCode, message: &str) -> String {
    let reason = status.canonical_reason().unwrap_or("Error");
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{reason} – ShopStream operations</title>\
         <link rel=\"icon\" href=\"{prefix}/favicon.svg\"><link rel=\"stylesheet\" href=\"{prefix}{css}\"></head>\
         <body><main class=\"error-page\"><h1>{reason}</h1><p>{message}.</p>\
         <p><a href=\"{prefix}/\">Back to the dashboard</a></p></main></body></html>",
        prefix = web.prefix(),
        css = web.site.assets.css,
        message = escaped(&capitalised(message)),
    )
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_message_is_escaped() {
        assert_eq!(
            escaped("<b title=\"a&b\">"),
            "&lt;b title=&quot;a&amp;b&quot;&gt;"
        );
    }

    #[test]
    fn sentences_start_with_a_capital() {
        assert_eq!(capitalised("there is nothing"), "There is nothing");
        assert_eq!(capitalised(""), "");
    }

    #[test]
    fn only_browsers_want_html() {
        let accepts = |accept: &'static str| {
            let value = axum::http::HeaderValue::from_static(accept);
            wants_html(&HeaderMap::from_iter([(header::ACCEPT, value)]))
        };
        assert!(accepts("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(!accepts("*/*"));
        assert!(!accepts("application/json"));
        assert!(!wants_html(&HeaderMap::new()));
    }

    #[test]
    fn a_status_and_its_error_kind_agree() {
        for status in [400, 500, 503] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(kind(status).status(), status);
        }
        assert_eq!(kind(StatusCode::NOT_FOUND), ErrorKind::Invalid);
        assert_eq!(kind(StatusCode::BAD_GATEWAY), ErrorKind::Internal);
    }
}
