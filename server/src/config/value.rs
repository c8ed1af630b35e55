//! The value of one variable.

use std::ffi::OsString;
use std::str::FromStr;

use super::{ConfigError, Secret};

/// The variables that are set. An empty one counts as not set, unless it is a list.
pub(super) struct Variables<'a> {
    get: &'a dyn Fn(&str) -> Option<OsString>,
}

impl<'a> Variables<'a> {
    pub(super) fn new(get: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self { get }
    }

    /// The value, which need not be UTF-8.
    pub(super) fn raw(&self, variable: &'static str) -> Result<Option<OsString>, ConfigError> {
        let Some(value) = (self.get)(variable).filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        if is_placeholder(&value.to_string_lossy()) {
            return Err(problem(
                variable,
                "it still contains a placeholder (YOUR_…): set your own value, or unset it",
            ));
        }
        Ok(Some(value))
    }

    /// A value that errors do not quote.
    pub(super) fn secret(&self, variable: &'static str) -> Result<Option<Secret>, ConfigError> {
        let Some(value) = self.raw(variable)? else {
            return Ok(None);
        };
        match value.into_string() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(_) => Err(problem(variable, "expected UTF-8 text")),
        }
    }

    /// Words between commas, in lower case. An empty value is no words, not a missing one.
    pub(super) fn words(&self, variable: &'static str) -> Result<Option<Vec<String>>, ConfigError> {
        let words = match self.parse::<String>(variable, "words with commas between them")? {
            None if (self.get)(variable).is_none() => return Ok(None),
            words => words.unwrap_or_default().to_ascii_lowercase(),
        };
        let words = words.split(',').map(str::trim);
        let words = words.filter(|word| !word.is_empty());
        Ok(Some(words.map(str::to_owned).collect()))
    }

    /// A value that errors quote.
    pub(super) fn parse<T: FromStr>(
        &self,
        variable: &'static str,
        expected: &'static str,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.raw(variable)? else {
            return Ok(None);
        };
        match value.to_str().and_then(|text| text.parse().ok()) {
            Some(parsed) => Ok(Some(parsed)),
            None => Err(ConfigError::Value {
                variable,
                expected,
                found: shown(&value.to_string_lossy()),
            }),
        }
    }
}

/// The error for a value that is not quoted.
pub(super) fn problem(variable: &'static str, problem: &str) -> ConfigError {
    ConfigError::Problem {
        variable,
        problem: problem.to_owned(),
    }
}

/// The value on one line, or "…" if it may be a URL with a password.
pub(super) fn shown(value: &str) -> String {
    if value.contains('@') {
        return "…".to_owned();
    }
    value.escape_debug().to_string()
}

/// Whether the value is an example from documentation, like `YOUR_MONGODB_URI` or
/// `mongodb://YOUR_USER:YOUR_PASSWORD@…`.
fn is_placeholder(value: &str) -> bool {
    const SIGN: &str = "YOUR_";
    value.starts_with(SIGN)
        || value.split(SIGN).skip(1).any(|rest| {
            let next = rest.chars().next();
            next.is_some_and(|letter| letter.is_ascii_uppercase())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_recognised() {
        for value in [
            "YOUR_REDIS_HOST",
            "YOUR_",
            "mongodb://YOUR_USER:x@host",
            "mongodb://u:YOUR_PASSWORD@host",
            "mongodb://u:YOUR_1@YOUR_HOST",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in [
            "your_host",
            "mongodb://u:YOUR_1@host",
            "xYOUR_",
            "YOURS",
            "",
        ] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn shown_values_are_one_line_without_passwords() {
        assert_eq!(shown("a\nb\x1b"), "a\\nb\\u{1b}");
        assert_eq!(shown("redis://:hunter2@host"), "…");
    }
}
