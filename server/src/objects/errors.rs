//! How an object store fails, named by outcome.

use std::error::Error;

use app::model::Trouble;
use thiserror::Error;

use super::ObjectName;

type Cause = Box<dyn Error + Send + Sync>;

/// A failed operation on an object. `Display` is for people and holds no secret; the cause is for
/// the log.
#[derive(Debug, Error)]
pub enum ObjectError {
    #[error("{name} is not in the archive")]
    NotFound { name: ObjectName },
    #[error("{name} exists already")]
    AlreadyExists { name: ObjectName },
    #[error(
        "no permission on {destination}: grant the role roles/storage.objectUser on it to the account that this server runs as"
    )]
    Forbidden { destination: String, source: Cause },
    #[error("there is no {destination}: create it, or set GCS_BUCKET_NAME to a bucket that exists")]
    NoBucket { destination: String },
    #[error(
        "no usable credentials for {destination}: run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account's key"
    )]
    Credentials { destination: String, source: Cause },
    #[error("{destination} is not available: {attempt} failed, {reason}")]
    Unavailable {
        destination: String,
        /// What was tried: "write shopstream/metadata/run_info.json".
        attempt: String,
        /// Why, for people, without secrets.
        reason: String,
        source: Cause,
    },
}

impl ObjectError {
    /// Whether it may end by itself, or somebody has to act.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Forbidden { .. } | Self::NoBucket { .. } | Self::Credentials { .. } => {
                Trouble::Refused
            }
            _ => Trouble::Away,
        }
    }
}
