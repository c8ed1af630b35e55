//! Cases only for Redis: keys and lifetimes, other programs, logins, and faults.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    pub mod process;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod redis;
    pub mod tls;
    pub mod toxiproxy;
}

mod redis_cases {
    pub mod claims;
    pub mod cleaning;
    pub mod faults;
    pub mod log;
    pub mod logins;
    pub mod neighbours;
    pub mod refusals;
    pub mod returns;
    pub mod sight;
    pub mod stored;
    pub mod tls;
}
