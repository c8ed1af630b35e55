//! Cookies that carry the result of a form post to the next page, which shows it once.

use std::marker::PhantomData;
use std::time::Duration;

use app::model::{Checked, RefreshReport};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::PublicUrl;

/// What a refresh changed.
pub const REFRESHED: Flash<RefreshReport> = Flash::new("refreshed");
/// What verifying an archive found.
pub const CHECKED: Flash<Checked> = Flash::new("checked");

/// Whether the next page shows a result.
pub fn is_any(jar: &CookieJar) -> bool {
    let names = [REFRESHED.name, CHECKED.name];
    names.iter().any(|name| jar.get(name).is_some())
}

/// Browsers drop longer cookies, and proxies refuse longer headers.
const MAX_COOKIE_BYTES: usize = 4_000;
/// Long enough for a redirect.
const LIFETIME: Duration = Duration::from_mins(1);

/// A cookie that holds a `T` as JSON.
pub struct Flash<T> {
    name: &'static str,
    value: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Flash<T> {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            value: PhantomData,
        }
    }

    /// The cookie; `None` if it would be too long.
    pub fn cookie(&self, value: &T, public_url: Option<&PublicUrl>) -> Option<Cookie<'static>> {
        let mut cookie = self.of_the_page(public_url);
        cookie.set_value(serde_json::to_string(value).ok()?);
        cookie.set_max_age(Some(LIFETIME.try_into().ok()?));
        let length = cookie.encoded().to_string().len();
        (length <= MAX_COOKIE_BYTES).then_some(cookie)
    }

    /// The jar without the cookie, and the value that the browser sent in it.
    pub fn take(&self, jar: CookieJar, public_url: Option<&PublicUrl>) -> (CookieJar, Option<T>) {
        let value = jar
            .get(self.name)
            .and_then(|cookie| serde_json::from_str(cookie.value()).ok());
        (jar.remove(self.of_the_page(public_url)), value)
    }

    /// Sent only to the page, and over https where people use that.
    fn of_the_page(&self, public_url: Option<&PublicUrl>) -> Cookie<'static> {
        let path = public_url
            .map(PublicUrl::prefix)
            .filter(|path| !path.is_empty());
        Cookie::build(self.name)
            .path(path.unwrap_or("/").to_owned())
            .secure(public_url.is_some_and(PublicUrl::is_secure))
            .http_only(true)
            .same_site(SameSite::Strict)
            .build()
    }
}

#[cfg(test)]
mod tests {
    use app::model::{Timestamp, VerifyOutcome};

    use super::*;

    #[test]
    fn a_value_too_long_for_a_cookie_is_not_sent() {
        let checked = |length| Checked {
            run_id: "01".to_owned(),
            checked_at: Timestamp::parse("2026-11-23T09:30:00+01:00").expect("a time"),
            outcome: VerifyOutcome::Intact,
            message: "x".repeat(length),
        };
        assert!(CHECKED.cookie(&checked(3_000), None).is_some());
        assert_eq!(CHECKED.cookie(&checked(4_000), None), None);
    }
}
