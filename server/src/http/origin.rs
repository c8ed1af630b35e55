//! Which posts are accepted: those from the dashboard's own page.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError, ProtectionErrorKind};

use super::Problem;
use crate::config::PublicUrl;

/// How much of a header a message repeats.
const MAX_SHOWN: usize = 100;

/// Refuses posts from other origins than the one that was asked and that of `PUBLIC_URL`.
pub fn layer(public_url: Option<&PublicUrl>) -> CsrfLayer {
    let own = CsrfLayer::new();
    let Some(url) = public_url else { return own };
    own.clone().add_trusted_origin(url.origin()).unwrap_or(own)
}

/// Says why a post was refused. Where Origin and Host differ, a proxy may have changed Host.
pub async fn explain(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let (origin, host) = (shown(headers, header::ORIGIN), shown(headers, header::HOST));
    let response = next.run(request).await;
    let Some(error) = response.extensions().get::<ProtectionError>() else {
        return response;
    };
    let mut message = "forms are accepted only from the dashboard's own page".to_owned();
    if error.kind() == ProtectionErrorKind::CrossOriginRequestFromOldBrowser {
        message += &format!(
            ": this one came from Origin \"{origin}\", and the dashboard was asked as Host \
             \"{host}\"; if that page is the dashboard behind a proxy, set PUBLIC_URL to its address"
        );
    }
    Problem::new(StatusCode::FORBIDDEN, message).into_response()
}

fn shown(headers: &HeaderMap, name: HeaderName) -> String {
    let value = headers.get(name).map_or(&[][..], |value| value.as_bytes());
    String::from_utf8_lossy(value)
        .chars()
        .take(MAX_SHOWN)
        .collect()
}
