//! The local folder: the contract, and what only a folder can show.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use futures::{StreamExt, future, stream};
use server::archive::local::LocalFolder;
use server::archive::{ObjectError, ObjectStore};
use tempfile::TempDir;

use crate::{broken, bytes, content, name, object_store_contract, read};

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
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Waits until a writer that was given up has cleaned up; a test that hangs here has failed.
async fn until_there_are_no_files(folder: &Path) {
    while !files(folder).is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn writes_that_fail_leave_no_files() {
    let (store, folder) = open().await;
    let failed = store
        .write(&name("a/b"), broken(&bytes(1, 1_000_000)))
        .await;
    failed.expect_err("a failure");
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn writes_that_are_dropped_leave_no_files() {
    let (store, folder) = open().await;
    let (reached, reach) = tokio::sync::oneshot::channel();
    let stuck = content(&bytes(1, 1_000_000))
        .chain(stream::once(async move {
            let _ = reached.send(());
            future::pending().await
        }))
        .boxed();
    let name = name("a/b");
    tokio::select! {
        _ = store.write(&name, stuck) => panic!("the content has no end"),
        _ = reach => {}
    }
    until_there_are_no_files(folder.path()).await;
}

#[tokio::test]
async fn leftovers_of_killed_writers_are_removed_and_others_stay() {
    let (store, folder) = open().await;
    let root = folder.path().join("archive");
    store
        .write(&name("a/b"), content(b"x"))
        .await
        .expect("a write");
    fs::write(root.join(".writing-1-0"), "killed").expect("a file");
    fs::write(root.join("a/.writing-1-7"), "killed").expect("a file");
    fs::write(root.join("a/.hidden"), "somebody's").expect("a file");
    // As another process would hold it.
    let written = File::create(root.join(".writing-2-0")).expect("a file");
    written.lock().expect("a lock");

    LocalFolder::open(&root).await.expect("a store");
    let mut left: Vec<PathBuf> = files(&root);
    left.sort();
    let expected = [".writing-2-0", "a/.hidden", "a/b"];
    assert_eq!(left, expected.map(|file| root.join(file)));
}

#[cfg(unix)]
#[tokio::test]
async fn symbolic_links_lead_nowhere() {
    let (store, folder) = open().await;
    let (root, outside) = (folder.path().join("archive"), folder.path().join("outside"));
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("secret"), "secret").expect("a file");
    std::os::unix::fs::symlink(&outside, root.join("link")).expect("a link");
    std::os::unix::fs::symlink(outside.join("secret"), root.join("file")).expect("a link");

    for escape in ["link/new", "link/secret", "link/deeper/new"] {
        let escape = name(escape);
        let refused = |error| assert!(matches!(error, ObjectError::Unavailable { .. }));
        refused(
            store
                .write(&escape, content(b"x"))
                .await
                .expect_err("a refusal"),
        );
        store.read(&escape).await.err().expect("a refusal");
        let stored = store.write(&name("a"), content(b"x")).await;
        let generation = stored.expect("a write").generation;
        refused(
            store
                .rename(&name("a"), generation, &escape, &[])
                .await
                .expect_err("a refusal"),
        );
        let _ = store.delete(&escape).await;
    }
    assert_eq!(files(&outside), [outside.join("secret")]);

    // In the place of an object a link is not followed, and a write puts the object there.
    store.read(&name("file")).await.err().expect("a refusal");
    store
        .write(&name("file"), content(b"x"))
        .await
        .expect("a write");
    assert_eq!(
        read(&store, &name("file")).await.as_deref(),
        Some(&b"x"[..])
    );
    assert_eq!(fs::read(outside.join("secret")).expect("a file"), b"secret");
}

#[tokio::test]
async fn what_stands_in_the_way_is_said_and_stays() {
    let (store, _folder) = open().await;
    store
        .write(&name("a/b"), content(b"x"))
        .await
        .expect("a write");
    for (blocked, reason) in [
        (
            "a",
            ", a folder stands where the file belongs: move it away",
        ),
        (
            "a/b/c",
            ", a file stands where a folder belongs: move it away",
        ),
    ] {
        let failed = store.write(&name(blocked), content(b"y")).await;
        let words = failed.expect_err("a failure").for_people();
        assert!(words.ends_with(reason), "{words}");
    }
    assert_eq!(read(&store, &name("a/b")).await.as_deref(), Some(&b"x"[..]));
}

#[tokio::test]
async fn a_folder_that_is_gone_is_not_available() {
    let (store, folder) = open().await;
    fs::remove_dir_all(folder.path().join("archive")).expect("a removal");
    let unavailable = |error| assert!(matches!(error, ObjectError::Unavailable { .. }));
    unavailable(store.ping().await.expect_err("a failure"));
    unavailable(store.read(&name("a")).await.err().expect("a failure"));
    unavailable(
        store
            .write(&name("a"), content(b"x"))
            .await
            .expect_err("a failure"),
    );
    unavailable(
        store
            .write(&name("a/b"), content(b"x"))
            .await
            .expect_err("a failure"),
    );
}

#[tokio::test]
async fn generations_grow_even_when_the_clock_was_set_back() {
    let (store, folder) = open().await;
    let stored = store.write(&name("a"), content(b"x")).await;
    let before = stored.expect("a write").generation;
    let file = File::options()
        .write(true)
        .open(folder.path().join("archive/a"));
    let later = std::time::UNIX_EPOCH + std::time::Duration::from_secs(9_000_000_000);
    file.expect("a file").set_modified(later).expect("a time");
    let reopened = LocalFolder::open(&folder.path().join("archive")).await;
    let stored = reopened
        .expect("a store")
        .write(&name("a"), content(b"y"))
        .await;
    let after = stored.expect("a write").generation;
    assert!(after > before);
    assert_eq!(after, 9_000_000_000_000_001);
}

#[cfg(unix)]
#[tokio::test]
async fn a_rename_that_may_not_last_is_not_one_that_changed_nothing() {
    use std::os::unix::fs::PermissionsExt;

    let (store, folder) = open().await;
    let stored = store.write(&name("a"), content(b"new")).await;
    let generation = stored.expect("a write").generation;
    let earlier = store.write(&name("b/c"), content(b"earlier")).await;
    earlier.expect("a write");
    let target = folder.path().join("archive/b");
    let may = |mode| fs::set_permissions(&target, fs::Permissions::from_mode(mode));
    // Files can be moved there, but the folder cannot be opened to be synced.
    may(0o300).expect("permissions");
    if File::open(&target).is_ok() {
        println!("needs a user whom permissions bind");
        return;
    }
    let (from, to) = (name("a"), name("b/c"));
    let renamed = store.rename(&from, generation, &to, &[]).await;
    let error = renamed.expect_err("a failure");
    may(0o700).expect("permissions");
    assert!(matches!(error, ObjectError::Unsettled(_)), "{error:?}");
    let found = read(&store, &to).await;
    assert_eq!(found.as_deref(), Some(&b"new"[..]));
}
