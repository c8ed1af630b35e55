//! Passwords, users and databases.

use app::model::{Panel, Trouble};
use server::cache::{Cache, CacheError, RedisCache};
use server::config::{RedisConfig, Secret};

use super::sight::{entry, given_up, healed};
use crate::support::redis::{Neighbour, RedisServer};

const PASSWORD: &str = "hunter2 &%@:/ß";

fn with_password(config: RedisConfig, password: &str) -> RedisConfig {
    RedisConfig {
        password: Some(Secret::new(password)),
        ..config
    }
}

async fn works(config: &RedisConfig) {
    let cache = RedisCache::open(config).expect("a cache");
    assert_eq!(cache.ping().await, Ok(()));
    cache.put(&Panel::Today.into(), entry("[1]")).await;
    assert_eq!(cache.get(&Panel::Today.into()).await, Some(entry("[1]")));
}

/// The error of a ping.
async fn fails(config: &RedisConfig) -> String {
    let cache = RedisCache::open(config).expect("a cache");
    assert_eq!(cache.get(&Panel::Today.into()).await, None);
    let words = cache.ping().await.expect_err("an error").words;
    for text in [&words, &format!("{cache:?}"), &cache.location().to_owned()] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    given_up(&cache).await;
    // The reason stays known while the breaker is open.
    let refused = CacheError {
        words: words.clone(),
        trouble: Trouble::Refused,
    };
    assert_eq!(cache.ping().await, Err(refused));
    words
}

#[tokio::test]
async fn a_password() {
    let Some(server) = RedisServer::start(&["--requirepass", PASSWORD]) else {
        return;
    };
    works(&with_password(server.config(), PASSWORD)).await;
    assert_eq!(
        fails(&server.config()).await,
        "the server requires a password: set REDIS_PASSWORD"
    );
    assert_eq!(
        fails(&with_password(server.config(), "hunter2")).await,
        "REDIS_PASSWORD is wrong: correct it, or unset it if the server has none"
    );
}

#[tokio::test]
async fn a_password_that_the_server_does_not_need() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let words = fails(&with_password(server.config(), "hunter2")).await;
    assert!(words.contains("unset it"), "{words}");
}

#[tokio::test]
async fn a_user() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let mut admin = server.neighbour().await;
    let password = format!(">{PASSWORD}");
    let user = ["ACL", "SETUSER", "dash", "on", &password, "resetkeys"];
    // The permissions that the error for NOPERM advises.
    let rights = [
        "~dashboard:*",
        "~{dashboard:*",
        "+@read",
        "+@write",
        "+@transaction",
        "+@scripting",
    ];
    let _: () = admin.ask(&[&user[..], &rights[..]].concat()).await;
    let login = RedisConfig {
        username: Some("dash".to_owned()),
        ..with_password(server.config(), PASSWORD)
    };
    works(&login).await;
    let cache = RedisCache::open(&login).expect("a cache");
    let claim = cache.claim(&Panel::Today.into()).await;
    let server::cache::Claim::Ours(token) = claim else {
        panic!("{claim:?}");
    };
    cache.release(&Panel::Today.into(), &token).await;
    assert!(matches!(
        cache.claim(&Panel::Today.into()).await,
        server::cache::Claim::Ours(_)
    ));
    assert_eq!(cache.clean().await, Ok(3));
    let wrong = with_password(login.clone(), "hunter2");
    assert!(
        fails(&wrong)
            .await
            .starts_with("REDIS_USERNAME or REDIS_PASSWORD")
    );
    let _: () = admin
        .ask(&["ACL", "SETUSER", "dash", "resetkeys", "~other:*"])
        .await;
    let words = fails(&login).await;
    assert!(words.contains("allow REDIS_USERNAME"), "{words}");
}

#[tokio::test]
async fn a_password_corrected_on_the_server_works_without_restart() {
    let Some(server) = RedisServer::start(&["--requirepass", "other"]) else {
        return;
    };
    let config = with_password(server.config(), PASSWORD);
    let cache = RedisCache::open(&config).expect("a cache");
    given_up(&cache).await;
    let url = format!("redis://:other@127.0.0.1:{}/", server.port());
    let mut admin = Neighbour::connect(&url).await;
    let _: () = admin.ask(&["CONFIG", "SET", "requirepass", PASSWORD]).await;
    healed(&cache).await;
}

#[tokio::test]
async fn a_database_number() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let config = |database| RedisConfig {
        database,
        ..server.config()
    };
    works(&config(3)).await;
    let mut neighbour = server.neighbour().await;
    assert_eq!(neighbour.ask::<u64>(&["DBSIZE"]).await, 0);
    let _: () = neighbour.ask(&["SELECT", "3"]).await;
    assert_eq!(neighbour.ask::<u64>(&["DBSIZE"]).await, 2);
    assert_eq!(
        fails(&config(99)).await,
        "the server has no database REDIS_DB=99: choose another"
    );
}
