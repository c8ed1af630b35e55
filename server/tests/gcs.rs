//! The archive job over Cloud Storage, and over one that fails on purpose.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    pub mod fault_proxy;
    pub mod gcs;
    pub mod lines;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod process;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod program;
}

mod gcs_cases {
    pub mod archive;
    pub mod copies;
    pub mod fails;
    pub mod guards;
    pub mod ping;
    pub mod program;
    pub mod receipts;
    pub mod shop;
    pub mod survives;
    pub mod uploads;
    pub mod verifies;
}
