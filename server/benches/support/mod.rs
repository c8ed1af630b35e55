//! The tests' servers and the ways to them.

#![expect(dead_code, reason = "the tests use the rest")]

#[path = "../../tests/support/asked.rs"]
pub mod asked;
#[path = "../../tests/support/backend.rs"]
pub mod backend;
#[path = "../../tests/support/lesson.rs"]
pub mod lesson;
#[path = "../../tests/support/mongo.rs"]
pub mod mongo;
#[path = "../../tests/support/mongo_server.rs"]
pub mod mongo_server;
#[path = "../../tests/support/process.rs"]
pub mod process;
#[path = "../../tests/support/redis.rs"]
pub mod redis;
#[path = "../../tests/support/replica.rs"]
pub mod replica;
#[path = "../../tests/support/site.rs"]
pub mod site;
#[path = "../../tests/support/slow_queries.rs"]
pub mod slow_queries;
#[path = "../../tests/support/time.rs"]
pub mod time;
#[path = "../../tests/support/toxiproxy.rs"]
pub mod toxiproxy;
#[path = "../../tests/support/watched.rs"]
pub mod watched;
