//! Reading one object, on a thread that may block.

use std::fs::File;
use std::io::{self, Read};

use axum::body::Bytes;
use futures::stream::{StreamExt, try_unfold};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::PIECE;
use crate::archive::ByteStream;

/// Pieces that wait for whoever takes them.
const WAITING: usize = 4;

/// The file's content. The next pieces are read while one is looked at.
pub fn content(file: File) -> ByteStream {
    let (sender, receiver) = mpsc::channel(WAITING);
    spawn_blocking(move || read(&file, &sender));
    try_unfold(receiver, |mut receiver| async move {
        match receiver.recv().await {
            Some(Ok(Some(bytes))) => Ok(Some((bytes, receiver))),
            Some(Ok(None)) => Ok(None),
            Some(Err(error)) => Err(error),
            None => Err(io::Error::other("the reading thread ended early")),
        }
    })
    .boxed()
}

/// Ends early when nobody wants to read on.
fn read(file: &File, pieces: &mpsc::Sender<io::Result<Option<Bytes>>>) {
    loop {
        let next = next(file);
        let goes_on = matches!(next, Ok(Some(_)));
        if pieces.blocking_send(next).is_err() || !goes_on {
            return;
        }
    }
}

/// `None` at the end.
fn next(file: &File) -> io::Result<Option<Bytes>> {
    let mut piece = Vec::with_capacity(PIECE);
    let length = file.take(PIECE as u64).read_to_end(&mut piece)?;
    Ok((length > 0).then(|| Bytes::from(piece)))
}
