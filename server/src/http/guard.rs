//! What a posted form must be before a server function sees it.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Uri, header};

use super::Problem;

/// The largest form that anything of ours posts is under 1 kB.
const MOST_BYTES: usize = 16 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";
/// The fields of the server functions that have any.
const FIELDS: [(&str, &[&str]); 3] = [
    (
        "/api/refresh",
        &["from", "at", "orders", "revenue_cents", "panels"],
    ),
    ("/api/archive_start", &["month"]),
    ("/api/archive_verify", &["run_id"]),
];

/// Lets through forms of known fields that come from our own page or from no page at all.
pub async fn checked(request: Request) -> Result<Request, Problem> {
    let (parts, body) = request.into_parts();
    if is_from_elsewhere(&parts.headers) {
        let message = "forms are taken from the dashboard's own page only";
        return Err(Problem::new(StatusCode::FORBIDDEN, message));
    }
    let body = to_bytes(body, MOST_BYTES).await.map_err(|_| {
        let message = format!("a form of at most {MOST_BYTES} bytes was expected");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    })?;
    if !body.is_empty() && !is_form(&parts.headers) {
        let message = format!("a form ({FORM}) was expected");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let known = FIELDS
        .iter()
        .find(|(path, _)| *path == parts.uri.path())
        .map_or(&[][..], |(_, fields)| fields);
    let mut seen: Vec<String> = Vec::new();
    for (field, _) in form_urlencoded::parse(&body) {
        let problem = if !known.contains(&field.as_ref()) {
            "is not a field of this form"
        } else if seen.iter().any(|seen| *seen == field) {
            "is there twice"
        } else {
            seen.push(field.into_owned());
            continue;
        };
        let shown: String = field.chars().take(40).collect();
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            format!("\"{shown}\" {problem}"),
        ));
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Whether another site's page sent the request. Programs that are no browsers send neither header.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return false;
    };
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.parse::<Uri>().ok());
    let host = origin
        .as_ref()
        .and_then(Uri::authority)
        .map(|host| host.as_str());
    host.is_none() || host != text("host")
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = header::HeaderName::from_static(name);
                (name, header::HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn other_sites_are_told_from_our_own_page() {
        let elsewhere: [&[_]; 4] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[
                ("origin", "https://evil.example"),
                ("host", "127.0.0.1:3000"),
            ],
            &[("origin", "null"), ("host", "127.0.0.1:3000")],
        ];
        for pairs in elsewhere {
            assert!(is_from_elsewhere(&headers(pairs)), "{pairs:?}");
        }
        let ours: [&[_]; 3] = [
            &[],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[
                ("origin", "http://127.0.0.1:3000"),
                ("host", "127.0.0.1:3000"),
            ],
        ];
        for pairs in ours {
            assert!(!is_from_elsewhere(&headers(pairs)), "{pairs:?}");
        }
    }

    #[test]
    fn a_charset_beside_the_form_type_is_fine() {
        let kind = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
        assert!(is_form(&headers(&[("content-type", kind)])));
        assert!(!is_form(&headers(&[("content-type", "application/json")])));
    }
}
