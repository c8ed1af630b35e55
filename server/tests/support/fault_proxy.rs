//! A proxy in front of fake-gcs-server that is as strict as Google where that server is not, and
//! that fails on purpose where a test wants it to.
//!
//! Stricter: conditions on generations of copies and deletions, the place of each chunk, what is
//! kept of an upload (that server takes the question for the end), checksums, permissions.

use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, future};
use serde_json::Value;
use server::config::GcsConfig;
use tokio::net::TcpListener;

use answer::{Answer, Parts};
use bucket::Bucket;
use faults::Faults;
pub use faults::{Fault, Step};

mod answer;
mod bucket;
mod faults;

const LIMIT: usize = 64 << 20;

#[derive(Debug)]
struct Shared {
    bucket: Bucket,
    faults: Faults,
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
            bucket: Bucket::new(config),
            faults: Faults::default(),
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
        GcsConfig::new(&self.shared.bucket.name, Some(&address)).expect("a configuration")
    }

    /// From now on, `times` requests of that kind fail, after `skip` that do not.
    pub fn fail(&self, step: Step, skip: usize, times: usize, fault: Fault) {
        self.shared.faults.add(step, skip, times, fault);
    }

    /// What the caller is allowed.
    pub fn grant(&self, permissions: &[&'static str]) {
        self.shared.bucket.grant(permissions);
    }

    /// How many requests of that kind there were.
    pub fn count(&self, step: Step) -> usize {
        self.shared.faults.count(step)
    }
}

/// Breaks the connection: the server's task for it ends, without a word of panic.
fn break_connection() -> ! {
    resume_unwind(Box::new("broken on purpose"))
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
    let step = Step::of(&parts);
    let fault = shared.faults.next(step);
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
    let mut answer = shared
        .bucket
        .carry_out(step, &parts, body, fault.as_ref())
        .await;
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
