//! Where the dashboard is on its host.

#[cfg(feature = "ssr")]
use leptos::prelude::use_context;

/// The path before all of the dashboard's own: "/dash", or "" without one. Provided by the server to
/// each rendering.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default)]
pub struct Base(pub String);

/// The address of `path`, which begins with a slash, as a browser has to ask for it.
#[cfg(feature = "ssr")]
pub fn href(path: &str) -> String {
    let Base(base) = use_context().unwrap_or_default();
    base + path
}

/// The address of `path`, which begins with a slash. The document says where the dashboard is.
#[cfg(not(feature = "ssr"))]
pub fn href(path: &str) -> String {
    let root = leptos::prelude::document().document_element();
    let base = root.and_then(|root| root.get_attribute("data-base"));
    base.unwrap_or_default() + path
}
