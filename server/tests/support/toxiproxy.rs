//! A network that can be broken: toxiproxy, one for each test process.

use std::path::PathBuf;
use std::sync::OnceLock;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::process::{Process, free_port, on_path, skipped};

pub const VERSION: &str = "2.5.0";

/// Ends with the test process: nothing in here is ever dropped.
struct Toxiproxy {
    _process: Process,
    _folder: TempDir,
    port: u16,
}

/// A way to a server that goes through toxiproxy.
#[derive(Debug)]
pub struct Way {
    /// Where it begins, on this machine.
    pub port: u16,
    name: String,
    api: Api,
}

#[derive(Debug)]
struct Api {
    address: String,
    client: Client,
}

impl Way {
    /// A way to `port` of this machine; `None` where there is no toxiproxy.
    pub async fn to(port: u16) -> Option<Self> {
        let api = Api::find()?;
        let name = format!("{port}-{}", free_port());
        let proxy = json!({
            "name": name, "listen": "127.0.0.1:0", "upstream": format!("127.0.0.1:{port}"),
            "enabled": true,
        });
        let made = api.ask(Method::POST, "/proxies", &proxy).await;
        let listen = made["listen"].as_str().expect("an address");
        let port = listen.rsplit(':').next().and_then(|port| port.parse().ok());
        Some(Self {
            port: port.expect("a port"),
            name,
            api,
        })
    }

    /// Connections are refused, and those that are there are cut.
    pub async fn refuse(&self) {
        self.enable(false).await;
    }

    /// Connections are accepted, and nothing ever comes back.
    pub async fn hang(&self) {
        self.add("timeout", &json!({ "timeout": 0 })).await;
    }

    /// Every answer comes so much later.
    pub async fn slow(&self, milliseconds: u32) {
        self.add("latency", &json!({ "latency": milliseconds }))
            .await;
    }

    /// Connections are reset.
    pub async fn reset(&self) {
        self.add("reset_peer", &json!({ "timeout": 0 })).await;
    }

    /// Connections are closed after so many bytes of answers.
    pub async fn cut_after(&self, bytes: u32) {
        self.add("limit_data", &json!({ "bytes": bytes })).await;
    }

    /// As on the first day.
    pub async fn heal(&self) {
        let toxics = format!("/proxies/{}/toxics", self.name);
        let all = self.api.ask(Method::GET, &toxics, &Value::Null).await;
        for toxic in all.as_array().into_iter().flatten() {
            let name = toxic["name"].as_str().expect("a name");
            let toxic = format!("{toxics}/{name}");
            self.api.ask(Method::DELETE, &toxic, &Value::Null).await;
        }
        self.enable(true).await;
    }

    async fn add(&self, kind: &str, attributes: &Value) {
        let path = format!("/proxies/{}/toxics", self.name);
        let toxic = json!({
            "name": kind, "type": kind, "stream": "downstream", "attributes": attributes,
        });
        self.api.ask(Method::POST, &path, &toxic).await;
    }

    async fn enable(&self, enabled: bool) {
        let path = format!("/proxies/{}", self.name);
        // The port is named, or it would be another one afterwards.
        let listen = format!("127.0.0.1:{}", self.port);
        let proxy = json!({ "enabled": enabled, "listen": listen });
        self.api.ask(Method::POST, &path, &proxy).await;
    }
}

impl Api {
    fn find() -> Option<Self> {
        static RUNNING: OnceLock<Option<Toxiproxy>> = OnceLock::new();
        let running = RUNNING.get_or_init(start);
        let Some(running) = running else {
            skipped(&format!("toxiproxy {VERSION}"));
            return None;
        };
        // Nothing here is encrypted, but no client is made without a provider.
        _ = rustls::crypto::ring::default_provider().install_default();
        // A client belongs to the runtime of its test.
        let client = Client::builder().no_proxy().build().expect("a client");
        Some(Self {
            address: format!("http://127.0.0.1:{}", running.port),
            client,
        })
    }

    async fn ask(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.address);
        let request = self.client.request(method, url).body(body.to_string());
        let answer = request.send().await.expect("an answer");
        let (status, text) = (answer.status(), answer.text().await.expect("a body"));
        assert!(status.is_success(), "{path}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}

fn start() -> Option<Toxiproxy> {
    let program = installed().or_else(|| on_path("toxiproxy-server"))?;
    let port = free_port();
    let folder = TempDir::new().expect("a temporary folder");
    let arguments = ["-host", "127.0.0.1", "-port", &port.to_string()].map(ToOwned::to_owned);
    let process = Process::start(&program, &arguments, port, &folder.path().join("log"));
    Some(Toxiproxy {
        _process: process,
        _folder: folder,
        port,
    })
}

/// Where `make` puts it.
fn installed() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty());
    let cache = cache.map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME")?;
        Some(PathBuf::from(home).join(".cache"))
    })?;
    let folder = format!("shopstream-dashboard/toxiproxy-{VERSION}");
    let program = cache.join(folder).join("toxiproxy");
    program.is_file().then_some(program)
}
