//! The way to the bucket: addresses, credentials, clients.

use axum::http::{Extensions, HeaderMap};
use google_cloud_auth::build_errors;
use google_cloud_auth::credentials::{CacheableResource, Credentials, anonymous};
use google_cloud_gax::exponential_backoff::ExponentialBackoffBuilder;
use google_cloud_gax::retry_throttler::CircuitBreaker;
use google_cloud_storage::client::Storage;
use thiserror::Error;
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::errors::Failure;
use super::timeouts::Timeouts;
use crate::config::GcsConfig;

const GOOGLE: &str = "https://storage.googleapis.com";
/// Reading and writing objects: the only thing that we ask of Google.
const SCOPE: &str = "https://www.googleapis.com/auth/devstorage.read_write";

/// The bucket cannot be prepared; whether it exists is not known yet.
#[derive(Debug, Error)]
pub enum GcsOpenError {
    /// Without the cause, which may quote the file.
    #[error(
        "Google's credentials {problem}: run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account's key"
    )]
    Credentials { problem: &'static str },
    #[error("no connection can be secured: install the system's certificates (ca-certificates)")]
    Tls(#[source] reqwest::Error),
}

/// What all requests have in common.
pub struct Connection {
    pub bucket: String,
    pub timeouts: Timeouts,
    /// For our own requests.
    pub client: reqwest::Client,
    /// Without a slash at the end.
    pub endpoint: String,
    credentials: Credentials,
    /// Made when it is needed first: making it may ask the network for the credentials' domain.
    library: OnceCell<Storage>,
}

impl Connection {
    pub fn new(config: &GcsConfig, timeouts: Timeouts) -> Result<Self, GcsOpenError> {
        // Fails where the process has a provider already, and that one will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .build()
            .map_err(GcsOpenError::Tls)?;
        let credentials = match config.endpoint {
            Some(_) => anonymous::Builder::new().build(),
            None => application_default()?,
        };
        Ok(Self {
            bucket: config.bucket.clone(),
            timeouts,
            client,
            endpoint: config.endpoint.clone().unwrap_or_else(|| GOOGLE.to_owned()),
            credentials,
            library: OnceCell::new(),
        })
    }

    /// The headers that say who asks.
    pub async fn identity(&self) -> Result<HeaderMap, Failure> {
        match self.credentials.headers(Extensions::new()).await {
            Ok(CacheableResource::New { data, .. }) => Ok(data),
            // Only an answer to a request that names the headers of an earlier one.
            Ok(CacheableResource::NotModified) => Ok(HeaderMap::new()),
            Err(error) if error.is_transient() => Err(Failure::other(
                "Google's credentials could not be fetched",
                &error,
            )),
            Err(error) => Err(Failure::Credentials(error)),
        }
    }

    /// The bucket as Google's library names it.
    pub fn resource(&self) -> String {
        format!("projects/_/buckets/{}", self.bucket)
    }

    /// Google's library, once the credentials have been found good: the library takes missing ones
    /// for a broken connection, and would try again and again.
    pub async fn library(&self) -> Result<&Storage, Failure> {
        let limit = self.timeouts.silence;
        let ready = async {
            self.identity().await?;
            self.library.get_or_try_init(|| self.build()).await
        };
        timeout(limit, ready)
            .await
            .map_err(|_| Failure::Silent(limit))?
    }

    async fn build(&self) -> Result<Storage, Failure> {
        let pauses = ExponentialBackoffBuilder::new()
            .with_initial_delay(self.timeouts.pause)
            .with_maximum_delay(self.timeouts.longest_pause);
        let library = Storage::builder()
            .with_endpoint(&self.endpoint)
            .with_credentials(self.credentials.clone())
            .with_backoff_policy(pauses.clamp())
            // Never holds a retry back. The library's own throttler makes pauses of any length.
            .with_retry_throttler(CircuitBreaker::clamp(1, 0, 0))
            .build()
            .await;
        library.map_err(|error| Failure::other("Google's library cannot be used", &error))
    }
}

/// As Google's libraries find them: `GOOGLE_APPLICATION_CREDENTIALS`, what `gcloud` has left in
/// the user's folder, or the account of the machine that this runs on.
fn application_default() -> Result<Credentials, GcsOpenError> {
    let credentials = google_cloud_auth::credentials::Builder::default()
        .with_scopes([SCOPE])
        .build();
    credentials.map_err(|error: build_errors::Error| GcsOpenError::Credentials {
        problem: if error.is_loading() {
            "cannot be read"
        } else if error.is_unknown_type() || error.is_not_supported() {
            "are of a kind that is not known"
        } else {
            "are damaged"
        },
    })
}
