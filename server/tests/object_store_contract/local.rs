//! The local folder: the contract, and what only a folder can show.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use server::objects::local::LocalFolder;
use server::objects::{ObjectError, ObjectStore, PutMode};
use tempfile::TempDir;

use crate::{bytes, content, name, object_store_contract, put};

async fn open() -> (LocalFolder, TempDir) {
    let folder = TempDir::new().expect("a temporary folder");
    let store = LocalFolder::open(&folder.path().join("archive")).await;
    (store.expect("a store"), folder)
}

async fn start() -> Option<(LocalFolder, TempDir)> {
    Some(open().await)
}

object_store_contract!(start);

/// All files under the folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files.extend(self::files(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

async fn create(store: &LocalFolder, object: &str) {
    let stored = put(store, object, bytes(b"x"), PutMode::Create).await;
    stored.expect("a stored object");
}

#[tokio::test]
async fn refused_puts_leave_no_files() {
    let (store, folder) = open().await;
    create(&store, "a/b").await;
    let stored = put(&store, "a/b", bytes(b"y"), PutMode::Create).await;
    stored.expect_err("a refusal");
    assert_eq!(files(folder.path()), [folder.path().join("archive/a/b")]);
}

#[tokio::test]
async fn leftovers_of_killed_writers_are_removed_and_others_stay() {
    let (store, folder) = open().await;
    let root = folder.path().join("archive");
    create(&store, "a/b").await;
    fs::write(root.join(".writing/killed"), "killed").expect("a file");
    fs::write(root.join("a/.hidden"), "somebody's").expect("a file");
    // As another process would hold it.
    let written = File::create(root.join(".writing/alive")).expect("a file");
    written.lock().expect("a lock");

    LocalFolder::open(&root).await.expect("a store");
    let expected = [".writing/alive", "a/.hidden", "a/b"];
    assert_eq!(files(&root), expected.map(|file| root.join(file)));
}

#[cfg(unix)]
#[tokio::test]
async fn other_programs_may_read_what_is_stored() {
    use std::os::unix::fs::PermissionsExt;

    let (store, folder) = open().await;
    create(&store, "a").await;
    let usual = folder.path().join("usual");
    fs::write(&usual, "x").expect("a file");
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode();
    assert_eq!(mode(&folder.path().join("archive/a")), mode(&usual));
}

#[tokio::test]
async fn obstacles_are_named_and_stay() {
    let (store, _folder) = open().await;
    create(&store, "a/b").await;
    for (blocked, reason) in [
        (
            "a",
            ", there is a folder in the place of the file: move it away",
        ),
        (
            "a/b/c",
            ", there is a file in the place of a folder: move it away",
        ),
    ] {
        let stored = put(&store, blocked, bytes(b"y"), PutMode::Replace);
        let words = stored.await.expect_err("a failure").to_string();
        assert!(words.ends_with(reason), "{words}");
    }
    let found = content(&store, &name("a/b")).await;
    assert_eq!(found.as_deref(), Some(&b"x"[..]));
}

#[tokio::test]
async fn a_folder_that_is_gone_is_not_available() {
    let (store, folder) = open().await;
    fs::remove_dir_all(folder.path().join("archive")).expect("a removal");
    let unavailable = |error: ObjectError| {
        assert!(
            matches!(error, ObjectError::Unavailable { .. }),
            "{error:?}"
        );
        let words = error.to_string();
        assert!(words.ends_with(", the folder is gone"), "{words}");
    };
    unavailable(store.ping().await.expect_err("a failure"));
    for object in ["a", "a/b"] {
        unavailable(store.read(&name(object)).await.err().expect("a failure"));
        let stored = put(&store, object, bytes(b"x"), PutMode::Create).await;
        unavailable(stored.expect_err("a failure"));
    }
}
