//! What a form post did, on its way to the page that follows it: a cookie that is shown once.

use std::marker::PhantomData;

use app::model::{Checked, RefreshReport};
use axum::http::{HeaderMap, HeaderValue, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a refresh did.
pub const REFRESHED: Flash<RefreshReport> = Flash::new("refreshed");
/// How an archive was found when it was read back.
pub const CHECKED: Flash<Checked> = Flash::new("checked");

const ATTRIBUTES: &str = "Path=/; HttpOnly; SameSite=Strict";
/// Browsers drop longer cookies.
const MOST_BYTES: usize = 4_000;

/// A cookie of a name that carries a `T`.
pub struct Flash<T> {
    name: &'static str,
    carries: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Flash<T> {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            carries: PhantomData,
        }
    }

    /// The value as a cookie; a minute is enough for a redirect. `None` where it is too long.
    pub fn cookie(&self, value: &T) -> Option<HeaderValue> {
        let json = serde_json::to_vec(value).ok()?;
        let value: String = form_urlencoded::byte_serialize(&json).collect();
        let cookie = format!("{}={value}; {ATTRIBUTES}; Max-Age=60", self.name);
        (cookie.len() <= MOST_BYTES)
            .then(|| HeaderValue::from_str(&cookie).ok())
            .flatten()
    }

    /// Removes the cookie.
    pub fn clear(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}=; {ATTRIBUTES}; Max-Age=0", self.name)).ok()
    }

    /// The value that the browser sent back, if it did.
    pub fn read(&self, headers: &HeaderMap) -> Option<T> {
        let cookies = headers.get_all(header::COOKIE);
        let value = cookies
            .iter()
            .filter_map(|cookies| cookies.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .find_map(|cookie| cookie.trim().strip_prefix(self.name)?.strip_prefix('='))?;
        let pair = format!("{}={value}", self.name);
        let (_, json) = form_urlencoded::parse(pair.as_bytes()).next()?;
        serde_json::from_str(&json).ok()
    }
}

#[cfg(test)]
mod tests {
    use app::model::{Cents, Panel, Timestamp, VerifyOutcome};

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
        let cookie = REFRESHED.cookie(&report).expect("a cookie");
        let pair = cookie
            .to_str()
            .expect("text")
            .split(';')
            .next()
            .expect("a pair");
        let mut headers = HeaderMap::new();
        let sent = format!("other=1; {pair}");
        headers.insert(header::COOKIE, sent.parse().expect("a header"));
        assert_eq!(REFRESHED.read(&headers), Some(report));
        assert_eq!(CHECKED.read(&headers), None);
    }

    #[test]
    fn what_no_browser_would_keep_is_not_sent() {
        let checked = |length| Checked {
            run_id: "01".to_owned(),
            checked_at: Timestamp::parse("2026-11-23T09:30:00+01:00").expect("a time"),
            outcome: VerifyOutcome::Intact,
            message: "x".repeat(length),
        };
        assert!(CHECKED.cookie(&checked(3_000)).is_some());
        assert_eq!(CHECKED.cookie(&checked(4_000)), None);
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
            assert_eq!(REFRESHED.read(&headers), None, "{cookie}");
        }
    }
}
