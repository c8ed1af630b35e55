//! The month's lines, on their way into a spool file.

use std::path::Path;

use bytes::Bytes;
use futures::StreamExt;
use serde_json::Value;

use super::errors::ArchiveError;
use super::spool::Spool;
use crate::objects::Digest;
use crate::store::{Documents, Piece};

/// How many unreadable documents are named.
const NAMED: usize = 5;
/// Of an id that is longer, this much is shown.
const SHOWN_CHARACTERS: usize = 80;

/// What a run exports.
#[derive(Debug)]
pub struct Exported {
    pub spool: Spool,
    pub unreadable: Unreadable,
}

/// Documents that no figure can read.
#[derive(Clone, Debug, Default)]
pub struct Unreadable {
    pub count: u64,
    /// The first few: the order's id, or "line 17".
    pub first: Vec<String>,
}

/// Writes all the documents. `progress` is called after every piece.
pub async fn export(
    mut documents: Documents,
    folder: &Path,
    mut progress: impl FnMut(Digest, &Unreadable),
) -> Result<Exported, ArchiveError> {
    let mut spool = Spool::create(folder)?;
    let mut unreadable = Unreadable::default();
    while let Some(piece) = documents.next().await {
        let piece = piece.map_err(ArchiveError::Orders)?;
        unreadable.add(&piece, spool.digest().lines);
        spool.write(piece.lines).await?;
        progress(spool.digest(), &unreadable);
    }
    Ok(Exported { spool, unreadable })
}

impl Unreadable {
    /// Counts those of the piece, which begins after so many lines.
    fn add(&mut self, piece: &Piece, lines_before: u64) {
        self.count += piece.unreadable.len() as u64;
        let missing = NAMED - self.first.len();
        for start in piece.unreadable.iter().take(missing) {
            let before = memchr::memchr_iter(b'\n', &piece.lines[..*start]).count() as u64;
            let line = lines_before + before + 1;
            self.first.push(name(&piece.lines, *start, line));
        }
    }
}

/// The id of the order whose line begins at `start`.
fn name(lines: &Bytes, start: usize, line: u64) -> String {
    let rest = &lines[start..];
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let document = serde_json::from_slice::<Value>(&rest[..end]).ok();
    let id = match document
        .as_ref()
        .and_then(|document| document.get("order_id"))
    {
        Some(Value::String(id)) => id.clone(),
        Some(id @ Value::Number(_)) => id.to_string(),
        _ => return format!("line {line}"),
    };
    id.chars().take(SHOWN_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};

    use futures::stream;
    use tempfile::TempDir;

    use super::*;
    use crate::objects::Content;

    #[tokio::test]
    async fn all_pieces_are_written_and_the_unreadable_are_counted_and_named() {
        let folder = TempDir::new().expect("a folder");
        let piece = |lines: &'static str, unreadable: &[usize]| {
            Ok(Piece {
                lines: Bytes::from_static(lines.as_bytes()),
                unreadable: unreadable.to_vec(),
            })
        };
        let pieces = [
            piece("{}\n{\"order_id\":\"A\"}\n", &[0, 3]),
            piece("{\"order_id\":7}\n{}\nnonsense\n{}\n", &[0, 15, 18, 27]),
        ];
        let mut seen = Vec::new();
        let exported = export(stream::iter(pieces).boxed(), folder.path(), |digest, _| {
            seen.push(digest.lines);
        });
        let Exported { spool, unreadable } = exported.await.expect("an export");
        assert_eq!(seen, [2, 6]);
        assert_eq!(unreadable.count, 6);
        assert_eq!(unreadable.first, ["line 1", "A", "7", "line 4", "line 5"]);

        let Ok(Content::File(mut file, digest)) = spool.content().await else {
            panic!("no file");
        };
        let mut written = String::new();
        file.rewind().expect("a start");
        file.read_to_string(&mut written).expect("text");
        assert_eq!(digest.bytes, written.len() as u64);
        assert!(written.starts_with("{}\n{\"order_id\":\"A\"}\n{\"order_id\":7}\n"));
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 0, "the file has no name");
    }
}
