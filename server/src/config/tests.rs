use super::*;

fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
    Config::from_variables(|name| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| OsString::from(value))
    })
    .map_err(|error| error.to_string())
}

#[test]
fn without_variables_the_defaults_apply() {
    let config = read(&[("BUSINESS_TIMEZONE", "")]).expect("a configuration");
    assert_eq!(config.listen_addr.to_string(), "127.0.0.1:3000");
    assert_eq!(config.data_dir, PathBuf::from("data"));
    assert_eq!(config.calendar.zone_name(), "UTC");
    assert_eq!(
        (config.public_url, config.max_connections.get()),
        (None, 4_096)
    );
}

#[test]
fn statuses_are_words_in_lower_case_and_may_be_none() {
    for (value, expected) in [
        (None, &["returned"][..]),
        (Some(""), &[]),
        (Some(" , "), &[]),
        (
            Some("Returned, CANCELLED,,on hold"),
            &["returned", "cancelled", "on hold"],
        ),
    ] {
        let variables = value.map(|value| ("NOT_REVENUE_STATUSES", value));
        let variables: Vec<_> = variables.into_iter().collect();
        let config = read(&variables).expect("a configuration");
        assert_eq!(config.not_revenue_statuses, expected, "{value:?}");
    }
}

#[test]
fn values_are_used() {
    let config = read(&[
        ("BUSINESS_TIMEZONE", "Europe/Berlin"),
        ("LISTEN_ADDR", "[::1]:0"),
        ("PUBLIC_URL", "https://ops.example/dash"),
        ("MAX_CONNECTIONS", "100"),
    ]);
    let config = config.expect("a configuration");
    assert_eq!(config.calendar.zone_name(), "Europe/Berlin");
    assert_eq!(config.listen_addr.port(), 0);
    assert_eq!(config.max_connections.get(), 100);
    let url = config.public_url.expect("a URL");
    assert_eq!(
        (url.origin(), url.prefix()),
        ("https://ops.example", "/dash")
    );
}

#[test]
fn an_error_names_the_variable_and_the_value() {
    assert_eq!(
        read(&[("BUSINESS_TIMEZONE", "Europe/Atlantis")]).unwrap_err(),
        "failed to parse BUSINESS_TIMEZONE: expected an IANA name like Europe/Berlin, \
         found \"Europe/Atlantis\""
    );
    assert!(
        read(&[("LISTEN_ADDR", "3000")])
            .unwrap_err()
            .contains("LISTEN_ADDR")
    );
}

#[cfg(unix)]
#[test]
fn values_that_are_not_utf_8_are_refused() {
    use std::os::unix::ffi::OsStringExt;

    let read = |variable: &str| {
        let value = OsString::from_vec(vec![b'x', 0xff]);
        Config::from_variables(|name| (name == variable).then(|| value.clone()))
    };
    let config = read("DATA_DIR").expect("a configuration");
    assert_eq!(config.data_dir.as_os_str().len(), 2);
    for variable in [
        "BUSINESS_TIMEZONE",
        "LISTEN_ADDR",
        "RUST_LOG",
        "MONGODB_URI",
    ] {
        let error = read(variable).unwrap_err().to_string();
        assert!(error.contains(variable), "{error}");
    }
}

#[test]
fn a_bucket_and_an_emulator_are_used() {
    let config = read(&[
        ("GCS_BUCKET_NAME", "shop-archive"),
        ("STORAGE_EMULATOR_HOST", "localhost:4443"),
    ]);
    let gcs = config.expect("a configuration").gcs.expect("a bucket");
    assert_eq!(gcs.bucket, "shop-archive");
    assert_eq!(gcs.endpoint.as_deref(), Some("http://localhost:4443"));
    // Without a bucket the emulator's variable is not read.
    let config = read(&[("STORAGE_EMULATOR_HOST", "no address")]);
    assert_eq!(config.expect("a configuration").gcs, None);
    let error = read(&[("GCS_BUCKET_NAME", "gs://shop-archive/x")]).unwrap_err();
    assert!(error.contains("the bucket's name alone"), "{error}");
}

#[test]
fn each_store_is_chosen_on_its_own() {
    let config = read(&[]).expect("a configuration");
    assert!(config.mongo.is_none() && config.redis.is_none());

    let config = read(&[("MONGODB_URI", "mongodb://h")]).expect("a configuration");
    let mongo = config.mongo.expect("MongoDB");
    assert_eq!(mongo.uri.expose(), "mongodb://h");
    assert_eq!(mongo.database, "shopstream");
    assert!(config.redis.is_none());

    let config = read(&[("REDIS_HOST", "h")]).expect("a configuration");
    let redis = config.redis.expect("Redis");
    assert_eq!((redis.host.as_str(), redis.port), ("h", 6379));
    assert!(redis.username.is_none() && redis.password.is_none());
    assert!(!redis.tls && redis.database == 0 && config.mongo.is_none());

    let config = read(&[
        ("REDIS_HOST", "::1"),
        ("REDIS_PORT", "6380"),
        ("REDIS_USERNAME", "dashboard"),
        ("REDIS_PASSWORD", "hunter2"),
        ("REDIS_TLS", "true"),
        ("REDIS_DB", "3"),
    ]);
    let redis = config.expect("a configuration").redis.expect("Redis");
    assert_eq!((redis.port, redis.tls, redis.database), (6380, true, 3));
    assert_eq!(redis.username.as_deref(), Some("dashboard"));
    let password = redis.password.expect("a password");
    assert_eq!(password.expose(), "hunter2");
}

