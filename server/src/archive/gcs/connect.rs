//! The way to the bucket: addresses, credentials, the client.

use axum::http::{Extensions, HeaderMap};
use google_cloud_auth::build_errors;
use google_cloud_auth::credentials::{CacheableResource, Credentials, anonymous};
use google_cloud_gax::retry_policy::NeverRetry;
use google_cloud_storage::client::Storage;
use thiserror::Error;
use tokio::sync::OnceCell;

use super::failure::Failure;
use super::patience::Patience;
use crate::archive::ObjectName;
use crate::config::GcsConfig;

const GOOGLE: &str = "https://storage.googleapis.com";
/// The one thing that is asked of Google: reading and writing objects.
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
    pub patience: Patience,
    pub client: reqwest::Client,
    /// Without a slash at the end.
    endpoint: String,
    credentials: Credentials,
    /// Google's library, once it is needed: it may ask the network where it is.
    library: OnceCell<Storage>,
}

impl Connection {
    pub fn new(config: &GcsConfig, patience: Patience) -> Result<Self, GcsOpenError> {
        // Fails where the process has a provider already, and that one will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .connect_timeout(patience.connect)
            // Where an upload goes is looked at here.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(GcsOpenError::Tls)?;
        let credentials = match config.endpoint {
            Some(_) => anonymous::Builder::new().build(),
            None => application_default()?,
        };
        Ok(Self {
            bucket: config.bucket.clone(),
            patience,
            client,
            endpoint: config.endpoint.clone().unwrap_or_else(|| GOOGLE.to_owned()),
            credentials,
            library: OnceCell::new(),
        })
    }

    /// The address of what the JSON API calls `path`.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint)
    }

    /// The address of an object.
    pub fn object(&self, name: &ObjectName) -> String {
        self.address(&format!("/storage/v1{}", self.path(name)))
    }

    /// An object within addresses. Its name has only one character that needs an escape.
    pub fn path(&self, name: &ObjectName) -> String {
        let name = name.as_str().replace('/', "%2F");
        format!("/b/{}/o/{name}", self.bucket)
    }

    /// The headers that say who asks.
    pub async fn identity(&self) -> Result<HeaderMap, Failure> {
        let headers = self.credentials.headers(Extensions::new());
        match tokio::time::timeout(self.patience.answer, headers).await {
            Ok(Ok(CacheableResource::New { data, .. })) => Ok(data),
            // Only whoever names an earlier one is told that.
            Ok(Ok(CacheableResource::NotModified)) => Ok(HeaderMap::new()),
            Ok(Err(error)) => Err(Failure::Credentials(error)),
            Err(_) => Err(Failure::LateCredentials),
        }
    }

    /// Google's library. It never tries again by itself, since it knows no deadline for a request.
    pub async fn library(&self) -> Result<&Storage, Failure> {
        let library = self.library.get_or_try_init(|| {
            Storage::builder()
                .with_endpoint(&self.endpoint)
                .with_credentials(self.credentials.clone())
                .with_retry_policy(NeverRetry)
                .build()
        });
        let library = library.await;
        library.map_err(|error| Failure::Answer(format!("Google's library refuses: {error}")))
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
