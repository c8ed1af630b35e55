//! The whole server over real stores: pages, server functions and files.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    pub mod asked;
    pub mod clock;
    pub mod draft;
    pub mod lesson;
    pub mod site;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod stage;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod time;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod watched;
    pub mod web;
}

mod http_cases {
    pub mod api;
    pub mod api_failures;
    pub mod archive;
    pub mod archive_safety;
    pub mod behind_proxy;
    pub mod browser;
    pub mod card;
    pub mod connections;
    pub mod csv;
    pub mod failing_panel;
    pub mod files;
    pub mod forms;
    pub mod headers;
    pub mod health;
    pub mod hostile;
    pub mod kept;
    pub mod page;
}