#[test]
fn without_a_redis_host_the_other_variables_are_not_read() {
    let config = read(&[
        ("REDIS_PORT", "tcp://10.0.0.1:6379"),
        ("REDIS_TLS", "perhaps"),
        ("REDIS_PASSWORD", "YOUR_PASSWORD"),
        ("REDIS_HOST", ""),
    ]);
    assert!(config.expect("a configuration").redis.is_none());
}

#[test]
fn placeholders_are_refused_by_name() {
    for (variable, value) in [
        ("MONGODB_URI", "YOUR_MONGODB_URI"),
        ("MONGODB_URI", "mongodb://YOUR_USER:hunter2@h"),
        ("REDIS_HOST", "YOUR_REDIS_HOST"),
        ("REDIS_PORT", "YOUR_REDIS_PORT"),
        ("REDIS_USERNAME", "YOUR_USER"),
        ("REDIS_PASSWORD", "YOUR_REDIS_PASSWORD"),
        ("GCS_BUCKET_NAME", "YOUR_BUCKET"),
        ("DATA_DIR", "YOUR_DIR"),
        ("LISTEN_ADDR", "YOUR_ADDRESS"),
        ("PUBLIC_URL", "https://YOUR_HOST"),
    ] {
        let error = read(&[(variable, value), ("REDIS_HOST", "h")]);
        let error = match variable {
            "REDIS_HOST" => read(&[(variable, value)]),
            _ => error,
        };
        let error = error.unwrap_err();
        let expected = format!(
            "failed to parse {variable}: it still contains a placeholder (YOUR_…): \
             set your own value, or unset it"
        );
        assert_eq!(error, expected);
    }
}

#[test]
fn errors_and_debug_show_no_secret() {
    let secret = "hunter2";
    for variables in [
        [
            ("MONGODB_URI", "mongodb://u:hunter2@x@h"),
            ("REDIS_DB", "0"),
        ],
        [("REDIS_HOST", "redis://:hunter2@h"), ("REDIS_DB", "0")],
        [("REDIS_HOST", "h"), ("REDIS_PORT", "redis://:hunter2@h")],
        [("REDIS_HOST", "h"), ("REDIS_TLS", "rediss://:hunter2@h")],
        [("LISTEN_ADDR", "http://u:hunter2@h"), ("REDIS_DB", "0")],
        [("PUBLIC_URL", "http://u:hunter2@h"), ("REDIS_DB", "0")],
        [
            ("GCS_BUCKET_NAME", "shop"),
            ("STORAGE_EMULATOR_HOST", "http://u:hunter2@h"),
        ],
        [("GCS_BUCKET_NAME", "u:hunter2@h\nx"), ("REDIS_DB", "0")],
        [
            ("GCS_BUCKET_NAME", "gs://shop/hunter2@h"),
            ("REDIS_DB", "0"),
        ],
        [("GCS_BUCKET_NAME", "two\nlines"), ("REDIS_DB", "0")],
    ] {
        let error = read(&variables).unwrap_err();
        let named = variables.iter().any(|(name, _)| error.contains(name));
        assert!(named && !error.contains(secret), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
    let config = read(&[
        ("MONGODB_URI", "mongodb://u:hunter2@h/?appName=hunter2"),
        ("REDIS_HOST", "h"),
        ("REDIS_PASSWORD", secret),
    ]);
    let shown = format!("{:?}", config.expect("a configuration"));
    assert!(
        shown.contains("Secret(…)") && !shown.contains(secret),
        "{shown}"
    );
}

#[test]
fn bad_redis_values_are_refused() {
    for (variable, value, expected) in [
        ("REDIS_PORT", "0", "a port from 1 to 65535"),
        ("REDIS_PORT", "65536", "a port from 1 to 65535"),
        (
            "REDIS_PORT",
            "tcp://10.0.0.1:6379",
            "a port from 1 to 65535",
        ),
        ("REDIS_TLS", "yes", "true or false"),
        ("REDIS_TLS", "True", "true or false"),
        ("REDIS_DB", "-1", "the number of a database, from 0"),
        ("REDIS_DB", "first", "the number of a database, from 0"),
    ] {
        let error = read(&[("REDIS_HOST", "h"), (variable, value)]).unwrap_err();
        let whole = format!("failed to parse {variable}: expected {expected}, found \"{value}\"");
        assert_eq!(error, whole);
    }
}
