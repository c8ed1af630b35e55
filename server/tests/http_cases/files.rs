//! Only the site's files are served.

use axum::body::Body;
use axum::http::Request;

use crate::support::site::{SCRIPT, SCRIPT_BROTLI, SCRIPT_TEXT, STYLE};
use crate::support::web::{Answer, Server};

async fn get_with(server: &Server, path: &str, name: &str, value: &str) -> Answer {
    let request = Request::get(path).header(name, value).body(Body::empty());
    server.send(request.expect("a request")).await
}

#[tokio::test]
async fn files_have_their_content_type() {
    let server = Server::lesson().await;
    for (path, kind) in [
        (SCRIPT, "text/javascript"),
        (STYLE, "text/css"),
        ("/favicon.svg", "image/svg+xml"),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), kind);
        assert_eq!(answer.header("content-encoding"), "");
    }
    assert_eq!(server.get(SCRIPT).await.text(), SCRIPT_TEXT);
}

#[tokio::test]
async fn compressed_files_are_sent_compressed() {
    let server = Server::lesson().await;
    let answer = get_with(&server, SCRIPT, "accept-encoding", "gzip, br").await;
    assert_eq!(answer.header("content-encoding"), "br");
    assert_eq!(answer.header("content-type"), "text/javascript");
    assert_eq!(answer.body, SCRIPT_BROTLI);
    assert!(
        answer.header("vary").contains("accept-encoding"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn files_with_a_hash_in_their_name_are_cached_for_ever() {
    let server = Server::lesson().await;
    let immutable = "public, max-age=31536000, immutable";
    let answer = server.get(SCRIPT).await;
    assert_eq!(answer.header("cache-control"), immutable);
    let modified = answer.header("last-modified").to_owned();
    let again = get_with(&server, SCRIPT, "if-modified-since", &modified).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    // A 304 too: its headers replace those that the browser has stored.
    assert_eq!(again.header("cache-control"), immutable);

    assert_eq!(
        server.get("/favicon.svg").await.header("cache-control"),
        "no-store"
    );
    let missing = server.get("/pkg/app.0.js").await;
    assert_eq!(missing.status, 404);
    assert_eq!(missing.header("cache-control"), "no-store");
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let server = Server::lesson().await;
    // Each answer is checked for the content of the file beside the folder.
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/pkg/../../secret.txt",
        "/pkg/%2e%2e/%2e%2e/secret.txt",
        "/pkg/..%2f..%2fsecret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/pkg//../../secret.txt",
        "/.%00/secret.txt",
        "/secret.txt%00.css",
        "/panels/..%2f..%2fsecret.txt",
    ] {
        let answer = server.get(path).await;
        assert!(
            (400..500).contains(&answer.status.as_u16()),
            "{path}: {}",
            answer.status
        );
    }
    // Inside the folder, and not a script.
    let inside = server.get("/pkg/../manifest.json").await;
    assert!(inside.status == 404 || inside.text().contains("output_name"));
}

#[tokio::test]
async fn folders_are_not_served() {
    let server = Server::lesson().await;
    for path in ["/pkg", "/pkg/"] {
        let answer = server.get(path).await;
        assert_ne!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("app."), "{path}");
    }
}
