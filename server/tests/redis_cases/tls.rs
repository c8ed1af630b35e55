//! TLS.

use app::model::Panel;
use server::cache::{Cache, RedisCache};
use server::config::RedisConfig;

use super::sight::{entry, given_up};
use crate::support::process::free_port;
use crate::support::redis::{RedisServer, config};
use crate::support::tls::Certificate;

fn start() -> Option<(RedisServer, Certificate)> {
    let certificate = Certificate::new()?;
    let port = free_port();
    let file = |name| {
        let path = certificate.file(name);
        path.to_str().expect("UTF-8").to_owned()
    };
    let listen = [
        "--port".to_owned(),
        "0".to_owned(),
        "--tls-port".to_owned(),
        port.to_string(),
        "--tls-cert-file".to_owned(),
        file("server.pem"),
        "--tls-key-file".to_owned(),
        file("server.key"),
        "--tls-ca-cert-file".to_owned(),
        file("ca.pem"),
        "--tls-auth-clients".to_owned(),
        "no".to_owned(),
    ];
    let server = RedisServer::listening(port, &listen, &[])?;
    Some((server, certificate))
}

fn with_tls(config: RedisConfig) -> RedisConfig {
    RedisConfig {
        tls: true,
        ..config
    }
}

async fn fails(cache: &RedisCache) -> String {
    given_up(cache).await;
    cache.ping().await.expect_err("an error").words
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_tls() {
    let Some((server, certificate)) = start() else {
        return;
    };
    let roots = std::fs::read(certificate.file("ca.pem")).expect("a file");
    let localhost = with_tls(config("localhost", server.port()));
    let cache = RedisCache::open_trusting(&localhost, &roots).expect("a cache");
    assert_eq!(cache.ping().await, Ok(()));
    cache.put(&Panel::Today.into(), entry("[1]")).await;
    assert_eq!(cache.get(&Panel::Today.into()).await, Some(entry("[1]")));
    assert_eq!(
        cache.location(),
        format!("rediss://localhost:{}/0", server.port())
    );

    // The system does not know its authority.
    let words = fails(&RedisCache::open(&localhost).expect("a cache")).await;
    assert!(words.contains("check the server's certificate"), "{words}");

    // The certificate is for another name.
    let other = with_tls(server.config());
    let cache = RedisCache::open_trusting(&other, &roots).expect("a cache");
    let words = fails(&cache).await;
    assert!(words.contains("check the server's certificate"), "{words}");

    // Without TLS.
    let words = fails(&server.cache()).await;
    assert!(words.contains("REDIS_TLS"), "{words}");
}

#[tokio::test]
async fn tls_where_the_server_has_none() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let cache = RedisCache::open(&with_tls(server.config())).expect("a cache");
    let words = fails(&cache).await;
    assert!(words.contains("REDIS_TLS"), "{words}");
}

#[tokio::test]
async fn bad_roots_are_reported() {
    let config = with_tls(config("localhost", 1));
    let garbage = b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n";
    RedisCache::open_trusting(&config, garbage).expect_err("an error");
}
