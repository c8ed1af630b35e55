//! What is kept of resumable uploads.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::body::{Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

#[derive(Debug, Default)]
struct Upload {
    kept: Vec<u8>,
    /// The object, once it is whole.
    object: Option<Bytes>,
}

/// By the addresses that they were given.
#[derive(Debug, Default)]
pub struct Uploads(Mutex<HashMap<String, Upload>>);

impl Uploads {
    /// Keeps what has come of a request, which has to go on where the one before has ended.
    pub fn keep(&self, head: &Parts, body: &[u8]) {
        self.with(head, |upload| {
            let from = format!("bytes {}-", upload.kept.len());
            let range = range(head);
            assert!(range.starts_with(&from) || range == "bytes */0", "{range}");
            upload.kept.extend_from_slice(body);
        });
    }

    /// The content, if all of it has come.
    pub fn whole(&self, head: &Parts) -> Option<Bytes> {
        let (_, total) = range(head).rsplit_once('/').expect("a total");
        let total: usize = total.parse().expect("a number");
        self.with(head, |upload| match upload.kept.len() == total {
            true => Some(Bytes::from(upload.kept.clone())),
            false => None,
        })
    }

    /// Notes the answer to the whole content.
    pub async fn done(&self, head: &Parts, answer: Response) -> Response {
        let (answer, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        if answer.status == StatusCode::OK {
            self.with(head, |upload| upload.object = Some(body.clone()));
        }
        Response::from_parts(answer, body.into())
    }

    /// Whether the upload is done, or how much of it is kept.
    pub fn state(&self, head: &Parts) -> Response {
        self.with(head, |upload| match (&upload.object, upload.kept.len()) {
            (Some(object), _) => {
                let json = [(header::CONTENT_TYPE, "application/json")];
                (json, object.clone()).into_response()
            }
            (None, 0) => StatusCode::PERMANENT_REDIRECT.into_response(),
            (None, kept) => {
                let range = [(header::RANGE, format!("bytes=0-{}", kept - 1))];
                (StatusCode::PERMANENT_REDIRECT, range).into_response()
            }
        })
    }

    fn with<T>(&self, head: &Parts, work: impl FnOnce(&mut Upload) -> T) -> T {
        let mut uploads = self.0.lock().expect("a lock");
        work(uploads.entry(head.uri.to_string()).or_default())
    }
}

fn range(head: &Parts) -> &str {
    head.headers[header::CONTENT_RANGE].to_str().expect("text")
}
