//! How SQLite means to answer each read.

use app::model::{Filter, OrderFilter};
use chrono::DateTime;
use rusqlite::Connection;

use crate::store::span::Span;
use crate::store::sqlite::{reads, run_log, schema};
use crate::store::{Dimension, Position, StatusRules};

/// The steps of the plan, as SQLite words them.
fn plan(sql: &str) -> Vec<String> {
    let mut connection = Connection::open_in_memory().expect("a database");
    schema::prepare(&mut connection).expect("tables");
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("a query");
    let values = vec![1; statement.parameter_count()];
    statement
        .query_map(rusqlite::params_from_iter(values), |row| row.get("detail"))
        .and_then(Iterator::collect)
        .expect("a plan")
}

const SPAN: Span = Span { from: 0, to: 1 };

fn filters() -> [Filter; 3] {
    let filter = |region: &str, category: &str| Filter {
        region: region.to_owned(),
        category: category.to_owned(),
    };
    [filter("", ""), filter("North", ""), filter("", "footwear")]
}

const DIMENSIONS: [Dimension; 4] = [
    Dimension::Category,
    Dimension::Region,
    Dimension::Product,
    Dimension::Status,
];

#[test]
fn metrics_read_the_window_of_one_index_and_no_document() {
    let rules = StatusRules::default();
    let step = "SEARCH orders USING COVERING INDEX orders_by_time (created_at>? AND created_at<?)";
    for filter in filters() {
        let by = |dimension| reads::by_query(&rules, dimension, &filter, SPAN);
        let mut queries = vec![reads::totals_query(&rules, &filter, SPAN)];
        queries.extend(DIMENSIONS.map(by));
        for query in queries {
            assert_eq!(plan(&query.text)[0], step, "{}", query.text);
        }
        assert_eq!(
            plan(&reads::active_query(&filter, 0).text),
            ["SEARCH orders USING COVERING INDEX orders_active (status=?)"]
        );
    }
}

#[test]
fn the_export_follows_the_index_of_its_order() {
    assert_eq!(
        plan(reads::DOCUMENTS),
        ["SEARCH orders USING INDEX orders_by_time (created_at>? AND created_at<?)"]
    );
}

#[test]
fn first_and_last_orders_are_taken_from_an_end_of_an_index() {
    let all = OrderFilter::default();
    let position = Position {
        created_at: DateTime::UNIX_EPOCH,
        order_id: crate::order::OrderId::Number(0),
    };
    // SQLite calls this a scan; LIMIT ends it after a few rows.
    assert_eq!(
        plan(&reads::orders_query(&all, None, 5).text),
        ["SCAN orders USING COVERING INDEX orders_by_time"]
    );
    assert_eq!(
        plan(&reads::orders_query(&all, Some(&position), 5).text),
        ["SEARCH orders USING COVERING INDEX orders_by_time ((created_at,order_id)<(?,?))"]
    );
    assert_eq!(
        plan(reads::OLDEST_SINCE),
        ["SEARCH orders USING COVERING INDEX orders_by_time (created_at>?)"]
    );
    assert_eq!(
        plan(run_log::NEWEST),
        ["SCAN archive_runs USING INDEX archive_runs_by_start"]
    );
}

#[test]
fn counting_all_orders_reads_the_smallest_index() {
    let plan = plan(reads::COUNT).join(", ");
    assert!(
        plan.starts_with("SCAN orders USING COVERING INDEX"),
        "{plan}"
    );
}

#[test]
fn the_demonstration_flag_is_looked_up() {
    let plan = plan(reads::DEMONSTRATION).join(", ");
    assert!(plan.contains("SEARCH meta USING COVERING INDEX"), "{plan}");
}
