//! A Cloud Storage server for tests: the one that `TEST_GCS_ENDPOINT` names, or else
//! fake-gcs-server on a free port, one for the whole test program.

use std::path::PathBuf;
use std::sync::LazyLock;

use reqwest::StatusCode;
use serde_json::json;
use server::config::GcsConfig;
use tempfile::TempDir;
use ulid::Ulid;

use super::process::{Process, free_port, skipped};

const VERSION: &str = "1.55.1";

struct Server {
    endpoint: String,
    /// Ends with the test program, since nobody drops what is static.
    _process: Option<(Process, TempDir)>,
}

static SERVER: LazyLock<Option<Server>> = LazyLock::new(|| {
    if let Ok(endpoint) = std::env::var("TEST_GCS_ENDPOINT") {
        return Some(Server {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            _process: None,
        });
    }
    let program = program().filter(|program| program.is_file())?;
    let port = free_port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let arguments = [
        "-scheme",
        "http",
        "-host",
        "127.0.0.1",
        "-port",
        &port.to_string(),
        "-external-url",
        &endpoint,
        "-public-host",
        &format!("127.0.0.1:{port}"),
        "-backend",
        "memory",
        "-log-level",
        "error",
    ]
    .map(str::to_owned);
    let folder = TempDir::new().expect("a temporary folder");
    let log = folder.path().join("fake-gcs-server.log");
    let process = Process::start(&program, &arguments, port, &log);
    Some(Server {
        endpoint,
        _process: Some((process, folder)),
    })
});

/// Where it is installed, if it is.
fn program() -> Option<PathBuf> {
    let cache = match std::env::var_os("XDG_CACHE_HOME") {
        Some(cache) => PathBuf::from(cache),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".cache"),
    };
    let folder = format!("shopstream-dashboard/fake-gcs-server-{VERSION}");
    Some(cache.join(folder).join("fake-gcs-server"))
}

/// A fresh bucket; `None`, and a word about it, where there is no server.
pub async fn bucket() -> Option<GcsConfig> {
    let Some(server) = &*SERVER else {
        skipped(&format!(
            "fake-gcs-server {VERSION}, or a server that TEST_GCS_ENDPOINT names"
        ));
        return None;
    };
    let name = format!("test-{}", Ulid::new().to_string().to_lowercase());
    let created = client()
        .post(format!("{}/storage/v1/b?project=test", server.endpoint))
        .json(&json!({ "name": name }))
        .send()
        .await
        .expect("an answer");
    assert_eq!(created.status(), StatusCode::OK);
    Some(GcsConfig::new(&name, Some(&server.endpoint)).expect("a configuration"))
}

/// A client for what tests ask of the server themselves.
pub fn client() -> reqwest::Client {
    // Fails where the process has a provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// What the server says about an object; `None` if there is none.
pub async fn metadata(config: &GcsConfig, name: &str) -> Option<serde_json::Value> {
    let endpoint = config.endpoint.as_deref().expect("an endpoint");
    let (bucket, name) = (&config.bucket, name.replace('/', "%2F"));
    let address = format!("{endpoint}/storage/v1/b/{bucket}/o/{name}");
    let answer = client().get(address).send().await.expect("an answer");
    match answer.status() {
        StatusCode::NOT_FOUND => None,
        _ => Some(answer.json().await.expect("JSON")),
    }
}

/// The object's content; `None` if there is none.
pub async fn content(config: &GcsConfig, name: &str) -> Option<Vec<u8>> {
    metadata(config, name).await?;
    let endpoint = config.endpoint.as_deref().expect("an endpoint");
    let (bucket, name) = (&config.bucket, name.replace('/', "%2F"));
    let address = format!("{endpoint}/storage/v1/b/{bucket}/o/{name}?alt=media");
    let answer = client().get(address).send().await.expect("an answer");
    Some(answer.bytes().await.expect("content").to_vec())
}

/// The names of all objects in the bucket, sorted.
pub async fn objects(config: &GcsConfig) -> Vec<String> {
    let endpoint = config.endpoint.as_deref().expect("an endpoint");
    let address = format!("{endpoint}/storage/v1/b/{}/o", config.bucket);
    let answer = client().get(address).send().await.expect("an answer");
    let listed: serde_json::Value = answer.json().await.expect("JSON");
    let items = listed["items"].as_array().cloned().unwrap_or_default();
    let mut names: Vec<String> = items
        .iter()
        .filter_map(|item| Some(item["name"].as_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

/// Writes the object, as somebody else would.
pub async fn write(config: &GcsConfig, name: &str, content: Vec<u8>) {
    let endpoint = config.endpoint.as_deref().expect("an endpoint");
    let address = format!("{endpoint}/upload/storage/v1/b/{}/o", config.bucket);
    let request = client().post(address).body(content);
    let request = request.query(&[("uploadType", "media"), ("name", name)]);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
}

/// Deletes the object, as somebody else would.
pub async fn delete(config: &GcsConfig, name: &str) {
    let endpoint = config.endpoint.as_deref().expect("an endpoint");
    let (bucket, name) = (&config.bucket, name.replace('/', "%2F"));
    let address = format!("{endpoint}/storage/v1/b/{bucket}/o/{name}");
    let answer = client().delete(address).send().await.expect("an answer");
    assert!(answer.status().is_success());
}
