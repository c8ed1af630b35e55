//! What the proxy is asked, and what it answers.

use std::collections::HashMap;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::{Value, json};

/// A request without its body.
pub struct Parts {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub query: HashMap<String, String>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn new(status: StatusCode, json: &Value) -> Self {
        let mut headers = HeaderMap::new();
        let json_type = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json_type);
        Self {
            status,
            headers,
            body: json.to_string().into(),
        }
    }

    /// As Google says it.
    pub fn problem(status: u16, words: &str) -> Self {
        let status = StatusCode::from_u16(status).expect("a status");
        let problem = json!({ "error": { "code": status.as_u16(), "message": words } });
        Self::new(status, &problem)
    }

    /// An upload goes on: so many bytes of it are kept.
    pub fn kept(kept: usize) -> Self {
        let mut answer = Self::new(StatusCode::PERMANENT_REDIRECT, &json!({}));
        answer.body = Bytes::new();
        if kept > 0 {
            let range = format!("bytes=0-{}", kept - 1);
            let range = range.parse().expect("a header");
            answer.headers.insert(header::RANGE, range);
        }
        answer
    }

    pub fn broken_after(self, length: usize) -> Response {
        let start = self.body.slice(..length);
        let pieces = stream::iter([Ok(start), Err(std::io::Error::other("broken on purpose"))]);
        (self.status, self.headers, Body::from_stream(pieces)).into_response()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.body).into_response()
    }
}
