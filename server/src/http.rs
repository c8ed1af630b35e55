//! The page, its files and its server functions over HTTP.

mod api;
mod connections;
mod csv;
mod events;
mod flash;
mod form;
mod headers;
mod health;
mod kept;
mod origin;
mod page;
mod prefix;
mod problem;
mod redirect;
mod router;
mod site;

pub use connections::{Limits, serve};
pub use kept::Kept;
pub use page::policy;
pub use problem::Problem;
pub use router::{Web, router};
pub use site::{Site, SiteError};
