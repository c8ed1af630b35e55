//! Where archives are kept, if not in a local folder.

use thiserror::Error;

use super::ConfigError;
use super::value::{Variables, shown};

/// A bucket of Google Cloud Storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GcsConfig {
    /// `GCS_BUCKET_NAME`: the bucket's name alone.
    pub bucket: String,
    /// `STORAGE_EMULATOR_HOST`: an emulator's address, `http://host:port`; no credentials are used
    /// then. None is Google.
    pub endpoint: Option<String>,
}

/// A variable's value cannot be used; says what can.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadGcsConfig {
    #[error(
        "failed to parse GCS_BUCKET_NAME: expected the bucket's name alone, found \"{found}\": write \"{instead}\""
    )]
    Address { found: String, instead: String },
    #[error(
        "failed to parse GCS_BUCKET_NAME: expected a bucket's name (3 to 63 lower-case letters, digits, '-', '_' and '.', the first and last a letter or digit), found \"{found}\""
    )]
    Bucket { found: String },
    #[error(
        "failed to parse STORAGE_EMULATOR_HOST: expected an address like localhost:4443, found \"{found}\""
    )]
    Emulator { found: String },
}

impl GcsConfig {
    /// Reads the variables; `None` without `GCS_BUCKET_NAME`.
    pub(super) fn read(variables: &Variables<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(bucket) = variables.parse::<String>("GCS_BUCKET_NAME", "a bucket's name")? else {
            return Ok(None);
        };
        let emulator = "an address like localhost:4443";
        let emulator = variables.parse::<String>("STORAGE_EMULATOR_HOST", emulator)?;
        Ok(Some(Self::new(&bucket, emulator.as_deref())?))
    }

    /// The bucket, at Google or at the emulator of that address, which may lack `http://`.
    pub fn new(bucket: &str, emulator: Option<&str>) -> Result<Self, BadGcsConfig> {
        let alone = bucket_alone(bucket);
        if alone != bucket && is_bucket(alone) {
            return Err(BadGcsConfig::Address {
                found: shown(bucket),
                instead: alone.to_owned(),
            });
        }
        if !is_bucket(bucket) {
            let found = shown(bucket);
            return Err(BadGcsConfig::Bucket { found });
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            endpoint: emulator.map(endpoint).transpose()?,
        })
    }
}

/// The bucket in `gs://bucket/folder`, in its address for browsers, or in `bucket/folder`.
fn bucket_alone(text: &str) -> &str {
    let text = text.trim();
    let rest = ["gs://", "https://storage.googleapis.com/"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    rest.split('/').next().unwrap_or(rest)
}

/// Google's rules: <https://cloud.google.com/storage/docs/buckets#naming>. That a name with dots
/// is a domain, and that its parts are not too long, is left to Google.
fn is_bucket(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let longest = if name.contains('.') { 222 } else { 63 };
    (3..=longest).contains(&name.len())
        && name
            .bytes()
            .all(|byte| plain(byte) || b"-_.".contains(&byte))
        && name.bytes().next().is_some_and(plain)
        && name.bytes().last().is_some_and(plain)
        && !name.contains("..")
        && !name.starts_with("goog")
        && name.parse::<std::net::Ipv4Addr>().is_err()
}

/// With its scheme and without a slash at the end.
fn endpoint(text: &str) -> Result<String, BadGcsConfig> {
    let bad = || BadGcsConfig::Emulator { found: shown(text) };
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = reqwest::Url::parse(&with_scheme).map_err(|_| bad())?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none();
    if plain {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(bad())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_buckets_are_taken() {
        for bucket in [
            "abc",
            "shop-stream_archive.example.com",
            "1ab",
            &"a".repeat(63),
        ] {
            let config = GcsConfig::new(bucket, None).expect("a configuration");
            assert_eq!((config.bucket.as_str(), config.endpoint), (bucket, None));
        }
    }

    #[test]
    fn what_cannot_be_a_bucket_is_refused() {
        for bucket in [
            "",
            "ab",
            "Shop",
            "shop bucket",
            "-ab",
            "ab-",
            "a..b",
            "192.168.5.4",
            "goog-x",
            "ä123",
            "gs://",
            "gs://X/y",
            "../etc",
            "abc\n",
            &"a".repeat(64),
        ] {
            let error = GcsConfig::new(bucket, None).expect_err(bucket);
            assert!(matches!(
                error,
                BadGcsConfig::Bucket { .. } | BadGcsConfig::Address { .. }
            ));
            assert!(error.to_string().contains("GCS_BUCKET_NAME"), "{error}");
        }
    }

    #[test]
    fn what_to_write_instead_of_an_address_is_said() {
        for address in [
            "gs://shop-archive",
            "gs://shop-archive/",
            "gs://shop-archive/shopstream/orders",
            "https://storage.googleapis.com/shop-archive/x",
            "shop-archive/orders",
            " shop-archive",
        ] {
            let error = GcsConfig::new(address, None)
                .expect_err(address)
                .to_string();
            assert!(error.ends_with("write \"shop-archive\""), "{error}");
        }
    }

    #[test]
    fn an_emulators_address_may_lack_its_scheme() {
        for (text, expected) in [
            ("localhost:4443", "http://localhost:4443"),
            ("http://localhost:4443", "http://localhost:4443"),
            ("http://localhost:4443/", "http://localhost:4443"),
            ("https://fake.example.com", "https://fake.example.com"),
            ("127.0.0.1:9000", "http://127.0.0.1:9000"),
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
            let error = GcsConfig::new("abc", Some(text))
                .expect_err(text)
                .to_string();
            assert!(error.contains("STORAGE_EMULATOR_HOST"), "{error}");
        }
    }
}
