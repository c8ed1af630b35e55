//! What a refresh did, on its way from the form post to the page that follows it: a cookie that is
//! shown once.

use app::model::RefreshReport;
use axum::http::{HeaderMap, HeaderValue, header};

const NAME: &str = "refreshed";

/// Removes the cookie.
pub const CLEAR: HeaderValue =
    HeaderValue::from_static("refreshed=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");

/// The report as a cookie; a minute is enough for a redirect.
pub fn cookie(report: &RefreshReport) -> Option<HeaderValue> {
    let json = serde_json::to_vec(report).ok()?;
    let value: String = form_urlencoded::byte_serialize(&json).collect();
    let cookie = format!("{NAME}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=60");
    HeaderValue::from_str(&cookie).ok()
}

/// The report that the browser sent back, if it did.
pub fn read(headers: &HeaderMap) -> Option<RefreshReport> {
    let cookies = headers.get_all(header::COOKIE);
    let value = cookies
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(NAME)?.strip_prefix('='))?;
    let pair = format!("{NAME}={value}");
    let (_, json) = form_urlencoded::parse(pair.as_bytes()).next()?;
    serde_json::from_str(&json).ok()
}

#[cfg(test)]
mod tests {
    use app::model::{Cents, Panel, Timestamp};

    use super::*;

    #[test]
    fn a_report_survives_the_redirect() {
        let report = RefreshReport {
            at: Timestamp::parse("2026-11-23T09:30:00+01:00").expect("a time"),
            since: Timestamp::parse("2026-11-23T09:14:02+01:00"),
            orders: 12,
            revenue_cents: Cents(84_010),
            changed: vec![Panel::Today],
            failed: Vec::new(),
        };
        let cookie = cookie(&report).expect("a cookie");
        let pair = cookie
            .to_str()
            .expect("text")
            .split(';')
            .next()
            .expect("a pair");
        let mut headers = HeaderMap::new();
        let sent = format!("other=1; {pair}");
        headers.insert(header::COOKIE, sent.parse().expect("a header"));
        assert_eq!(read(&headers), Some(report));
    }

    #[test]
    fn nonsense_is_no_report() {
        for cookie in [
            "",
            "refreshed",
            "refreshed=",
            "refreshed=%7B%7D",
            "notrefreshed=1",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
            assert_eq!(read(&headers), None, "{cookie}");
        }
    }
}
