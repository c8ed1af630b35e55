//! How SQLite means to answer each read.

use rusqlite::Connection;

use super::{groups, queries, run_log, schema};

/// The steps of the plan, as SQLite words them.
fn plan(sql: &str) -> Vec<String> {
    let mut connection = Connection::open_in_memory().expect("a database");
    schema::create(&mut connection).expect("tables");
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("a query");
    let values = vec![1; statement.parameter_count()];
    statement
        .query_map(rusqlite::params_from_iter(values), |row| row.get("detail"))
        .and_then(Iterator::collect)
        .expect("a plan")
}

#[test]
fn metrics_search_one_index_without_sorting_and_without_the_table() {
    for (sql, index) in [
        (groups::NEXT_CATEGORY, "orders_by_category (category>?)"),
        (
            groups::CATEGORY,
            "orders_by_category (category=? AND created_at>? AND created_at<?)",
        ),
        (groups::NEXT_PRODUCT, "orders_by_product (product_id>?)"),
        (
            groups::PRODUCT,
            "orders_by_product (product_id=? AND created_at>? AND created_at<?)",
        ),
        (
            queries::COUNT_IN,
            "orders_by_time (created_at>? AND created_at<?)",
        ),
        (
            queries::FIGURES,
            "orders_by_time (created_at>? AND created_at<?)",
        ),
        (queries::ACTIVE, "orders_active (status=?)"),
    ] {
        let step = format!("SEARCH orders USING COVERING INDEX {index}");
        assert_eq!(plan(sql), [step], "{sql}");
    }
}

#[test]
fn the_export_follows_the_index_of_its_order() {
    assert_eq!(
        plan(queries::DOCUMENTS),
        ["SEARCH orders USING INDEX orders_by_time (created_at>? AND created_at<?)"]
    );
}

#[test]
fn first_and_last_orders_are_taken_from_an_end_of_an_index() {
    // SQLite calls this a scan; LIMIT ends it after a few rows.
    assert_eq!(
        plan(queries::RECENT),
        ["SCAN orders USING INDEX orders_by_time"]
    );
    assert_eq!(
        plan(queries::OLDEST_SINCE),
        ["SEARCH orders USING COVERING INDEX orders_by_time (created_at>?)"]
    );
    assert_eq!(
        plan(run_log::NEWEST),
        ["SCAN archive_runs USING INDEX archive_runs_by_start"]
    );
}

#[test]
fn counting_all_orders_reads_the_smallest_index() {
    let plan = plan(queries::COUNT).join(", ");
    assert!(
        plan.starts_with("SCAN orders USING COVERING INDEX"),
        "{plan}"
    );
}

#[test]
fn the_demonstration_flag_is_looked_up() {
    let plan = plan(queries::DEMONSTRATION).join(", ");
    assert!(plan.contains("SEARCH meta USING COVERING INDEX"), "{plan}");
}
