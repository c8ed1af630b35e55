//! The server behind the proxy.

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use server::config::GcsConfig;

use crate::support::gcs::client;

#[derive(Debug)]
pub struct Upstream {
    endpoint: String,
    client: reqwest::Client,
}

impl Upstream {
    pub fn new(config: &GcsConfig) -> Self {
        Self {
            endpoint: config.endpoint.clone().expect("an endpoint"),
            client: client(),
        }
    }

    /// Begins an upload. Its address gets the proxy's `endpoint`: the server makes it from `Host`,
    /// in which the client sends no port.
    pub async fn begin(&self, head: Parts, body: Bytes, endpoint: &str) -> Response {
        let mut answer = self.forward(head, body).await;
        if let Some(location) = answer.headers_mut().get_mut(header::LOCATION) {
            let address = location.to_str().expect("text");
            let path = address.find("/upload/").expect("an address of an upload");
            let address = format!("{endpoint}{}", &address[path..]);
            *location = HeaderValue::from_str(&address).expect("a header");
        }
        answer
    }

    /// Sends an upload's whole content.
    pub async fn finish(&self, mut head: Parts, whole: Bytes) -> Response {
        let range = match whole.len() {
            0 => "bytes */0".to_owned(),
            length => format!("bytes 0-{}/{length}", length - 1),
        };
        let range = HeaderValue::from_str(&range).expect("a header");
        head.headers.insert(header::CONTENT_RANGE, range);
        self.forward(head, whole).await
    }

    /// Sends the request on.
    pub async fn forward(&self, mut head: Parts, body: Bytes) -> Response {
        let address = format!("{}{}", self.endpoint, head.uri);
        for own in [
            header::HOST,
            header::CONTENT_LENGTH,
            header::TRANSFER_ENCODING,
        ] {
            head.headers.remove(own);
        }
        let request = self.client.request(head.method, address);
        let request = request.headers(head.headers).body(body);
        let answer = request.send().await.expect("an answer");
        let mut forwarded = Response::new(Body::empty());
        *forwarded.status_mut() = answer.status();
        *forwarded.headers_mut() = answer.headers().clone();
        *forwarded.body_mut() = Body::from(answer.bytes().await.expect("a body"));
        forwarded
    }
}
