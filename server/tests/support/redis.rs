//! A Redis server for a test: a new one, or the one that TEST_REDIS_URL names.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Client, ConnectionAddr, FromRedisValue, IntoConnectionInfo};
use server::cache::RedisCache;
use server::config::{RedisConfig, Secret};
use tempfile::TempDir;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::process::{Process, free_port, on_path, skipped};

/// A server that ends with the test.
#[derive(Debug)]
pub struct RedisServer {
    process: Option<Process>,
    arguments: Vec<String>,
    port: u16,
    folder: TempDir,
}

impl RedisServer {
    /// Starts a server with these options ("--requirepass", "secret"); `None` if it is not installed.
    pub fn start(options: &[&str]) -> Option<Self> {
        let port = free_port();
        let listen = ["--port".to_owned(), port.to_string()];
        Self::listening(port, &listen, options)
    }

    /// The same, with other options to listen on `port`.
    pub fn listening(port: u16, listen: &[String], options: &[&str]) -> Option<Self> {
        if on_path("redis-server").is_none() {
            skipped("redis-server");
            return None;
        }
        let folder = TempDir::new().expect("a temporary folder");
        let mut arguments = listen.to_vec();
        let where_it_is = folder.path().to_str().expect("UTF-8");
        let always = [
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            where_it_is,
        ];
        arguments.extend(always.iter().chain(options).map(ToString::to_string));
        let mut server = Self {
            process: None,
            arguments,
            port,
            folder,
        };
        server.start_again();
        Some(server)
    }

    pub fn start_again(&mut self) {
        let program = on_path("redis-server").expect("a program");
        let log = self.folder.path().join("log");
        self.process = Some(Process::start(&program, &self.arguments, self.port, &log));
    }

    pub fn stop(&mut self) {
        self.process = None;
    }

    pub fn process(&self) -> &Process {
        self.process.as_ref().expect("a process")
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The configuration for it, without a password.
    pub fn config(&self) -> RedisConfig {
        config("127.0.0.1", self.port)
    }

    pub fn cache(&self) -> RedisCache {
        RedisCache::open(&self.config()).expect("a cache")
    }

    /// A connection of another program.
    pub async fn neighbour(&self) -> Neighbour {
        Neighbour::connect(&format!("redis://127.0.0.1:{}/", self.port)).await
    }
}

pub fn config(host: &str, port: u16) -> RedisConfig {
    RedisConfig {
        host: host.to_owned(),
        port,
        username: None,
        password: None,
        tls: false,
        database: 0,
    }
}

/// Another program that uses the server.
#[derive(Debug)]
pub struct Neighbour(MultiplexedConnection);

impl Neighbour {
    pub async fn connect(url: &str) -> Self {
        let client = Client::open(url).expect("a URL");
        let patient = redis::AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(Some(Duration::from_secs(30)));
        let connection = client.get_multiplexed_async_connection_with_config(&patient);
        Self(connection.await.expect("a connection"))
    }

    /// Sends the words as one command.
    pub async fn ask<T: FromRedisValue>(&mut self, words: &[&str]) -> T {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        self.ask_bytes(&words).await
    }

    pub async fn ask_bytes<T: FromRedisValue>(&mut self, words: &[&[u8]]) -> T {
        let mut command = redis::Cmd::new();
        command.arg(words);
        command.query_async(&mut self.0).await.expect("an answer")
    }

    /// How often the server received this command.
    pub async fn calls(&mut self, command: &str) -> u64 {
        let stats: String = self.ask(&["INFO", "commandstats"]).await;
        let start = format!("cmdstat_{command}:calls=");
        let line = stats.lines().find_map(|line| line.strip_prefix(&start));
        let number = line.and_then(|line| line.split(',').next());
        number.map_or(0, |number| number.parse().expect("a number"))
    }
}

/// What must live as long as a cache of the contract suite.
#[derive(Debug)]
pub enum Alive {
    Own {
        _server: RedisServer,
    },
    /// A named server has one database for all tests, so they take turns.
    Named {
        _alone: OwnedMutexGuard<()>,
    },
}

/// An empty cache; `None` if there is no server.
pub async fn empty_cache() -> Option<(RedisCache, Alive)> {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else {
        let server = RedisServer::start(&[])?;
        return Some((server.cache(), Alive::Own { _server: server }));
    };
    static ALONE: LazyLock<Arc<Mutex<()>>> = LazyLock::new(Arc::default);
    let alone = ALONE.clone().lock_owned().await;
    let cache = RedisCache::open(&named(&url)).expect("a cache");
    cache.clean().await.expect("cleaned");
    Some((cache, Alive::Named { _alone: alone }))
}

fn named(url: &str) -> RedisConfig {
    let info = url.into_connection_info().expect("TEST_REDIS_URL: a URL");
    let (host, port, tls) = match info.addr() {
        ConnectionAddr::Tcp(host, port) => (host, *port, false),
        ConnectionAddr::TcpTls { host, port, .. } => (host, *port, true),
        other => panic!("TEST_REDIS_URL: no such address: {other}"),
    };
    let login = info.redis_settings();
    RedisConfig {
        username: login.username().map(ToOwned::to_owned),
        password: login.password().map(Secret::new),
        tls,
        database: u32::try_from(login.db()).expect("a database"),
        ..config(host, port)
    }
}
