//! The interactive parts of the page. Everything else is the server's HTML, which
//! [`crate::browser::live`] replaces. So each panel is rendered in one place, and the download is
//! small.

mod live;
mod refresh_form;

pub use live::Live;
pub use refresh_form::RefreshForm;
