//! The page itself.

use std::sync::Arc;

use app::document::document;
use app::page::Rendering;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{ResponseOptions, render_app_async_with_context};

use super::{Web, flash};

/// Renders the page, complete: with or without JavaScript it shows the same numbers.
pub async fn page(State(web): State<Arc<Web>>, request: Request) -> Response {
    let rendering = Rendering {
        at: web.calendar.timestamp(web.clock.now()),
        refreshed: flash::REFRESHED.read(request.headers()),
        checked: flash::CHECKED.read(request.headers()),
    };
    let shown_once = [
        rendering
            .refreshed
            .as_ref()
            .and_then(|_| flash::REFRESHED.clear()),
        rendering
            .checked
            .as_ref()
            .and_then(|_| flash::CHECKED.clear()),
    ];
    let ports = web.ports.clone();
    let context = move || {
        provide_context(ports.clone());
        provide_context(rendering.clone());
        allow_own_scripts();
    };
    let assets = web.site.assets.clone();
    let render = render_app_async_with_context(context, move || document(assets.clone()));
    let mut response = render(request).await;
    for clear in shown_once.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, clear);
    }
    response
}

/// The page's scripts carry this rendering's nonce; nothing else runs, nothing comes from elsewhere.
fn allow_own_scripts() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let policy = format!(
        "default-src 'none'; script-src 'strict-dynamic' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
