//! Claims that keep other replicas out.

use futures::future::join_all;
use server::cache::{Cache, Claim, Key};

use crate::support::redis::RedisServer;

fn token(claim: Claim) -> String {
    match claim {
        Claim::Ours(token) => token,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_second_waits_until_the_first_is_released() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let (first, second) = (server.cache(), server.cache());
    let ours = token(first.claim(Key::Today).await);
    assert_eq!(second.claim(Key::Today).await, Claim::Theirs);
    // It is no different for the one that holds it: two requests are two claims.
    assert_eq!(first.claim(Key::Today).await, Claim::Theirs);
    // Another key is another claim.
    token(second.claim(Key::ActiveOrders).await);
    first.release(Key::Today, &ours).await;
    let theirs = token(second.claim(Key::Today).await);
    assert_ne!(ours, theirs);
}

#[tokio::test]
async fn a_wrong_token_releases_nothing() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let (first, second) = (server.cache(), server.cache());
    let expired = token(first.claim(Key::Today).await);
    first.release(Key::Today, &expired).await;
    let ours = token(second.claim(Key::Today).await);
    for wrong in [expired.as_str(), "", "0"] {
        first.release(Key::Today, wrong).await;
        assert_eq!(first.claim(Key::Today).await, Claim::Theirs);
    }
    second.release(Key::Today, &ours).await;
    token(first.claim(Key::Today).await);
}

#[tokio::test]
async fn a_claim_ends_by_itself() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    token(cache.claim(Key::Today).await);
    let mut neighbour = server.neighbour().await;
    let lock = "{dashboard:today}:lock";
    let left: i64 = neighbour.ask(&["PTTL", lock]).await;
    assert!((1..=3000).contains(&left), "{left}");
    let _: i64 = neighbour.ask(&["PEXPIREAT", lock, "1"]).await;
    token(cache.claim(Key::Today).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_replicas_one_computes() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let replicas: Vec<_> = (0..20).map(|_| server.cache()).collect();
    let claims = join_all(replicas.iter().map(|cache| cache.claim(Key::Today))).await;
    let ours = claims
        .iter()
        .filter(|claim| matches!(claim, Claim::Ours(_)));
    assert_eq!(ours.count(), 1, "{claims:?}");
    assert!(!claims.contains(&Claim::Unknown), "{claims:?}");
}
