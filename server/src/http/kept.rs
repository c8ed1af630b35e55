//! The page is rendered once for each version, and not for each reader.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use app::model::refresh::fingerprint_of_text;
use app::page::By;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;

use super::page::{self, Keep};
use super::{Web, flash};
use crate::dashboard::Version;
use crate::single_flight::SingleFlight;

/// How long a reader waits for a rendering that another one has begun.
const RENDERED_WITHIN: Duration = Duration::from_secs(30);
/// Browsers send a few different `Accept-Encoding`; programs could make up more.
const MOST_PAGES: usize = 32;

/// What pages of one version differ in, besides what they show once: `Accept-Encoding` is the other.
type Key = (By, Option<HeaderValue>);

/// The renderings of the newest version.
#[derive(Default)]
pub struct Kept(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    version: Option<Version>,
    by_key: HashMap<Key, Arc<Page>>,
}

#[derive(Default)]
struct Page {
    kept: OnceLock<Answer>,
    rendering: SingleFlight<Answer>,
}

/// A whole answer.
#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    keep: bool,
}

/// Hands out the kept page, or renders it. Readers who come meanwhile wait for the same rendering.
pub async fn keep(State(web): State<Arc<Web>>, mut request: Request, next: Next) -> Response {
    let (version, is_whole) = web.live.version().await;
    request.extensions_mut().insert(version.clone());
    let headers = request.headers();
    let shown_once = flash::is_any(&CookieJar::from_headers(headers));
    // A version that may be an old one is no key: what is kept under it may be overtaken.
    if request.method() != Method::GET || shown_once || !is_whole {
        return next.run(request).await;
    }
    let by = page::by(request.uri());
    let key = (by, headers.get(header::ACCEPT_ENCODING).cloned());
    let page = web.kept.page(&version, key);
    let known = headers.get(header::IF_NONE_MATCH).cloned();
    if let Some(answer) = page.kept.get() {
        return answer.clone().unless(known);
    }
    let tag = tag(&version, by, &web);
    let render = async move { Answer::of(next.run(request).await, tag).await };
    let rendering = page.rendering.join(web.clock.now(), render);
    match rendering.wait(RENDERED_WITHIN).await {
        Ok(answer) if answer.keep => page.kept.get_or_init(|| answer).clone().unless(known),
        Ok(answer) => answer.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Of the version and the page's files: after an update of this program they are others.
fn tag(version: &Version, by: By, web: &Web) -> String {
    let assets = &web.site.assets;
    let all = format!("{version} {by:?} {} {}", assets.script, assets.css);
    // Weak, because the compressed page has the same one.
    format!("W/\"{}\"", fingerprint_of_text(&all))
}

impl Kept {
    fn page(&self, version: &Version, key: Key) -> Arc<Page> {
        // A std mutex, because nothing awaits while it is held.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.version.as_ref() != Some(version) || kept.by_key.len() >= MOST_PAGES {
            kept.version = Some(version.clone());
            kept.by_key.clear();
        }
        Arc::clone(kept.by_key.entry(key).or_default())
    }
}

impl Answer {
    /// The whole of `response`. If it may be kept, browsers may keep it too, under `tag`.
    async fn of(response: Response, tag: String) -> Self {
        let (mut parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await;
        let may_keep = parts.extensions.get::<Keep>().is_some() && body.is_ok();
        let tag = HeaderValue::from_str(&tag).ok().filter(|_| may_keep);
        let keep = tag.is_some();
        if let Some(tag) = tag {
            parts.headers.insert(header::ETAG, tag);
            let fresh = HeaderValue::from_static("no-cache");
            parts.headers.insert(header::CACHE_CONTROL, fresh);
            let vary = HeaderValue::from_static("accept-encoding, cookie");
            parts.headers.insert(header::VARY, vary);
        }
        Self {
            status: match body {
                Ok(_) => parts.status,
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
            headers: parts.headers,
            body: body.unwrap_or_default(),
            keep,
        }
    }

    /// The answer, or only that it is the one that is `known`.
    fn unless(self, known: Option<HeaderValue>) -> Response {
        if known.is_none() || known.as_ref() != self.headers.get(header::ETAG) {
            return self.into_response();
        }
        let mut headers = self.headers;
        headers.remove(header::CONTENT_LENGTH);
        (StatusCode::NOT_MODIFIED, headers).into_response()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, self.headers, Body::from(self.body)).into_response()
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}
