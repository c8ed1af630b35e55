//! A store's failure, once for the log and once for the browser.

use app::api::ApiError;

use crate::cache::Key;
use crate::causes::with_causes;
use crate::store::StoreError;

/// A fault of this program: a task that computes has ended without an answer.
pub fn fault() -> ApiError {
    ApiError::internal("the answer could not be computed (the server's log says why)")
}

/// Logs `error` with its causes, and gives what may be shown of it.
pub fn of(key: &Key, error: &StoreError) -> ApiError {
    // Of a store that is left alone the log has said so once.
    if !matches!(error, StoreError::LeftAlone { .. }) {
        tracing::warn!(key = key.name(), error = %with_causes(error), "an answer could not be computed");
    }
    match error {
        StoreError::Late { store, .. } => {
            ApiError::unavailable(format!("{store} does not answer in time"))
        }
        StoreError::LeftAlone { store, .. } | StoreError::Unavailable { store, .. } => {
            ApiError::unavailable(format!("{store} does not answer"))
        }
        StoreError::Unusable { store, .. } => ApiError::internal(format!(
            "{store} cannot be used (the server's log says why)"
        )),
    }
}

/// The failure of a read that could have been answered from the cache.
pub fn without_cached(error: ApiError) -> ApiError {
    ApiError {
        message: format!("{}, and nothing is cached", error.message),
        ..error
    }
}

#[cfg(test)]
mod tests {
    use app::api::ErrorKind;

    use super::*;

    #[test]
    fn causes_and_places_are_for_the_log_alone() {
        let error = StoreError::Unusable {
            store: "SQLite",
            problem: "/secret/path is damaged".to_owned(),
            source: None,
        };
        let shown = without_cached(of(&Key::watermark(), &error));
        assert_eq!(shown.kind, ErrorKind::Internal);
        assert_eq!(
            shown.message,
            "SQLite cannot be used (the server's log says why), and nothing is cached"
        );
    }
}
