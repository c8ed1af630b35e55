//! The real program on the command line.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    pub mod mongo_server;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod process;
    pub mod program;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod redis;
    pub mod serving;
    pub mod shop;
    pub mod site;
}

mod cli_cases {
    pub mod archive;
    pub mod archive_mongo;
    pub mod check;
    pub mod configuration;
    pub mod data_dir;
    pub mod drop_orders;
    pub mod generate;
    pub mod help;
    pub mod import;
    pub mod migrate;
    pub mod mongo;
    pub mod output;
    pub mod redis;
    pub mod serve;
    pub mod stopping;
    pub mod store_variables;
    pub mod two_servers;
    pub mod verify;
}
