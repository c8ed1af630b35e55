//! What the driver's errors come down to.

use super::*;
use crate::causes::with_causes;

#[test]
fn the_server_that_fails_is_the_one_that_is_named() {
    let topology = "Server selection timeout: None of the available servers suitable for criteria \
                    ReadPreference(Primary). Topology: { Type: Sharded, Servers: [ { Address: \
                    one.example:27017, Type: Mongos, Average RTT: 1ms }, { Address: \
                    two.example:27018, Type: Unknown, Error: Kind: I/O error: Connection refused \
                    (os error 111), labels: {} }, { Address: three.example:27017, Type: Unknown, \
                    Error: Kind: I/O error: invalid peer certificate: UnknownIssuer } ] }";
    let text = with_causes(&no_server("ping", topology));
    assert!(
        text.contains("two.example:27018 does not answer (I/O error: Connection refused"),
        "{text}"
    );
    assert!(!text.contains("one.example"), "{text}");
}

#[test]
fn a_replica_set_without_a_primary_is_no_network_that_fails() {
    let topology = |one: &str, other: &str| {
        format!(
            "Server selection timeout: None of the available servers suitable for criteria \
             ReadPreference(Primary). Topology: {{ Type: ReplicaSetNoPrimary, Set Name: shop, \
             Servers: [ {{ Address: one.example:27017, Type: {one} }}, {{ Address: \
             two.example:27017, Type: {other} }} ] }}"
        )
    };
    let refuses = "Unknown, Error: Kind: I/O error: Connection refused (os error 111)";
    for (one, other) in [("RsSecondary", refuses), (refuses, "RsSecondary")] {
        let text = with_causes(&no_server("ping", &topology(one, other)));
        assert!(text.contains("no primary; wait for the election"), "{text}");
    }
    let text = with_causes(&no_server("ping", &topology(refuses, refuses)));
    assert!(text.contains("one.example:27017 does not answer"), "{text}");
}

#[test]
fn who_is_not_let_in_has_to_act_although_no_server_can_be_used() {
    for (cause, words) in [
        ("SCRAM failure: Authentication failed.", "authSource"),
        ("SCRAM failure: internal error", "has failed"),
    ] {
        let topology = format!(
            "Server selection timeout: No available servers. Topology: {{ Type: Single, Servers: \
             [ {{ Address: one.example:27017, Type: Unknown, Error: Kind: {cause} }} ] }}"
        );
        let error = no_server("ping", &topology);
        assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_set_that_no_server_belongs_to_is_named() {
    let topology = "Server selection timeout: No available servers. Topology: { Type: \
                    ReplicaSetNoPrimary, Set Name: shop, Servers: [  ] }";
    let error = no_server("ping", topology);
    assert!(error.to_string().contains("replicaSet="), "{error}");
}

#[test]
fn who_has_to_act_and_who_has_to_wait_is_told_apart() {
    let password = "check the user name, the password";
    for (code, message, words) in [
        (UNAUTHORIZED, "not authorized on shop", "grant it readWrite"),
        (UNAUTHORIZED, "find requires authentication", "name a user"),
        (AUTHENTICATION_FAILED, "no", password),
        (USER_NOT_FOUND, "no", password),
        (NOT_ON_A_VIEW, "no", "orders is a view"),
        (59, "no", "code 59"),
    ] {
        let error = refused("upsert", code, message);
        assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    for code in [10_107, 11_600, 189] {
        let error = refused("upsert", code, "not now");
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    }
    let error = refused("upsert", TOO_SLOW, "not now");
    assert!(matches!(error, StoreError::Late { .. }), "{error:?}");
}

#[test]
fn a_servers_message_is_one_line_of_bounded_length() {
    let error = refused("upsert", 59, &"two\nlines ".repeat(1_000));
    let text = with_causes(&error);
    assert!(!text.contains('\n') && text.chars().count() < 400, "{text}");
}
