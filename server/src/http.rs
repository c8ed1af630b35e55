//! The page, its server functions and files over HTTP.

mod api;
mod csv;
mod flash;
mod form_post;
mod guard;
mod headers;
mod health;
mod page;
mod problem;
mod router;
mod site;

pub use problem::Problem;
pub use router::{Web, router};
pub use site::{Site, SiteError};
