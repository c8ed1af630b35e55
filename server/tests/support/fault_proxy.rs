//! A proxy in front of fake-gcs-server that is as strict as Google where that server is not, and
//! that fails on purpose where a test wants it to.
//!
//! Stricter: conditions on generations of copies and deletions, the place of each chunk, what is
//! kept of an upload (that server takes the question for the end), checksums, permissions.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, future, stream};
use serde_json::{Value, json};
use server::config::GcsConfig;
use tokio::net::TcpListener;

use super::gcs::client;

const LIMIT: usize = 64 << 20;

/// What a request is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Begin,
    Chunk,
    Ask,
    Read,
    Stat,
    Copy,
    Delete,
    Permissions,
    Other,
}

#[derive(Clone, Debug)]
pub enum Fault {
    /// Answered without being carried out, with `Retry-After` where given.
    Status(u16, Option<&'static str>),
    /// The connection breaks after so many bytes of the request.
    Reset(usize),
    /// Only the first bytes of the chunk are kept.
    Keep(usize),
    /// Carried out, and the connection breaks before the answer.
    LostAnswer,
    Hang,
    /// A member of the answer's JSON is another one.
    Lie(&'static str, &'static str),
    /// The answer breaks off after so many bytes.
    Break(usize),
    /// The answer's first bytes are others.
    Flip,
    /// Asked how far an upload is, the store knows of nothing.
    Forget,
}

#[derive(Debug)]
struct Rule {
    step: Step,
    skip: usize,
    times: usize,
    fault: Fault,
}

#[derive(Debug, Default)]
struct Upload {
    kept: usize,
    /// The answer to the last chunk.
    done: Option<Value>,
}

#[derive(Debug)]
struct Shared {
    upstream: String,
    bucket: String,
    client: reqwest::Client,
    rules: Mutex<Vec<Rule>>,
    steps: Mutex<Vec<Step>>,
    uploads: Mutex<HashMap<String, Upload>>,
    permissions: Mutex<Vec<&'static str>>,
}

/// The proxy; it ends with the test's runtime.
#[derive(Clone, Debug)]
pub struct FaultProxy {
    shared: Arc<Shared>,
    address: SocketAddr,
}

impl FaultProxy {
    /// Starts it in front of the bucket's server.
    pub async fn start(config: &GcsConfig) -> Self {
        let shared = Arc::new(Shared {
            upstream: config.endpoint.clone().expect("an endpoint"),
            bucket: config.bucket.clone(),
            client: client(),
            rules: Mutex::default(),
            steps: Mutex::default(),
            uploads: Mutex::default(),
            permissions: Mutex::new(vec![
                "storage.objects.create",
                "storage.objects.delete",
                "storage.objects.get",
                "storage.objects.list",
            ]),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(handle).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shared, address }
    }

    /// The bucket, through the proxy.
    pub fn config(&self) -> GcsConfig {
        let address = self.address.to_string();
        GcsConfig::new(&self.shared.bucket, Some(&address)).expect("a configuration")
    }

    /// From now on, `times` requests of that kind fail, after `skip` that do not.
    pub fn fail(&self, step: Step, skip: usize, times: usize, fault: Fault) {
        self.shared.rules.lock().expect("a lock").push(Rule {
            step,
            skip,
            times,
            fault,
        });
    }

    /// What the caller is allowed.
    pub fn grant(&self, permissions: &[&'static str]) {
        *self.shared.permissions.lock().expect("a lock") = permissions.to_vec();
    }

    /// How many requests of that kind there were.
    pub fn count(&self, step: Step) -> usize {
        let steps = self.shared.steps.lock().expect("a lock");
        steps.iter().filter(|seen| **seen == step).count()
    }
}

impl Shared {
    fn fault(&self, step: Step) -> Option<Fault> {
        let mut rules = self.rules.lock().expect("a lock");
        let rule = rules
            .iter_mut()
            .find(|rule| rule.step == step && rule.times > 0)?;
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        rule.times -= 1;
        Some(rule.fault.clone())
    }

    /// Sends the request on.
    async fn forward(&self, parts: &Parts, body: Bytes, range: Option<String>) -> Answer {
        let address = format!("{}{}", self.upstream, parts.uri);
        let mut headers = parts.headers.clone();
        // So that the address of an upload is one of this proxy, which `Host` decides.
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::TRANSFER_ENCODING);
        if let Some(range) = range {
            headers.insert(header::CONTENT_RANGE, range.parse().expect("a header"));
        }
        let request = self.client.request(parts.method.clone(), address);
        let request = request.headers(headers).body(body);
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.expect("a body");
        Answer {
            status,
            headers,
            body,
        }
    }

    /// The object's generation, 0 without one.
    async fn generation(&self, path: &str) -> i64 {
        let address = format!("{}{path}", self.upstream);
        let answer = self.client.get(address).send().await.expect("an answer");
        if answer.status() != StatusCode::OK {
            return 0;
        }
        let object: Value = answer.json().await.expect("JSON");
        let generation = object["generation"].as_str().expect("a generation");
        generation.parse().expect("a number")
    }
}

struct Parts {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    query: HashMap<String, String>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn new(status: StatusCode, json: &Value) -> Self {
        let mut headers = HeaderMap::new();
        let json_type = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json_type);
        Self {
            status,
            headers,
            body: json.to_string().into(),
        }
    }

