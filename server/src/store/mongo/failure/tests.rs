//! What the driver's errors come down to.

use super::*;
use crate::causes::with_causes;

#[test]
fn a_networks_error_comes_down_to_what_to_look_at() {
    for (cause, expected) in [
        (
            "Kind: I/O error: Connection refused (os error 111)",
            "refuses connections",
        ),
        (
            "Kind: I/O error: failed to lookup address information",
            "no such host",
        ),
        (
            "Kind: I/O error: invalid peer certificate: UnknownIssuer",
            "no TLS connection",
        ),
        (
            "Kind: I/O error: unexpected end of file",
            "ends connections",
        ),
        ("Kind: I/O error: timed out", "does not answer"),
    ] {
        // The host's name must not be taken for the cause.
        let topology = format!(
            "Server selection timeout: No available servers. Topology: {{ Type: Unknown, \
             Servers: [ {{ Address: tls-resolve-refused.net:27017, Type: Unknown, \
             Error: {cause} }} ] }}"
        );
        let text = with_causes(&no_server("ping", &topology));
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("tls-resolve-refused.net:27017"), "{text}");
    }
}

#[test]
fn who_has_to_act_and_who_has_to_wait_is_told_apart() {
    for (code, words) in [
        (UNAUTHORIZED, "grant it readWrite"),
        (
            AUTHENTICATION_FAILED,
            "user name or password in MONGODB_URI",
        ),
        (NOT_ON_A_VIEW, "orders is a view"),
        (59, "code 59"),
    ] {
        let error = refused("upsert", code, "no");
        assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    for code in [TOO_SLOW, 10_107, 11_600, 189] {
        let error = refused("upsert", code, "not now");
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    }
}

#[test]
fn a_servers_message_is_one_line_of_bounded_length() {
    let error = refused("upsert", 59, &"two\nlines ".repeat(1_000));
    let text = with_causes(&error);
    assert!(!text.contains('\n') && text.chars().count() < 400, "{text}");
}
