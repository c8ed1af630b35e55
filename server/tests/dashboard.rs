//! The dashboard's answers over a real store and the in-process cache.

#![expect(clippy::expect_used, reason = "a test ends where something fails")]

mod support {
    pub mod clock;
    pub mod draft;
    pub mod lesson;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod stage;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod time;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod watched;
}

mod dashboard_cases {
    pub mod failures;
    pub mod hours;
    pub mod metrics;
    pub mod outdated;
    pub mod refresh;
    pub mod refresh_compares;
    pub mod seen;
    pub mod sharing;
    pub mod slow;
    pub mod wire;
}
