//! What only MongoDB has: documents that other programs wrote, addresses that do not work, indexes.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    pub mod agreement;
    pub mod backend;
    pub mod draft;
    pub mod fake_mongo;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod lesson;
    pub mod lines;
    pub mod mongo;
    pub mod mongo_server;
    pub mod oracle;
    pub mod random;
    pub mod random_documents;
    pub mod reads;
    pub mod sqlite;
    pub mod time;
}

mod mongo_cases {
    mod addresses;
    mod changes;
    mod demonstration;
    mod elections;
    mod explained;
    mod hostile;
    mod labels;
    mod lesson;
    mod lines;
    mod migrate;
    mod odd;
    mod round_trip;
    mod same_bytes;
}