    /// As Google says it.
    fn problem(status: u16, words: &str) -> Self {
        let status = StatusCode::from_u16(status).expect("a status");
        let problem = json!({ "error": { "code": status.as_u16(), "message": words } });
        Self::new(status, &problem)
    }

    fn kept(kept: usize) -> Self {
        let mut answer = Self::new(StatusCode::PERMANENT_REDIRECT, &json!({}));
        answer.body = Bytes::new();
        if kept > 0 {
            let range = format!("bytes=0-{}", kept - 1);
            let range = range.parse().expect("a header");
            answer.headers.insert(header::RANGE, range);
        }
        answer
    }

    fn broken_after(self, length: usize) -> Response {
        let start = self.body.slice(..length);
        let pieces = stream::iter([Ok(start), Err(std::io::Error::other("broken on purpose"))]);
        (self.status, self.headers, Body::from_stream(pieces)).into_response()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.body).into_response()
    }
}

/// Breaks the connection: the server's task for it ends, without a word of panic.
fn break_connection() -> ! {
    resume_unwind(Box::new("broken on purpose"))
}

fn step(parts: &Parts) -> Step {
    let path = parts.uri.path();
    let range = parts.headers.get(header::CONTENT_RANGE);
    match (parts.method.as_str(), path) {
        ("POST", path) if path.starts_with("/upload/") => Step::Begin,
        ("PUT", _) if range.is_some_and(|range| range == "bytes */*") => Step::Ask,
        ("PUT", _) => Step::Chunk,
        ("POST", path) if path.contains("/rewriteTo/") => Step::Copy,
        ("DELETE", path) if path.starts_with("/storage/") => Step::Delete,
        ("GET", path) if path.ends_with("/testPermissions") => Step::Permissions,
        ("GET", path) if path.contains("/o/") => match parts.query.contains_key("alt") {
            true => Step::Read,
            false => Step::Stat,
        },
        _ => Step::Other,
    }
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let query = head.uri.query().unwrap_or_default();
    let parts = Parts {
        method: head.method,
        query: form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        uri: head.uri,
        headers: head.headers,
    };
    let step = step(&parts);
    shared.steps.lock().expect("a lock").push(step);
    let fault = shared.fault(step);
    match fault {
        Some(Fault::Hang) => future::pending().await,
        Some(Fault::Reset(after)) => {
            let mut body = body.into_data_stream();
            let mut received = 0;
            while received < after {
                match body.next().await {
                    Some(Ok(piece)) => received += piece.len(),
                    _ => break,
                }
            }
            break_connection();
        }
        _ => {}
    }
    let Ok(body) = to_bytes(body, LIMIT).await else {
        break_connection();
    };
    if let Some(Fault::Status(status, retry_after)) = fault {
        let mut answer = Answer::problem(status, "failed on purpose, with a secret");
        if let Some(seconds) = retry_after {
            let seconds = HeaderValue::from_static(seconds);
            answer.headers.insert(header::RETRY_AFTER, seconds);
        }
        return answer.into_response();
    }
    let mut answer = carry_out(&shared, step, &parts, body, fault.as_ref()).await;
    match fault {
        Some(Fault::LostAnswer) => break_connection(),
        Some(Fault::Lie(member, value)) => {
            let mut json: Value = serde_json::from_slice(&answer.body).expect("JSON");
            let object = match json.get_mut("resource") {
                Some(resource) => resource,
                None => &mut json,
            };
            object[member] = value.into();
            answer.headers.remove(header::CONTENT_LENGTH);
            answer.body = json.to_string().into();
        }
        Some(Fault::Break(after)) => return answer.broken_after(after),
        Some(Fault::Flip) => {
            let mut body = answer.body.to_vec();
            body[0] ^= 1;
            answer.body = body.into();
        }
        _ => {}
    }
    answer.into_response()
}

