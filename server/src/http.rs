//! The page, its files and its server functions over HTTP.

mod api;
mod csv;
mod flash;
mod form;
mod headers;
mod health;
mod page;
mod problem;
mod redirect;
mod router;
mod site;

pub use problem::Problem;
pub use router::{Web, router};
pub use site::{Site, SiteError};
