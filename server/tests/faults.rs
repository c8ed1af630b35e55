//! The whole server while the network to MongoDB and Redis breaks, and afterwards.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod asked;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod backend;
    pub mod lesson;
    pub mod mongo;
    pub mod mongo_server;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod process;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod redis;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod replica;
    pub mod site;
    pub mod slow_queries;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod time;
    pub mod toxiproxy;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod watched;
}

mod fault_cases {
    pub mod both;
    pub mod cache;
    pub mod database;
    pub mod looks;
    pub mod replicas;
    pub mod slow;
    #[expect(dead_code, reason = "the benchmarks use the rest")]
    pub mod world;
}
