//! The page of the ShopStream operations dashboard: what it shows, the server functions it calls,
//! and the types that cross the wire.
//!
//! Compiled natively with feature `ssr` it renders the page in the server; compiled to WebAssembly
//! with feature `hydrate` it brings the same page to life in the browser.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod ports;
