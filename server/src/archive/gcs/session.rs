//! A resumable upload as the store sees it: no object until its last byte is confirmed.
//! <https://cloud.google.com/storage/docs/performing-resumable-uploads>

use reqwest::{Response, StatusCode, Url, header};
use serde_json::json;

use super::chunks::Chunk;
use super::connect::Connection;
use super::failure::Failure;
use super::requests::understood;
use super::resource::{self, Resource};
use crate::archive::{ObjectName, Stored};

/// An upload that was begun.
pub struct Session<'a> {
    connection: &'a Connection,
    /// Whoever knows it may write the object: it is asked without credentials, and never logged.
    address: Url,
}

/// How far the store says that it has come.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It keeps so many bytes.
    Kept(u64),
    /// The object is there.
    Done(Stored),
}

impl<'a> Session<'a> {
    /// Begins an upload, in one attempt. On no condition about what stands there: nobody else
    /// writes a run's own names and `run_info.json` is to be replaced, while a refusal after a lost
    /// answer could not be told from somebody else's object.
    pub async fn begin(connection: &'a Connection, name: &ObjectName) -> Result<Self, Failure> {
        let path = format!("/upload/storage/v1/b/{}/o", connection.bucket);
        let request = connection.client.post(connection.address(&path));
        let request = request
            .query(&[("uploadType", "resumable"), ("name", name.as_str())])
            .json(&json!({ "contentType": content_type(name) }));
        let answer = connection.ask(request).await?;
        if !answer.status().is_success() {
            return Err(Failure::of_answer(answer).await);
        }
        let address = answer.headers().get(header::LOCATION);
        let address = address.and_then(|address| address.to_str().ok());
        let address = address.and_then(|address| Url::parse(address).ok());
        let address = address
            .ok_or_else(|| Failure::Answer("it does not say where to upload to".to_owned()))?;
        Ok(Self {
            connection,
            address,
        })
    }

    /// Sends `bytes`, which stand at `offset` of the whole and belong to `chunk`. With the last
    /// ones the store is told the length and checksum of the whole, and refuses what differs.
    pub async fn send(
        &self,
        chunk: &Chunk,
        sent: usize,
        offset: u64,
        crc32c: u32,
    ) -> Result<Progress, Failure> {
        let bytes = chunk.bytes.slice(sent..);
        let end = offset + bytes.len() as u64;
        let total = if chunk.last {
            end.to_string()
        } else {
            "*".to_owned()
        };
        let range = match bytes.len() {
            0 => format!("bytes */{total}"),
            _ => format!("bytes {offset}-{}/{total}", end - 1),
        };
        let mut request = self.connection.client.put(self.address.clone());
        if chunk.last {
            let checksum = resource::encode(crc32c);
            request = request.header("x-goog-hash", format!("crc32c={checksum}"));
        }
        let request = request
            .header(header::CONTENT_RANGE, range)
            .header(header::CONTENT_LENGTH, bytes.len())
            .timeout(self.connection.patience.answer)
            .body(bytes);
        progress(request.send().await.map_err(Failure::of_request)?).await
    }

    /// How far the upload has come.
    pub async fn ask(&self) -> Result<Progress, Failure> {
        let request = self.connection.client.put(self.address.clone());
        let request = request
            .header(header::CONTENT_RANGE, "bytes */*")
            .header(header::CONTENT_LENGTH, 0)
            .timeout(self.connection.patience.answer);
        progress(request.send().await.map_err(Failure::of_request)?).await
    }

    /// Lets the store forget what it has kept. Not needed, for it does so by itself after a week.
    pub async fn forget(&self) {
        let request = self.connection.client.delete(self.address.clone());
        let request = request.timeout(self.connection.patience.ping);
        let _ = request.send().await;
    }
}

async fn progress(answer: Response) -> Result<Progress, Failure> {
    match answer.status() {
        StatusCode::PERMANENT_REDIRECT => kept(&answer).map(Progress::Kept),
        StatusCode::NOT_FOUND | StatusCode::GONE => Err(Failure::SessionGone),
        status if status.is_success() => {
            let resource: Resource = understood(answer).await?;
            resource.stored().map(Progress::Done)
        }
        _ => Err(Failure::of_answer(answer).await),
    }
}

/// From `Range: bytes=0-41`; without the header nothing is kept.
fn kept(answer: &Response) -> Result<u64, Failure> {
    let Some(range) = answer.headers().get(header::RANGE) else {
        return Ok(0);
    };
    let end = range.to_str().ok();
    let end = end.and_then(|range| range.strip_prefix("bytes=0-"));
    let end: Option<u64> = end.and_then(|end| end.parse().ok());
    let kept = end.and_then(|end| end.checked_add(1));
    kept.ok_or_else(|| Failure::Answer("it does not say how much it keeps".to_owned()))
}

/// What an object of that name is, for those who download it.
pub fn content_type(name: &ObjectName) -> &'static str {
    match name.as_str().rsplit_once('.') {
        Some((_, "jsonl")) => "application/x-ndjson",
        Some((_, "json")) => "application/json",
        _ => "application/octet-stream",
    }
}
