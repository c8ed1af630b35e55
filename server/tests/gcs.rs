//! Cloud Storage behind a proxy that fails on purpose.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    pub mod fault_proxy;
    pub mod gcs;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod process;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod program;
}

mod gcs_cases {
    pub mod bucket;
    pub mod downloads;
    pub mod fails;
    pub mod ping;
    pub mod program;
    pub mod uploads;
}
