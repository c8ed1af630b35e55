//! What a posted form must look like before a server function reads it.

use app::model::Panel;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};

use super::Problem;

/// Our own forms are under 1 kB.
const MAX_FORM_BYTES: usize = 16 * 1024;
const FORM_TYPE: &str = "application/x-www-form-urlencoded";
/// The other server functions that take fields, and the fields of each.
const FIELDS: [(&str, &[&str]); 3] = [
    (
        "/api/refresh",
        &["from", "at", "orders", "revenue_cents", "panels"],
    ),
    ("/api/archive_start", &["month"]),
    ("/api/archive_verify", &["run_id"]),
];

/// The fields of every metric.
const FILTER_FIELDS: [&str; 2] = ["filter[region]", "filter[category]"];

/// Returns the request if its body is empty or a form of known fields, each given once.
pub async fn check(request: Request) -> Result<Request, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| {
        let message = format!("the form is too large: expected at most {MAX_FORM_BYTES} bytes");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    })?;
    if !body.is_empty() && !is_form(&parts.headers) {
        let message = format!("expected a form ({FORM_TYPE})");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let known = fields(parts.uri.path());
    let mut seen: Vec<String> = Vec::new();
    for (field, _) in form_urlencoded::parse(&body) {
        let problem = if !known.contains(&field.as_ref()) {
            "is not a field of this form"
        } else if seen.iter().any(|seen| *seen == field) {
            "is given twice"
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

fn fields(path: &str) -> &'static [&'static str] {
    let endpoint = path.strip_prefix("/api/").unwrap_or_default();
    if Panel::of_endpoint(endpoint).is_some() {
        return &FILTER_FIELDS;
    }
    FIELDS
        .iter()
        .find(|(known, _)| *known == path)
        .map_or(&[], |(_, fields)| fields)
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM_TYPE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_type_may_have_a_charset() {
        let is_form = |kind| {
            let kind = header::HeaderValue::from_static(kind);
            is_form(&HeaderMap::from_iter([(header::CONTENT_TYPE, kind)]))
        };
        assert!(is_form("Application/X-WWW-Form-Urlencoded; charset=UTF-8"));
        assert!(!is_form("application/json"));
    }
}
