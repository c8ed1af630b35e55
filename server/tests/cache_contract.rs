//! What every cache must do, case by case. A backend takes part with one line at the end of this
//! file.

#![expect(clippy::expect_used, reason = "a test ends where something fails")]

mod cache_cases {
    pub mod answers;
    pub mod entries;
    pub mod rows;
}

/// A test for every case, each with a fresh cache. `$open` is an async function that gives a cache
/// and whatever has to live as long as the cache. A case that is missing here is an unused
/// function, which does not compile without a warning.
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
            }
        }
    };
}

macro_rules! cache_contract_tests {
    ($open:path; $($group:ident { $($case:ident)* })*) => {
        $(mod $group {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let (cache, _alive) = $open().await;
                crate::cache_cases::$group::$case(&cache).await;
            })*
        })*
    };
}

async fn memory() -> (server::cache::MemoryCache, ()) {
    (server::cache::MemoryCache::new(), ())
}

cache_contract!(in_process, crate::memory);
