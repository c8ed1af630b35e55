//! A store's failure, once for the log and once for the browser.

use app::api::ApiError;
use app::ports::Read;

use crate::cache::Key;
use crate::causes::with_causes;
use crate::store::StoreError;

/// Logs `error` with its causes, and gives what may be shown of it to whoever wanted `read`.
pub fn of(key: Key, read: Read, error: &StoreError) -> ApiError {
    tracing::warn!(key = key.name(), error = %with_causes(error), "an answer could not be computed");
    let cached = match read {
        Read::Cached => ", and nothing is cached",
        // The cache was not asked.
        Read::Fresh => "",
    };
    match error {
        StoreError::Unavailable { store, .. } => {
            ApiError::unavailable(format!("{store} does not answer{cached}"))
        }
        StoreError::Unusable { store, .. } => ApiError::internal(format!(
            "{store} cannot be used (the server's log says why){cached}"
        )),
    }
}
