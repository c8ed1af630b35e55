//! A proxy in front of fake-gcs-server that fails on purpose where a test wants it to, and that
//! does like Google what that server does not: it keeps what it was sent of an upload that breaks,
//! and answers how much that is.

use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use futures::{StreamExt, future, stream};
use serde_json::json;
use server::config::GcsConfig;
use tokio::net::TcpListener;

use faults::Faults;
pub use faults::{Fault, Step};
use uploads::Uploads;
use upstream::Upstream;

mod faults;
mod uploads;
mod upstream;

#[derive(Debug)]
struct Shared {
    config: GcsConfig,
    upstream: Upstream,
    uploads: Uploads,
    faults: Faults,
}

/// The proxy; it ends with the test's runtime.
#[derive(Clone, Debug)]
pub struct FaultProxy {
    shared: Arc<Shared>,
}

impl FaultProxy {
    /// Starts it in front of the bucket's server.
    pub async fn start(config: &GcsConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            config: own(config, address),
            upstream: Upstream::new(config),
            uploads: Uploads::default(),
            faults: Faults::default(),
        });
        let router = Router::new().fallback(handle).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shared }
    }

    /// The bucket, through the proxy.
    pub fn config(&self) -> GcsConfig {
        self.shared.config.clone()
    }

    /// From now on, `times` requests of that kind fail, after `skip` that do not.
    pub fn fail(&self, step: Step, skip: usize, times: usize, fault: Fault) {
        self.shared.faults.add(step, skip, times, fault);
    }

    /// How many requests of that kind there were.
    pub fn count(&self, step: Step) -> usize {
        self.shared.faults.count(step)
    }
}

/// The same bucket at the proxy's address.
fn own(config: &GcsConfig, address: SocketAddr) -> GcsConfig {
    GcsConfig::new(&config.bucket, Some(&address.to_string())).expect("a configuration")
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let step = Step::of(&head);
    let fault = shared.faults.next(step);
    let answered = step == Step::Read;
    let limit = match fault {
        Some(Fault::Reset(bytes) | Fault::Hang(bytes)) if !answered => bytes,
        _ => usize::MAX,
    };
    let mut body = receive(body, limit).await;
    if let Some(Fault::Status(bytes, _)) = fault {
        body.truncate(bytes);
    }
    if step == Step::Send {
        shared.uploads.keep(&head, &body);
    }
    match fault {
        Some(Fault::Status(_, 308)) => return shared.uploads.state(&head),
        Some(Fault::Status(_, status)) => return problem(status),
        Some(Fault::Reset(_)) if !answered => break_connection(),
        Some(Fault::Hang(_)) if !answered => future::pending().await,
        _ => {}
    }
    let answer = carry_out(&shared, step, head, body.into()).await;
    match fault {
        Some(Fault::LostAnswer) => break_connection(),
        Some(Fault::Reset(bytes)) => {
            let broken = stream::iter([Err(std::io::Error::other("broken on purpose"))]);
            cut(answer, bytes, broken.boxed()).await
        }
        Some(Fault::Hang(bytes)) => cut(answer, bytes, stream::pending().boxed()).await,
        Some(Fault::Flip) => flipped(answer).await,
        _ => answer,
    }
}

async fn carry_out(shared: &Shared, step: Step, head: Parts, body: Bytes) -> Response {
    match step {
        Step::Begin => {
            let endpoint = shared.config.endpoint.as_deref().expect("an endpoint");
            shared.upstream.begin(head, body, endpoint).await
        }
        Step::Send => match shared.uploads.whole(&head) {
            Some(whole) => {
                let answer = shared.upstream.finish(head.clone(), whole).await;
                shared.uploads.done(&head, answer).await
            }
            None => shared.uploads.state(&head),
        },
        Step::Ask => shared.uploads.state(&head),
        _ => shared.upstream.forward(head, body).await,
    }
}

/// The request's body, or its first `limit` bytes.
async fn receive(body: Body, limit: usize) -> Vec<u8> {
    let mut body = body.into_data_stream();
    let mut received = Vec::new();
    while received.len() < limit {
        match body.next().await {
            Some(Ok(piece)) => received.extend_from_slice(&piece),
            Some(Err(_)) => break_connection(),
            None => return received,
        }
    }
    received.truncate(limit);
    received
}

/// Breaks the connection: the server's task for it ends, without a word of panic.
fn break_connection() -> ! {
    resume_unwind(Box::new("broken on purpose"))
}

/// As Google says it.
fn problem(status: u16) -> Response {
    let words = "failed on purpose, with a secret";
    let problem = json!({ "error": { "code": status, "message": words } });
    let status = StatusCode::from_u16(status).expect("a status");
    (status, Json(problem)).into_response()
}

/// Only the first bytes of the answer's body, and then `end`.
async fn cut(
    answer: Response,
    bytes: usize,
    end: stream::BoxStream<'static, Result<Bytes, std::io::Error>>,
) -> Response {
    let (head, body) = answer.into_parts();
    let body = receive(body, bytes).await;
    let body = stream::iter([Ok(Bytes::from(body))]).chain(end);
    Response::from_parts(head, Body::from_stream(body))
}

/// The first byte is another one.
async fn flipped(answer: Response) -> Response {
    let (head, body) = answer.into_parts();
    let mut body = receive(body, usize::MAX).await;
    body[0] ^= 1;
    let length = body.len();
    let mut answer = Response::from_parts(head, Body::from(body));
    answer
        .headers_mut()
        .insert(header::CONTENT_LENGTH, length.into());
    answer
}
