//! Post, redirect, get: how forms work without JavaScript.

use std::sync::Arc;

use app::api::ApiError;
use app::model::VerifyReport;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;

use super::problem::wants_html;
use super::{Problem, Web, flash};
use crate::config::PublicUrl;

/// No server function answers with more.
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// Redirects a browser that has posted a form back to the page, so that a reload does not post it
/// again. A cookie carries the result along. A failure becomes a page that explains it. Programs,
/// which do not ask for HTML, get the server function's own answer.
pub async fn after_post(State(web): State<Arc<Web>>, mut request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !wants_html(request.headers()) {
        return next.run(request).await;
    }
    let path = request.uri().path().to_owned();
    let target = match path.as_str() {
        "/api/archive_start" | "/api/archive_verify" => "/#archive",
        _ => "/",
    };
    // If the request asked for HTML, leptos_axum would redirect to its Referer.
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(header::ACCEPT, json);

    let response = next.run(request).await;
    let status = response.status();
    if response.extensions().get::<Problem>().is_some() {
        return response;
    }
    let body = response.into_body();
    if !status.is_success() {
        return problem(status, body).await.into_response();
    }
    let jar = CookieJar::new();
    let jar = match result_cookie(&path, body, web.public_url.as_ref()).await {
        Some(cookie) => jar.add(cookie),
        None => jar,
    };
    (jar, Redirect::to(&format!("{}{target}", web.prefix()))).into_response()
}

/// The part of the answer that the next page shows.
async fn result_cookie(
    path: &str,
    body: Body,
    public_url: Option<&PublicUrl>,
) -> Option<Cookie<'static>> {
    let body = to_bytes(body, MAX_ANSWER_BYTES).await.ok()?;
    match path {
        "/api/refresh" => flash::REFRESHED.cookie(&serde_json::from_slice(&body).ok()?, public_url),
        "/api/archive_verify" => {
            let report: VerifyReport = serde_json::from_slice(&body).ok()?;
            flash::CHECKED.cookie(&report.into(), public_url)
        }
        _ => None,
    }
}

async fn problem(status: StatusCode, body: Body) -> Problem {
    let body = to_bytes(body, MAX_ANSWER_BYTES).await.unwrap_or_default();
    let message = serde_json::from_slice(&body).map_or_else(
        |_| "the request failed".to_owned(),
        |error: ApiError| error.message,
    );
    Problem::new(status, message)
}
