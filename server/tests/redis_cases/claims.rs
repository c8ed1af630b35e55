//! Claims of several replicas.

use app::model::Panel;
use futures::future::join_all;
use server::cache::{Cache, Claim};

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
    let ours = token(first.claim(&Panel::Today.into()).await);
    assert_eq!(second.claim(&Panel::Today.into()).await, Claim::Theirs);
    // The same replica must wait too.
    assert_eq!(first.claim(&Panel::Today.into()).await, Claim::Theirs);
    // Another key is free.
    token(second.claim(&Panel::ActiveOrders.into()).await);
    first.release(&Panel::Today.into(), &ours).await;
    let theirs = token(second.claim(&Panel::Today.into()).await);
    assert_ne!(ours, theirs);
}

#[tokio::test]
async fn a_wrong_token_releases_nothing() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let (first, second) = (server.cache(), server.cache());
    let expired = token(first.claim(&Panel::Today.into()).await);
    first.release(&Panel::Today.into(), &expired).await;
    let ours = token(second.claim(&Panel::Today.into()).await);
    for wrong in [expired.as_str(), "", "0"] {
        first.release(&Panel::Today.into(), wrong).await;
        assert_eq!(first.claim(&Panel::Today.into()).await, Claim::Theirs);
    }
    second.release(&Panel::Today.into(), &ours).await;
    token(first.claim(&Panel::Today.into()).await);
}

#[tokio::test]
async fn a_claim_ends_by_itself() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = server.cache();
    token(cache.claim(&Panel::Today.into()).await);
    let mut neighbour = server.neighbour().await;
    let lock = "{dashboard:today}:lock";
    let left: i64 = neighbour.ask(&["PTTL", lock]).await;
    assert!((1..=3000).contains(&left), "{left}");
    let _: i64 = neighbour.ask(&["PEXPIREAT", lock, "1"]).await;
    token(cache.claim(&Panel::Today.into()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_replicas_one_computes() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let replicas: Vec<_> = (0..20).map(|_| server.cache()).collect();
    let today = Panel::Today.into();
    let claims = join_all(replicas.iter().map(|cache| cache.claim(&today))).await;
    let ours = claims
        .iter()
        .filter(|claim| matches!(claim, Claim::Ours(_)));
    assert_eq!(ours.count(), 1, "{claims:?}");
    assert!(!claims.contains(&Claim::Unknown), "{claims:?}");
}
