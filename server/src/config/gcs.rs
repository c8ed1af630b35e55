//! Google Cloud Storage, the archive of production.

use super::ConfigError;
use super::value::{Variables, shown};

const EMULATOR: &str = "STORAGE_EMULATOR_HOST";

/// A bucket of Google Cloud Storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GcsConfig {
    /// `GCS_BUCKET_NAME`: the bucket's name alone.
    pub bucket: String,
    /// `STORAGE_EMULATOR_HOST`: an emulator's address, `http://host:port`, which is used without
    /// credentials. `None` is Google.
    pub endpoint: Option<String>,
}

impl GcsConfig {
    /// Reads the variables; `None` without `GCS_BUCKET_NAME`. Does not connect.
    pub(super) fn read(variables: &Variables<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(bucket) = variables.parse::<String>("GCS_BUCKET_NAME", "a bucket's name")? else {
            return Ok(None);
        };
        let emulator = variables.parse::<String>(EMULATOR, "an address")?;
        Self::new(&bucket, emulator.as_deref()).map(Some)
    }

    /// The bucket, at Google or at the emulator with that address, which may lack `http://`.
    pub fn new(bucket: &str, emulator: Option<&str>) -> Result<Self, ConfigError> {
        if !is_bucket(bucket) {
            return Err(ConfigError::Value {
                variable: "GCS_BUCKET_NAME",
                expected: "the bucket's name alone, like shop-archive (3 to 63 lower-case letters, \
                           digits, '-', '_' and '.')",
                found: shown(bucket),
            });
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            endpoint: emulator.map(endpoint).transpose()?,
        })
    }
}

/// Whether the name follows the main rules of
/// <https://cloud.google.com/storage/docs/buckets#naming>; Google checks the rest.
fn is_bucket(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let longest = if name.contains('.') { 222 } else { 63 };
    (3..=longest).contains(&name.len())
        && name
            .bytes()
            .all(|byte| plain(byte) || b"-_.".contains(&byte))
        && name.bytes().next().is_some_and(plain)
        && name.bytes().last().is_some_and(plain)
}

/// The address with its scheme and without a slash at the end.
fn endpoint(text: &str) -> Result<String, ConfigError> {
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    reqwest::Url::parse(&with_scheme)
        .ok()
        .filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
                && url.path() == "/"
                && url.query().is_none()
        })
        .map(|url| url.as_str().trim_end_matches('/').to_owned())
        .ok_or_else(|| ConfigError::Value {
            variable: EMULATOR,
            expected: "an address like localhost:4443",
            found: shown(text),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bucket_names_are_accepted() {
        for bucket in [
            "abc",
            "shop-stream_archive.example.com",
            "1ab",
            &"a".repeat(63),
        ] {
            assert!(is_bucket(bucket), "{bucket}");
        }
        for other in [
            "",
            "ab",
            "Shop",
            "shop bucket",
            "-ab",
            "ab-",
            "ä123",
            "gs://shop-archive",
            "shop-archive/orders",
            "../etc",
            "abc\n",
            &"a".repeat(64),
        ] {
            assert!(!is_bucket(other), "{other}");
        }
    }

    #[test]
    fn an_emulators_address_may_lack_its_scheme() {
        for (text, expected) in [
            ("localhost:4443", "http://localhost:4443"),
            ("http://localhost:4443/", "http://localhost:4443"),
            ("https://fake.example.com", "https://fake.example.com"),
            ("[::1]:9000", "http://[::1]:9000"),
        ] {
            let config = GcsConfig::new("abc", Some(text)).expect("a configuration");
            assert_eq!(config.endpoint.as_deref(), Some(expected));
        }
        for text in [
            "",
            "http://",
            "ftp://host",
            "host:port",
            "http://h/path",
            "http://u:p@h",
        ] {
            let error = GcsConfig::new("abc", Some(text)).expect_err(text);
            assert!(error.to_string().contains(EMULATOR), "{error}");
        }
    }
}
