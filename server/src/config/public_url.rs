//! The address that people open, where a proxy stands before the server.

use url::Url;

use super::ConfigError;
use super::value::{Variables, problem};

const EXPECTED: &str = "expected an address like https://ops.example or https://ops.example/dash";
/// The first part of the server's own paths. A prefix of the same name would hide them.
const OWN_PATHS: [&str; 7] = [
    "api", "events", "health", "metrics", "orders", "panels", "pkg",
];

/// `PUBLIC_URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    prefix: String,
    secure: bool,
}

impl PublicUrl {
    /// Reads the variable; `None` if it is not set.
    pub(super) fn read(variables: &Variables<'_>) -> Result<Option<Self>, ConfigError> {
        // Errors do not quote it: it may contain a password.
        let Some(text) = variables.secret("PUBLIC_URL")? else {
            return Ok(None);
        };
        let url = Self::parse(text.expose());
        url.map(Some).map_err(|what| problem("PUBLIC_URL", &what))
    }

    /// The error says what was expected, without quoting `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fails = |problem: &str| Err(format!("{EXPECTED}: {problem}"));
        if !text.starts_with("http://") && !text.starts_with("https://") {
            return fails("it must begin with http:// or https://");
        }
        let Ok(url) = Url::parse(text) else {
            return fails("this is no URL");
        };
        if url.query().is_some() || url.fragment().is_some() {
            return fails("it must not contain ? or #");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return fails("it must not contain a user or a password");
        }
        let prefix = url.path().trim_end_matches('/');
        let mut names = prefix.split('/').skip(1);
        // What is safe in HTML, in a cookie and in a redirect as it is.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        if !names
            .clone()
            .all(|name| !name.is_empty() && name.bytes().all(is_plain))
        {
            return fails("its path may contain letters, digits, -, _, . and ~");
        }
        if names.next().is_some_and(|first| OWN_PATHS.contains(&first)) {
            return fails("its path must not begin with a path of the dashboard's own, like /api");
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            prefix: prefix.to_owned(),
            secure: url.scheme() == "https",
        })
    }

    /// What a browser sends as `Origin`: "https://ops.example".
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The path of the page without the slash at its end: "/dash", or "" for "/".
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether people use https.
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_prefix_and_scheme_are_taken() {
        for (text, origin, prefix, secure) in [
            ("https://ops.example", "https://ops.example", "", true),
            ("http://ops.example/", "http://ops.example", "", false),
            (
                "https://Ops.Example:443/dash/",
                "https://ops.example",
                "/dash",
                true,
            ),
            (
                "http://10.0.0.1:8080/a/b-2_c.d~e",
                "http://10.0.0.1:8080",
                "/a/b-2_c.d~e",
                false,
            ),
            ("http://[::1]:80/x/../dash", "http://[::1]", "/dash", false),
            (
                "https://größe.example",
                "https://xn--gre-6ka8i.example",
                "",
                true,
            ),
        ] {
            let url = PublicUrl::parse(text).expect(text);
            let found = (url.origin(), url.prefix(), url.is_secure());
            assert_eq!(found, (origin, prefix, secure), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_used_says_why_and_is_not_quoted() {
        for (text, part) in [
            ("ops.example", "http:// or https://"),
            ("ops.example:3000/dash", "http:// or https://"),
            ("//ops.example", "http:// or https://"),
            ("/dash", "http:// or https://"),
            ("ftp://ops.example", "http:// or https://"),
            ("https://", "no URL"),
            ("https://ops.example:99999", "no URL"),
            ("https://ops.example?", "? or #"),
            ("https://ops.example/dash?region=North", "? or #"),
            ("https://ops.example/#archive", "? or #"),
            ("https://me:hunter2@ops.example", "a password"),
            ("https://hunter2@ops.example", "a user"),
            ("https://ops.example/dash;x", "letters"),
            ("https://ops.example/a//b", "letters"),
            ("https://ops.example//evil.example", "letters"),
            ("https://ops.example/gr%C3%B6%C3%9Fe", "letters"),
            ("https://ops.example/\"x\"", "letters"),
            ("https://ops.example/api", "/api"),
            ("https://ops.example/health/dash", "/api"),
        ] {
            let problem = PublicUrl::parse(text).expect_err(text);
            assert!(problem.starts_with(EXPECTED), "{text}: {problem}");
            let why = &problem[EXPECTED.len()..];
            assert!(why.contains(part), "{text}: {problem}");
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }
}
