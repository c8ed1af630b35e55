//! The contract of every cache, case by case. A backend joins with one line at the end of this file.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod process;
    #[expect(dead_code, reason = "other suites use the rest")]
    pub mod redis;
}

mod cache_cases {
    pub mod answers;
    pub mod claims;
    pub mod entries;
    pub mod rows;
}

/// One test for each case, each with an empty cache. `$open` is an async function that returns a cache
/// with what must live as long, or `None` without its server. A case that is not listed is an unused
/// function, and clippy refuses it.
macro_rules! cache_contract {
    ($name:ident, $open:path) => {
        mod $name {
            cache_contract_tests! { $open;
                entries {
                    an_empty_cache_has_nothing
                    what_was_put_is_there
                    the_last_put_stays
                    keys_do_not_mix
                    an_entry_of_a_megabyte_is_kept
                    any_text_is_kept
                    nothing_at_all_is_kept_as_such
                    concurrent_puts_give_one_whole_entry
                    the_cache_answers_a_ping
                }
                answers {
                    every_answer_survives
                    what_somebody_else_wrote_is_a_miss
                    another_answers_entry_is_a_miss
                }
                claims {
                    a_free_key_is_claimed
                    a_claim_that_was_released_is_free
                    a_claim_hides_no_entry
                    releasing_what_nobody_claimed_does_nothing
                }
            }
        }
    };
}

macro_rules! cache_contract_tests {
    ($open:path; $($group:ident { $($case:ident)* })*) => {
        $(mod $group {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let Some((cache, _alive)) = $open().await else {
                    return;
                };
                crate::cache_cases::$group::$case(&cache).await;
            })*
        })*
    };
}

async fn memory() -> Option<(server::cache::MemoryCache, ())> {
    Some((server::cache::MemoryCache::new(), ()))
}

cache_contract!(in_process, crate::memory);
cache_contract!(on_redis, crate::support::redis::empty_cache);
