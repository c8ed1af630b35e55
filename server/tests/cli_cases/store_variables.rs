//! Bad variables of the stores.

use super::configuration::refused;
use crate::support::program::Program;

#[test]
fn a_bad_bucket() {
    let program = Program::new().with("GCS_BUCKET_NAME", "gs://bucket");
    refused(
        &program,
        "failed to parse GCS_BUCKET_NAME: expected the bucket's name alone, like shop-archive (3 to 63 \
         lower-case letters, digits, '-', '_' and '.'), found \"gs://bucket\"",
    );
}

#[test]
fn a_bad_mongodb_uri() {
    let because = "expected mongodb://USER:PASSWORD@HOST:PORT/?OPTION=VALUE, or mongodb+srv:// with one \
                   host and no port, with options that the driver knows; in the user and the password, \
                   write % as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23";
    let program = Program::new().with("MONGODB_URI", "localhost:27017");
    refused(&program, &format!("failed to parse MONGODB_URI: {because}"));
    for uri in [
        "mongodb://u:hunter2@x@h",
        "mongodb://u:hunter2/x@h",
        "mongodb://u:hunter2@h:port",
        "mongodb://u:hunter2%€@h",
    ] {
        let said = Program::new().with("MONGODB_URI", uri).fails(&["check"]);
        assert!(said.starts_with("failed to parse MONGODB_URI: "), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn bad_redis_variables() {
    for (variable, value, because) in [
        (
            "REDIS_PORT",
            "port",
            "expected a port from 1 to 65535, found \"port\"",
        ),
        (
            "REDIS_PORT",
            "65536",
            "expected a port from 1 to 65535, found \"65536\"",
        ),
        ("REDIS_TLS", "on", "expected true or false, found \"on\""),
        (
            "REDIS_DB",
            "-1",
            "expected the number of a database, from 0, found \"-1\"",
        ),
    ] {
        let program = Program::new()
            .with("REDIS_HOST", "localhost")
            .with(variable, value);
        refused(&program, &format!("failed to parse {variable}: {because}"));
    }
    for host in ["redis://:hunter2@h", "h:6379", "two hosts"] {
        let said = Program::new().with("REDIS_HOST", host).fails(&["check"]);
        assert!(
            said.starts_with("failed to parse REDIS_HOST: expected a host name"),
            "{said}"
        );
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn the_port_that_kubernetes_sets_is_not_read_without_a_host() {
    let program = Program::new().with("REDIS_PORT", "tcp://10.0.0.1:6379");
    program.succeeds(&["generate"]);
}

#[test]
fn placeholders_are_refused() {
    for (variable, value) in [
        ("MONGODB_URI", "mongodb://YOUR_USER:YOUR_PASSWORD@YOUR_HOST"),
        ("REDIS_HOST", "YOUR_REDIS_HOST"),
        ("GCS_BUCKET_NAME", "YOUR_BUCKET"),
    ] {
        let program = Program::new().with(variable, value);
        refused(
            &program,
            &format!(
                "failed to parse {variable}: it still contains a placeholder (YOUR_…): set your own value, or unset it"
            ),
        );
    }
}
