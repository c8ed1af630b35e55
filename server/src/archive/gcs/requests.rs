//! The small requests: those that can be made again as often as need be.

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;

use super::connect::Connection;
use super::failure::Failure;
use super::patience::Attempts;
use super::resource::Resource;
use crate::archive::{ObjectName, Stored};

impl Connection {
    /// Asks once, as whoever this server is, and gives any answer.
    pub async fn ask(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let request = request.headers(self.identity().await?);
        let request = request.timeout(self.patience.answer);
        request.send().await.map_err(Failure::of_request)
    }

    /// Asks once; an answer other than success is a failure.
    pub async fn ask_for<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, Failure> {
        let answer = self.ask(request).await?;
        if !answer.status().is_success() {
            return Err(Failure::of_answer(answer).await);
        }
        understood(answer).await
    }

    /// What the store says about the object; `None` if there is none, or no bucket.
    pub async fn stat(&self, name: &ObjectName) -> Result<Option<Stored>, Failure> {
        let mut attempts = Attempts::new(self.patience);
        loop {
            let request = self.client.get(self.object(name));
            let request = request.query(&[("fields", "size,generation,crc32c")]);
            match self.ask_for::<Resource>(request).await {
                Ok(resource) => return resource.stored().map(Some),
                Err(failure) if failure.is_not_found() => return Ok(None),
                Err(failure) => attempts.again(failure).await?,
            }
        }
    }

    /// Removes the object, if it still is that generation where one is given. Where an earlier
    /// attempt's answer was lost, that the object is gone is what was wanted.
    pub async fn delete(&self, name: &ObjectName, generation: Option<i64>) -> Result<(), Failure> {
        let mut attempts = Attempts::new(self.patience);
        loop {
            let mut request = self.client.request(Method::DELETE, self.object(name));
            if let Some(generation) = generation {
                request = request.query(&[("ifGenerationMatch", generation)]);
            }
            let failure = match self.ask(request).await {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) if answer.status() == StatusCode::NOT_FOUND && attempts.has_failed() => {
                    return Ok(());
                }
                Ok(answer) => Failure::of_answer(answer).await,
                Err(failure) => failure,
            };
            attempts.again(failure).await?;
        }
    }

    /// Whether it is the bucket that is not there. Listing is what every role that may write
    /// objects allows; not so looking at the bucket itself.
    pub async fn bucket_is_missing(&self) -> bool {
        let path = format!("/storage/v1/b/{}/o", self.bucket);
        let request = self.client.get(self.address(&path));
        let request = request.query(&[("maxResults", "1"), ("fields", "kind")]);
        let answer = self.ask(request).await;
        answer.is_ok_and(|answer| answer.status() == StatusCode::NOT_FOUND)
    }
}

/// The answer's JSON.
pub async fn understood<T: DeserializeOwned>(answer: Response) -> Result<T, Failure> {
    let body = answer.bytes().await.map_err(Failure::of_request)?;
    serde_json::from_slice(&body).map_err(|error| Failure::Answer(error.to_string()))
}
