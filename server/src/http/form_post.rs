//! Post, redirect, get: forms that a browser sends without JavaScript.

use app::api::ApiError;
use app::model::VerifyReport;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::wants_html;
use super::{Problem, flash};

/// More than any server function answers.
const MOST_BYTES: usize = 1 << 20;

/// Sends a browser that has posted a form back to the page, where reloading repeats nothing; what
/// a refresh did, or how an archive was found, travels along in a cookie. A failure becomes a page
/// that says what is wrong. Programs (which do not ask for HTML) get the server function's own
/// answer.
pub async fn redirect(mut request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !wants_html(request.headers()) {
        return next.run(request).await;
    }
    let path = request.uri().path().to_owned();
    let target = match path.as_str() {
        "/api/archive_start" | "/api/archive_verify" => "/#archive",
        _ => "/",
    };
    // Otherwise leptos_axum would redirect by itself, to wherever the Referer says.
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(header::ACCEPT, json);

    let response = next.run(request).await;
    let status = response.status();
    if response.extensions().get::<Problem>().is_some() {
        return response;
    }
    let (_, body) = response.into_parts();
    if !status.is_success() {
        return problem(status, body).await.into_response();
    }
    let mut redirect = (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response();
    if let Some(cookie) = shown_once(&path, body).await {
        redirect.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    redirect
}

/// What the page that follows shows of the answer.
async fn shown_once(path: &str, body: Body) -> Option<HeaderValue> {
    let body = to_bytes(body, MOST_BYTES).await.ok()?;
    match path {
        "/api/refresh" => flash::REFRESHED.cookie(&serde_json::from_slice(&body).ok()?),
        "/api/archive_verify" => {
            let report: VerifyReport = serde_json::from_slice(&body).ok()?;
            flash::CHECKED.cookie(&report.into())
        }
        _ => None,
    }
}

async fn problem(status: StatusCode, body: Body) -> Problem {
    let body = to_bytes(body, MOST_BYTES).await.unwrap_or_default();
    let message = serde_json::from_slice(&body).map_or_else(
        |_| "the request failed".to_owned(),
        |error: ApiError| error.message,
    );
    Problem::new(status, message)
}
