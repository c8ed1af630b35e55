//! The way to the bucket: addresses, credentials, clients, and how long we wait.

use std::time::Duration;

use axum::http::{Extensions, HeaderMap};
use google_cloud_auth::credentials::{Builder, CacheableResource, Credentials, anonymous};
use google_cloud_gax::exponential_backoff::ExponentialBackoffBuilder;
use google_cloud_gax::retry_policy::RetryPolicyExt;
use google_cloud_gax::retry_throttler::CircuitBreaker;
use google_cloud_storage::client::Storage;
use google_cloud_storage::read_resume_policy::{ReadResumePolicyExt, Recommended};
use google_cloud_storage::retry_policy::RetryableErrors;
use thiserror::Error;
use tokio::sync::OnceCell;

use super::errors::Failure;
use crate::config::GcsConfig;

const GOOGLE: &str = "https://storage.googleapis.com";
/// Reading and writing objects: the only thing that we ask of Google.
const SCOPE: &str = "https://www.googleapis.com/auth/devstorage.read_write";

/// How long we wait for the bucket, and how often we ask again.
#[derive(Copy, Clone, Debug)]
pub struct Timeouts {
    /// The whole of a ping.
    pub ping: Duration,
    /// An operation is given up when no byte has moved for so long. It may take up to twice this
    /// time to notice.
    pub silence: Duration,
    /// How often a request is made when it is refused for now, or its connection breaks.
    pub attempts: u32,
    /// The longest first pause between two attempts. Each may be twice as long as the one before.
    pub pause: Duration,
}

/// With these, a store that refuses everything is given up within about a minute.
impl Default for Timeouts {
    fn default() -> Self {
        Self {
            ping: Duration::from_millis(900),
            silence: Duration::from_secs(60),
            attempts: 7,
            pause: Duration::from_secs(1),
        }
    }
}

/// The bucket cannot be prepared; whether it exists is not known yet.
#[derive(Debug, Error)]
pub enum GcsOpenError {
    /// Without the cause, which may quote the file.
    #[error(
        "Google's credentials cannot be used: run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account's key"
    )]
    Credentials,
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
        let client = reqwest::Client::builder().build();
        // As Google's libraries find them: `GOOGLE_APPLICATION_CREDENTIALS`, what `gcloud` has left
        // in the user's folder, or the account of the machine that this runs on.
        let credentials = match config.endpoint {
            Some(_) => Ok(anonymous::Builder::new().build()),
            None => Builder::default().with_scopes([SCOPE]).build(),
        };
        Ok(Self {
            bucket: config.bucket.clone(),
            timeouts,
            client: client.map_err(GcsOpenError::Tls)?,
            endpoint: config.endpoint.clone().unwrap_or_else(|| GOOGLE.to_owned()),
            credentials: credentials.map_err(|_| GcsOpenError::Credentials)?,
            library: OnceCell::new(),
        })
    }

    /// The headers that say who asks.
    pub async fn identity(&self) -> Result<HeaderMap, Failure> {
        match self.credentials.headers(Extensions::new()).await {
            Ok(CacheableResource::New { data, .. }) => Ok(data),
            // Only an answer to a request that names the headers of an earlier one.
            Ok(CacheableResource::NotModified) => Ok(HeaderMap::new()),
            Err(error) => Err(Failure::credentials(&error)),
        }
    }

    /// The bucket as Google's library names it.
    pub fn resource(&self) -> String {
        format!("projects/_/buckets/{}", self.bucket)
    }

    /// Google's library.
    pub async fn library(&self) -> Result<&Storage, Failure> {
        self.library.get_or_try_init(|| self.build()).await
    }

    async fn build(&self) -> Result<Storage, Failure> {
        // The library takes missing credentials for a broken connection here.
        self.identity().await?;
        let Timeouts {
            attempts, pause, ..
        } = self.timeouts;
        let pauses = ExponentialBackoffBuilder::new().with_initial_delay(pause);
        let library = Storage::builder()
            .with_endpoint(&self.endpoint)
            .with_credentials(self.credentials.clone())
            .with_retry_policy(RetryableErrors.with_attempt_limit(attempts))
            .with_read_resume_policy(Recommended.with_attempt_limit(attempts))
            .with_backoff_policy(pauses.clamp())
            // Never holds a retry back. The library's own throttler makes pauses of any length.
            .with_retry_throttler(CircuitBreaker::clamp(1, 0, 0))
            .build()
            .await;
        library.map_err(|error| Failure::other("Google's library cannot be used", &error))
    }
}
