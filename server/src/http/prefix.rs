//! The path that the proxy adds, where it does not take it away again.

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;

/// The request without `prefix` at the start of its path. The routes know no prefix.
pub fn strip(prefix: &str, mut request: Request) -> Request {
    if let Some(uri) = stripped(prefix, request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn stripped(prefix: &str, uri: &Uri) -> Option<Uri> {
    let rest = uri.path_and_query()?.as_str().strip_prefix(prefix)?;
    let rest = match rest.chars().next() {
        Some('/') => rest.to_owned(),
        None | Some('?') => format!("/{rest}"),
        Some(_) => return None,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::from_maybe_shared(rest.into_bytes()).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_prefix_is_taken_away() {
        for (path, expected) in [
            ("/dash", "/"),
            ("/dash/", "/"),
            ("/dash?region=North", "/?region=North"),
            ("/dash/api/refresh", "/api/refresh"),
            ("/dash/dash/x", "/dash/x"),
            ("/dash//evil.example/x?y", "//evil.example/x?y"),
            ("http://ops.example/dash/x", "http://ops.example/x"),
            ("/", "/"),
            ("/dashboard", "/dashboard"),
            ("/x/dash/", "/x/dash/"),
            ("/?/dash/", "/?/dash/"),
        ] {
            let request = Request::get(path).body(axum::body::Body::empty());
            let request = strip("/dash", request.expect("a request"));
            assert_eq!(request.uri().to_string(), expected, "{path}");
        }
    }
}
