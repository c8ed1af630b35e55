//! Orders from a real PostgreSQL, into every store.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod backend;
    pub mod mongo;
    pub mod mongo_server;
    pub mod pgbouncer;
    pub mod postgres;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod process;
    pub mod program;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod serving;
    pub mod site;
    pub mod source_shop;
    pub mod tls;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod toxiproxy;
}

/// Every case with each store as the target.
macro_rules! with_every_store {
    ($($case:ident),+ $(,)?) => {
        with_every_store!(@ sqlite crate::support::source_shop::SqliteSink, $($case),+);
        with_every_store!(@ mongo crate::support::source_shop::MongoSink, $($case),+);
    };
    (@ $store:ident $sink:path, $($case:ident),+) => {
        mod $store {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $case() {
                    let (Some(shop), Some(sink)) = (
                        crate::support::source_shop::SourceShop::with(super::SETTINGS).await,
                        <$sink as crate::support::source_shop::Sink>::open().await,
                    ) else {
                        return;
                    };
                    super::$case(shop, sink).await;
                }
            )+
        }
    };
}

mod sync_cases {
    pub mod changes;
    pub mod commands;
    pub mod drift;
    pub mod gaps;
    pub mod guard;
    pub mod incremental;
    pub mod kills;
    pub mod outages;
    pub mod refusals;
    pub mod tls;
}
