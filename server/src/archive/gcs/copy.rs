//! Giving a verified object its final name.

use serde::Deserialize;
use serde_json::json;

use super::connect::Connection;
use super::failure::Failure;
use super::patience::Attempts;
use super::resource::Resource;
use super::session::content_type;
use crate::archive::{Label, ObjectName, Stored};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rewrite {
    done: bool,
    rewrite_token: Option<String>,
    resource: Option<Resource>,
}

/// A copy that failed.
#[derive(Debug)]
pub struct Uncopied<'a> {
    /// The object that the failure is about.
    pub about: &'a ObjectName,
    pub failure: Failure,
    /// Whether an attempt, this one or one before, may have been carried out all the same.
    pub open: bool,
}

/// Copies that generation of `from` to `to` inside the store, on the condition that `to` is still
/// what it was when this began.
pub async fn copy<'a>(
    connection: &Connection,
    from: &'a ObjectName,
    generation: i64,
    to: &'a ObjectName,
    labels: &[Label],
) -> Result<Stored, Uncopied<'a>> {
    let mut open = false;
    let failed = |about, open| {
        move |failure| Uncopied {
            about,
            failure,
            open,
        }
    };
    let source = connection.stat(from).await.map_err(failed(from, open))?;
    let source = source
        .ok_or_else(Failure::missing)
        .map_err(failed(from, open))?;
    if source.generation != generation {
        return Err(failed(from, open)(Failure::Changed));
    }
    let before = connection.stat(to).await.map_err(failed(to, open))?;
    let before = before.map_or(0, |stored| stored.generation);

    let mut attempts = Attempts::new(connection.patience);
    let mut token = None;
    loop {
        let failure =
            match rewrite(connection, (from, generation), (to, before), labels, &token).await {
                Ok(Rewrite {
                    done: true,
                    resource: Some(resource),
                    ..
                }) => return resource.stored().map_err(failed(to, true)),
                // A long copy goes on where it stopped.
                Ok(Rewrite {
                    done: false,
                    rewrite_token: Some(next),
                    ..
                }) => {
                    token = Some(next);
                    attempts.progressed();
                    continue;
                }
                Ok(_) => Failure::Answer("it copies without end".to_owned()),
                Err(failure) => failure,
            };
        open |= failure.leaves_open();
        if failure.is_precondition() {
            // Perhaps by an attempt before this one, whose answer was lost.
            let now = connection.stat(to).await.map_err(failed(to, open))?;
            let copied = now.filter(|now| now.generation > before && same(now, &source));
            return match copied {
                Some(stored) if attempts.has_failed() => Ok(stored),
                _ => Err(failed(to, false)(failure)),
            };
        }
        if failure.is_not_found() {
            return Err(failed(from, open)(failure));
        }
        attempts.again(failure).await.map_err(failed(to, open))?;
    }
}

/// The bytes are the same, as far as can be told.
fn same(one: &Stored, other: &Stored) -> bool {
    (one.bytes, one.crc32c) == (other.bytes, other.crc32c)
}

async fn rewrite(
    connection: &Connection,
    (from, generation): (&ObjectName, i64),
    (to, before): (&ObjectName, i64),
    labels: &[Label],
    token: &Option<String>,
) -> Result<Rewrite, Failure> {
    let address = format!(
        "{}/rewriteTo{}",
        connection.object(from),
        connection.path(to)
    );
    let metadata: serde_json::Map<_, _> = labels
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.as_str().into()))
        .collect();
    let mut request = connection
        .client
        .post(address)
        .query(&[
            ("sourceGeneration", generation),
            ("ifSourceGenerationMatch", generation),
            ("ifGenerationMatch", before),
        ])
        .json(&json!({ "contentType": content_type(to), "metadata": metadata }));
    if let Some(token) = token {
        request = request.query(&[("rewriteToken", token)]);
    }
    connection.ask_for(request).await
}
