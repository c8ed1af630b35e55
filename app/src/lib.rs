//! The page of the ShopStream operations dashboard: what it shows, the server functions it calls,
//! and the types that cross the wire.
//!
//! Compiled natively with feature `ssr` it renders the page in the server. Compiled to WebAssembly
//! with feature `hydrate` it contains the islands (Live and Refresh) and what renews the numbers.

// Views are types, and the page is one deeply nested view.
#![recursion_limit = "256"]

pub mod api;
pub mod base;
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "started by the browser only")
)]
mod browser;
#[cfg_attr(
    not(feature = "ssr"),
    expect(unused_imports, reason = "rendered by the server only")
)]
mod islands;
pub mod model;

#[cfg(feature = "ssr")]
pub mod answers;
#[cfg(feature = "ssr")]
mod charts;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod panels;
#[cfg(feature = "ssr")]
pub mod ports;
#[cfg(feature = "ssr")]
mod top_bar;

/// Starts what runs in the browser. The islands hydrate one by one afterwards.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
    browser::ages::start();
    browser::archive::start();
    browser::checks::start();
    browser::copy::start();
    browser::in_use::start();
    browser::keys::start();
    browser::live::start();
    browser::verify::start();
}
