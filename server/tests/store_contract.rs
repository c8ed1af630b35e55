//! What every order store must do. A backend takes part with one line at the end of this file.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something fails"
)]

mod support {
    pub mod agreement;
    pub mod backend;
    pub mod draft;
    pub mod lesson;
    pub mod lines;
    pub mod mongo;
    pub mod mongo_server;
    pub mod oracle;
    pub mod random;
    pub mod reads;
    pub mod sqlite;
    pub mod time;
}

mod store_cases {
    pub mod changes;
    pub mod concurrency;
    pub mod demonstration;
    pub mod documents;
    pub mod filters;
    pub mod labels;
    pub mod lesson;
    pub mod many;
    pub mod money;
    pub mod rules;
    pub mod summer_time;
    pub mod ties;
    pub mod upserts;
    pub mod whole;
    pub mod windows;
}

/// A test for every case, each with a fresh store of the backend. A case that is missing here is
/// an unused function, which does not compile without a warning.
macro_rules! store_contract {
    ($name:ident, $backend:ty) => {
        mod $name {
            use super::support::backend::Backend;

            contract_tests! { $backend;
                changes {
                    reading_leaves_the_token_alone
                    an_order_that_comes_changes_the_token
                }
                concurrency {
                    readers_and_a_writer_go_on_together
                    open_exports_hold_up_nobody
                }
                demonstration {
                    an_empty_store_is_demonstration_data
                    adoption_removes_what_is_synthetic
                    nothing_synthetic_enters_an_adopted_store
                    an_adopted_store_is_somebodys_own
                }
                documents {
                    come_by_time_then_id
                    are_those_of_the_window
                    come_byte_for_byte
                    may_be_dropped_early
                    come_in_full_when_there_are_many
                }
                filters {
                    figures_are_those_of_the_region_and_the_category
                    a_list_is_that_of_every_field
                    a_filter_is_text_and_nothing_else
                    ids_that_start_alike_are_found
                }
                labels {
                    an_unknown_category_is_shown_as_it_is
                    an_unknown_status_is_neither_returned_nor_active
                    labels_may_be_empty
                    any_text_is_kept
                    huge_text_is_kept
                }
                lesson {
                    figures_are_those_of_the_lesson
                }
                many {
                    a_hundred_thousand_orders_agree_with_the_oracle
                    a_big_batch_is_one_upsert
                }
                money {
                    doubles_that_do_not_add_up_add_up_in_cents
                    half_a_cent_goes_away_from_zero
                    thousands_of_halves_and_their_neighbours
                    negative_totals_are_subtracted
                    sums_beyond_what_a_double_counts_are_exact
                }
                rules {
                    any_statuses_may_bring_no_revenue
                    returned_orders_are_counted_whatever_brings_revenue
                    upper_and_lower_case_are_the_same
                    statuses_that_no_figure_knows_are_groups
                }
                summer_time {
                    days_of_23_and_25_hours_in_berlin
                    days_of_23_and_25_hours_in_new_york
                    the_same_time_yesterday_over_a_long_day
                    every_hour_that_elapses_is_a_window
                }
                ties {
                    groups_come_by_value
                    orders_of_one_instant_come_by_id
                    ids_of_different_types_are_different_orders
                    a_product_of_several_categories_and_names_has_the_first
                }
                upserts {
                    twice_is_once
                    replaces_every_field
                    moves_an_order_out_of_a_window
                    of_two_in_one_batch_the_later_stays
                    nothing_is_no_error
                }
                whole {
                    an_empty_store_has_nothing
                    one_order_is_everywhere
                    the_oldest_order_need_not_come_first
                    a_limit_may_be_beyond_what_is_there_or_zero
                    the_store_answers_a_ping
                }
                windows {
                    from_belongs_to_a_window_and_to_does_not
                    an_empty_window_holds_nothing
                    windows_that_follow_each_other_share_no_order
                    windows_may_overlap_and_lie_apart
                    months_end_at_midnight_of_the_business_zone
                    a_year_ends_at_midnight_of_the_business_zone
                    future_orders_are_only_active_and_recent
                }
            }
        }
    };
}

macro_rules! contract_tests {
    ($backend:ty; $($group:ident { $($case:ident)* })*) => {
        $(mod $group {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let Some(backend) = <$backend>::start().await else { return };
                crate::store_cases::$group::$case(backend.store()).await;
            })*
        })*
    };
}

store_contract!(sqlite, crate::support::sqlite::SqliteBackend);
store_contract!(mongodb, crate::support::mongo::MongoBackend);

/// For stores that notice. MongoDB does, and has a case in its own suite; mongo-java-server's sums
/// wrap around in silence.
mod sqlite_sums {
    use super::support::backend::Backend;

    contract_tests! { crate::support::sqlite::SqliteBackend;
        money {
            a_sum_beyond_64_bits_is_an_error_and_not_a_wrong_sum
        }
    }
}

/// For stores that tell of every write. What MongoDB tells depends on the server.
mod sqlite_changes {
    use super::support::backend::Backend;

    contract_tests! { crate::support::sqlite::SqliteBackend;
        changes {
            every_write_changes_the_token
        }
    }
}

/// For stores that have snapshots. A cursor of MongoDB is none: it may show what is written while
/// it is read.
mod sqlite_snapshots {
    use super::support::backend::Backend;

    contract_tests! { crate::support::sqlite::SqliteBackend;
        documents {
            are_those_at_the_time_of_the_call
        }
    }
}
