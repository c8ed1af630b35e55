//! The page.

use std::sync::Arc;

use app::base::Base;
use app::document::document;
use app::page::Rendering;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{ResponseOptions, render_app_async_with_context};

use super::{Web, flash};

/// Renders the whole page, so that it shows the same numbers with and without JavaScript.
pub async fn page(State(web): State<Arc<Web>>, jar: CookieJar, request: Request) -> Response {
    let public_url = web.public_url.as_ref();
    let (jar, refreshed) = flash::REFRESHED.take(jar, public_url);
    let (jar, checked) = flash::CHECKED.take(jar, public_url);
    let rendering = Rendering {
        at: web.calendar.timestamp(web.clock.now()),
        refreshed,
        checked,
    };
    let ports = web.ports.clone();
    let base = Base(web.prefix().to_owned());
    let context = move || {
        provide_context(ports.clone());
        provide_context(rendering.clone());
        provide_context(base.clone());
        allow_own_scripts();
    };
    let assets = web.site.assets.clone();
    let render = render_app_async_with_context(context, move || document(assets.clone()));
    (jar, render(request).await).into_response()
}

/// Sets a policy that allows only scripts with the nonce of this rendering, and nothing from
/// another site.
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
