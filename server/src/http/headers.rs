//! Headers of every answer.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

const SECURITY: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not no-referrer: the page's own forms would say `Origin: null`.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];
/// The policy of everything but the page, which sets its own.
const NO_SCRIPTS: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'";
/// When an answer that is being computed may be there, or a store be back.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("2");
/// File names in `/pkg` contain a hash of the content, so a file never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Adds security headers and, where the answer has none, `Cache-Control`.
pub async fn add(request: Request, next: Next) -> Response {
    let is_file = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let status = response.status();
    // A 304 too: its headers replace those that the browser has stored.
    let cacheable = is_file && (status.is_success() || status == StatusCode::NOT_MODIFIED);
    let headers = response.headers_mut();
    if cacheable {
        // `ServeDir` picks a compressed file by it, but does not say so.
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers
            .entry(header::RETRY_AFTER)
            .or_insert(RETRY_AFTER_SECONDS);
    }
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(NO_SCRIPTS));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(if cacheable {
            IMMUTABLE
        } else {
            "no-store"
        }));
    response
}