async fn carry_out(
    shared: &Shared,
    step: Step,
    parts: &Parts,
    body: Bytes,
    fault: Option<&Fault>,
) -> Answer {
    match step {
        Step::Ask if matches!(fault, Some(Fault::Forget)) => Answer::kept(0),
        Step::Ask => {
            let uploads = shared.uploads.lock().expect("a lock");
            match uploads.get(&parts.query["upload_id"]) {
                Some(Upload {
                    done: Some(object), ..
                }) => Answer::new(StatusCode::OK, object),
                Some(upload) => Answer::kept(upload.kept),
                None => Answer::kept(0),
            }
        }
        Step::Chunk => chunk(shared, parts, body, fault).await,
        Step::Copy | Step::Delete => {
            let path = parts.uri.path();
            let target = match path.split_once("/rewriteTo/") {
                Some((_, target)) => format!("/storage/v1/{target}"),
                None => path.to_owned(),
            };
            let expected = parts.query.get("ifGenerationMatch");
            if let Some(expected) = expected
                && *expected != shared.generation(&target).await.to_string()
            {
                return Answer::problem(412, "conditionNotMet");
            }
            shared.forward(parts, body, None).await
        }
        Step::Permissions => {
            let granted = shared.permissions.lock().expect("a lock").clone();
            Answer::new(StatusCode::OK, &json!({ "permissions": granted }))
        }
        _ => shared.forward(parts, body, None).await,
    }
}

/// A chunk has to go on where the one before has ended.
async fn chunk(shared: &Shared, parts: &Parts, body: Bytes, fault: Option<&Fault>) -> Answer {
    let id = &parts.query["upload_id"];
    let range = parts.headers[header::CONTENT_RANGE].to_str().expect("text");
    let kept = {
        let mut uploads = shared.uploads.lock().expect("a lock");
        uploads.entry(id.clone()).or_default().kept
    };
    let expected = match body.len() {
        0 => "bytes */".to_owned(),
        length => format!("bytes {kept}-{}/", kept + length - 1),
    };
    if !range.starts_with(&expected) {
        return Answer::problem(400, &format!("{range} after {kept} bytes"));
    }
    if let Some(Fault::Keep(length)) = fault {
        if *length > 0 {
            let range = format!("bytes {kept}-{}/*", kept + length - 1);
            let part = body.slice(..*length);
            shared.forward(parts, part, Some(range)).await;
        }
        let mut uploads = shared.uploads.lock().expect("a lock");
        uploads.get_mut(id).expect("an upload").kept += length;
        return Answer::kept(kept + length);
    }
    let length = body.len();
    let answer = shared.forward(parts, body, None).await;
    let mut uploads = shared.uploads.lock().expect("a lock");
    let upload = uploads.get_mut(id).expect("an upload");
    upload.kept += length;
    if answer.status == StatusCode::OK {
        let object: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let checksum = parts.headers["x-goog-hash"].to_str().expect("text");
        let stored = object["crc32c"].as_str().expect("a checksum");
        assert_eq!(checksum, format!("crc32c={stored}"));
        upload.done = Some(object);
    }
    answer
}
