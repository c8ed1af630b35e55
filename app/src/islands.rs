//! The parts of the page that are alive in the browser. Everything else is the server's HTML,
//! which [`crate::browser::live`] renews: one rendering of each panel, and a small download.

mod archive_form;
mod auto_reload;
mod refresh_form;

pub use archive_form::ArchiveForm;
pub use refresh_form::RefreshForm;
