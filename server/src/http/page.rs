//! The page.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::base::Base;
use app::document::{Assets, document};
use app::page::{By, Rendering};
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use leptos::prelude::provide_context;
use leptos_axum::render_app_async_with_context;
use sha2::{Digest, Sha256};

use super::{Web, flash};
use crate::dashboard::Version;

/// Marks an answer that is the same for every reader until the next version.
#[derive(Copy, Clone, Debug)]
pub struct Keep;

/// Renders the whole page, so that it shows the same numbers with and without JavaScript.
pub async fn page(
    State(web): State<Arc<Web>>,
    Extension(version): Extension<Version>,
    jar: CookieJar,
    request: Request,
) -> Response {
    let public_url = web.public_url.as_ref();
    let (jar, refreshed) = flash::REFRESHED.take(jar, public_url);
    let (jar, checked) = flash::CHECKED.take(jar, public_url);
    let settled = Arc::new(AtomicBool::new(false));
    let rendering = Rendering {
        at: web.calendar.timestamp(web.clock.now()),
        version: version.to_string(),
        settled: settled.clone(),
        by: by(request.uri()),
        refreshed,
        checked,
    };
    let ports = web.ports.clone();
    let base = Base(web.prefix().to_owned());
    let context = move || {
        provide_context(ports.clone());
        provide_context(rendering.clone());
        provide_context(base.clone());
    };
    let assets = web.site.assets.clone();
    let render = render_app_async_with_context(context, move || document(assets.clone()));
    let mut response = (jar, render(request).await).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, web.policy.clone());
    if settled.load(Ordering::Relaxed) {
        response.extensions_mut().insert(Keep);
    }
    response
}

/// What the chart of hours shows, by the page's address.
pub fn by(address: &Uri) -> By {
    let query = address.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let by = pairs.find(|(name, _)| name == "by");
    by.map_or_else(By::default, |(_, value)| By::of(&value))
}

/// A policy that allows the page's own scripts, and nothing from another site. `prefix` is the path
/// before all addresses.
pub fn policy(assets: &Assets, prefix: &str) -> HeaderValue {
    let hash = |text: &String| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    let scripts: Vec<_> = assets.inline_scripts(prefix).iter().map(hash).collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' {} 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
        scripts.join(" ")
    );
    // Hashes are ASCII, so the default is never used.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}
