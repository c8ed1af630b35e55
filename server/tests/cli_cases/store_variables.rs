//! Variables of stores that cannot be used.

use super::configuration::refused;
use crate::support::program::Program;

#[test]
fn a_bucket_that_is_none() {
    let program = Program::new().with("GCS_BUCKET_NAME", "gs://bucket");
    refused(
        &program,
        "failed to parse GCS_BUCKET_NAME: expected the bucket's name alone, found \"gs://bucket\": \
         write \"bucket\"",
    );
}

#[test]
fn an_address_of_mongodb_that_is_none() {
    for (uri, because) in [
        (
            "localhost:27017",
            "expected mongodb:// or mongodb+srv:// at the beginning",
        ),
        (
            "mongodb://",
            "there is no host: expected one as in mongodb://db.example.com:27017",
        ),
        (
            "mongodb://u:hunter2@/admin",
            "there is no host: expected one as in mongodb://db.example.com:27017",
        ),
        (
            "mongodb+srv://u:hunter2@h:27017",
            "mongodb+srv:// takes a host name without port",
        ),
        (
            "mongodb://u:hunter2@h/?sslmode=1",
            "the option sslmode is not known",
        ),
    ] {
        let program = Program::new().with("MONGODB_URI", uri);
        refused(&program, &format!("failed to parse MONGODB_URI: {because}"));
    }
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
fn variables_of_redis_that_cannot_be_used() {
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
fn what_kubernetes_sets_is_not_read_without_a_host() {
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
                "failed to parse {variable}: it still holds a placeholder (YOUR_…): set your own value, or unset it"
            ),
        );
    }
}
