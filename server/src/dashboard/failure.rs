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
        let shown = of(Key::Today, Read::Cached, &error);
        assert_eq!(shown.kind, ErrorKind::Internal);
        assert_eq!(
            shown.message,
            "SQLite cannot be used (the server's log says why), and nothing is cached"
        );
    }
}
