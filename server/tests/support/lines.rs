//! The documents of a store, one by one.

use futures::TryStreamExt;
use server::store::{Documents, Piece};

/// All documents, each without its line end.
pub async fn lines(documents: Documents) -> Vec<String> {
    let pieces: Vec<Piece> = documents.try_collect().await.expect("documents");
    let mut lines = Vec::new();
    for piece in pieces {
        let text = str::from_utf8(&piece.lines).expect("text");
        let whole = text.strip_suffix('\n').expect("a whole line");
        lines.extend(whole.split('\n').map(str::to_owned));
    }
    lines
}
