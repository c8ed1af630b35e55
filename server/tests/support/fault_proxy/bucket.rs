//! The bucket behind the proxy, as strict as Google's where fake-gcs-server is not.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use server::config::GcsConfig;

use super::answer::{Answer, Parts};
use super::faults::{Fault, Step};
use crate::support::gcs::client;

#[derive(Debug, Default)]
struct Upload {
    kept: usize,
    /// The answer to the last chunk.
    done: Option<Value>,
}

#[derive(Debug)]
pub struct Bucket {
    pub name: String,
    upstream: String,
    client: reqwest::Client,
    uploads: Mutex<HashMap<String, Upload>>,
    permissions: Mutex<Vec<&'static str>>,
}

impl Bucket {
    pub fn new(config: &GcsConfig) -> Self {
        Self {
            name: config.bucket.clone(),
            upstream: config.endpoint.clone().expect("an endpoint"),
            client: client(),
            uploads: Mutex::default(),
            permissions: Mutex::new(vec![
                "storage.objects.create",
                "storage.objects.delete",
                "storage.objects.get",
                "storage.objects.list",
            ]),
        }
    }

    /// What the caller is allowed.
    pub fn grant(&self, permissions: &[&'static str]) {
        *self.permissions.lock().expect("a lock") = permissions.to_vec();
    }

    /// Does what the request asks for, but for what `fault` keeps it from.
    pub async fn carry_out(
        &self,
        step: Step,
        parts: &Parts,
        body: Bytes,
        fault: Option<&Fault>,
    ) -> Answer {
        match step {
            Step::Ask if matches!(fault, Some(Fault::Forget)) => Answer::kept(0),
            Step::Ask => {
                let uploads = self.uploads.lock().expect("a lock");
                match uploads.get(&parts.query["upload_id"]) {
                    Some(Upload {
                        done: Some(object), ..
                    }) => Answer::new(StatusCode::OK, object),
                    Some(upload) => Answer::kept(upload.kept),
                    None => Answer::kept(0),
                }
            }
            Step::Chunk => self.chunk(parts, body, fault).await,
            Step::Copy | Step::Delete => {
                let path = parts.uri.path();
                let target = match path.split_once("/rewriteTo/") {
                    Some((_, target)) => format!("/storage/v1/{target}"),
                    None => path.to_owned(),
                };
                let expected = parts.query.get("ifGenerationMatch");
                if let Some(expected) = expected
                    && *expected != self.generation(&target).await.to_string()
                {
                    return Answer::problem(412, "conditionNotMet");
                }
                self.forward(parts, body, None).await
            }
            Step::Permissions => {
                let granted = self.permissions.lock().expect("a lock").clone();
                Answer::new(StatusCode::OK, &json!({ "permissions": granted }))
            }
            _ => self.forward(parts, body, None).await,
        }
    }
    /// A chunk has to go on where the one before has ended.
    async fn chunk(&self, parts: &Parts, body: Bytes, fault: Option<&Fault>) -> Answer {
        let id = &parts.query["upload_id"];
        let range = parts.headers[header::CONTENT_RANGE].to_str().expect("text");
        let kept = {
            let mut uploads = self.uploads.lock().expect("a lock");
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
                self.forward(parts, part, Some(range)).await;
            }
            let mut uploads = self.uploads.lock().expect("a lock");
            uploads.get_mut(id).expect("an upload").kept += length;
            return Answer::kept(kept + length);
        }
        let length = body.len();
        let answer = self.forward(parts, body, None).await;
        let mut uploads = self.uploads.lock().expect("a lock");
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
