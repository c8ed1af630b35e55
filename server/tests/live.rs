//! What open pages are told, and that the answers are new by then.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod asked;
    pub mod clock;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod draft;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod lesson;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod process;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod program;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod redis;
    pub mod replica;
    pub mod serving;
    pub mod site;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod stage;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod time;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod watched;
}

mod live_cases {
    pub mod events;
    pub mod renewal;
    pub mod replicas;
}
