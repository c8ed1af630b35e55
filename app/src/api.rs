//! The server functions, one a file, and how they fail.

mod error;

pub use error::{ApiError, ErrorKind};
