//! Counting one object, on two threads that may block.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::PIECE;
use crate::archive::Tally;

/// The same object opened twice, and its length.
pub struct Opened {
    pub twice: [File; 2],
    pub length: u64,
}

/// Counts all that is there, each thread half of it. Where the system still has the content in memory
/// and two processors are free, that takes half as long as one thread that reads and another that
/// counts. Both end early when one has failed or nobody waits for them.
pub async fn count(opened: Opened) -> io::Result<Tally> {
    let unwanted = CancellationToken::new();
    let _wanted = unwanted.clone().drop_guard();
    let middle = opened.length / 2;
    let [first, second] = opened.twice;
    let counted = async |file, from, length| {
        let unwanted = unwanted.clone();
        spawn_blocking(move || part(file, from, length, &unwanted)).await?
    };
    // To the end, wherever that is by then.
    let (first, second) = (counted(first, 0, middle), counted(second, middle, u64::MAX));
    let (first, second) = tokio::try_join!(first, second)?;
    Ok(first.followed_by(&second))
}

fn part(mut file: File, from: u64, length: u64, unwanted: &CancellationToken) -> io::Result<Tally> {
    file.seek(SeekFrom::Start(from))?;
    let mut part = file.take(length);
    let mut piece = vec![0; PIECE];
    let mut tally = Tally::default();
    while !unwanted.is_cancelled() {
        match part.read(&mut piece) {
            Ok(0) => return Ok(tally),
            Ok(read) => tally.add(&piece[..read]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(
        ErrorKind::Interrupted,
        "the counting was given up",
    ))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use futures::FutureExt;
    use tempfile::TempDir;
    use tokio::time::timeout;

    use super::*;

    /// Far more than it takes.
    const PATIENCE: Duration = Duration::from_secs(60);
    const CONTENT: &[u8] = b"123456789\n\nabc\n";

    fn opened(folder: &Path, length: u64) -> Opened {
        let path = folder.join("object");
        std::fs::write(&path, CONTENT).expect("a write");
        let twice = [&path, &path].map(|path| File::open(path).expect("a file"));
        Opened { twice, length }
    }

    #[tokio::test]
    async fn all_that_is_there_is_counted_however_long_it_was_before() {
        let folder = TempDir::new().expect("a folder");
        let mut expected = Tally::default();
        expected.add(CONTENT);
        for length in [0, 1, 15, 16, 17, 40] {
            let tally = count(opened(folder.path(), length)).await;
            assert_eq!(tally.expect("content"), expected, "{length}");
        }
    }

    /// A file without content that would be read for minutes, opened to be counted and to be changed.
    fn endless(folder: &Path) -> (Opened, File) {
        let opened = opened(folder, 4 << 40);
        let file = File::options().write(true).open(folder.join("object"));
        let file = file.expect("a file");
        file.set_len(opened.length).expect("room");
        (opened, file)
    }

    #[tokio::test]
    async fn counting_ends_when_nobody_waits_for_it() {
        let folder = TempDir::new().expect("a folder");
        let (opened, file) = endless(folder.path());
        for file in &opened.twice {
            file.lock_shared().expect("a lock");
        }
        assert!(count(opened).now_or_never().is_none());
        // Until both threads have let go of their files.
        let other = file.try_clone().expect("a file");
        let locked = timeout(PATIENCE, spawn_blocking(move || other.lock())).await;
        // Ends those that go on.
        file.set_len(0).expect("an empty file");
        let locked = locked.expect("an end in time").expect("a thread");
        locked.expect("a lock");
    }

    #[tokio::test]
    async fn a_half_that_fails_ends_the_counting() {
        let folder = TempDir::new().expect("a folder");
        let (mut opened, file) = endless(folder.path());
        opened.twice[0] = file.try_clone().expect("a file that cannot be read");
        let counted = timeout(PATIENCE, count(opened)).await;
        file.set_len(0).expect("an empty file");
        counted.expect("an end in time").expect_err("a failure");
    }
}
