//! How SQLite means to answer each read.

use app::model::{Filter, OrderFilter};
use chrono::DateTime;
use rusqlite::Connection;

use super::{reads, run_log, schema};
use crate::store::span::Span;
use crate::store::{Dimension, Position, StatusRules};

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

const SPAN: Span = Span { from: 0, to: 1 };

fn filters() -> [Filter; 3] {
    let filter = |region: &str, category: &str| Filter {
        region: region.to_owned(),
        category: category.to_owned(),
    };
    [filter("", ""), filter("North", ""), filter("", "footwear")]
}

#[test]
fn metrics_search_one_index_without_sorting_and_without_the_table() {
    let rules = StatusRules::default();
    let all = Filter::default();
    for (index, dimension) in [
        ("orders_by_category (category", Dimension::Category),
        ("orders_by_region (region", Dimension::Region),
        ("orders_by_product (product_id", Dimension::Product),
        ("orders_by_status (status", Dimension::Status),
    ] {
        let step = format!("SEARCH orders USING COVERING INDEX {index}");
        assert_eq!(
            plan(&reads::next_query(dimension)),
            [format!("{step}>?)")],
            "{dimension:?}"
        );
        assert_eq!(
            plan(&reads::group_query(&rules, dimension, &all, SPAN).text),
            [format!("{step}=? AND created_at>? AND created_at<?)")],
            "{dimension:?}"
        );
    }
    assert_eq!(
        plan(&reads::totals_query(&rules, &all, SPAN).text),
        ["SEARCH orders USING COVERING INDEX orders_by_time (created_at>? AND created_at<?)"]
    );
    assert_eq!(
        plan(&reads::active_query(&all, 0).text),
        ["SEARCH orders USING COVERING INDEX orders_by_status (status=?)"]
    );
}

#[test]
fn filtered_metrics_read_no_document_either() {
    let rules = StatusRules::default();
    for filter in filters() {
        let mut queries = vec![
            reads::totals_query(&rules, &filter, SPAN).text,
            reads::active_query(&filter, 0).text,
        ];
        for dimension in [
            Dimension::Category,
            Dimension::Region,
            Dimension::Product,
            Dimension::Status,
        ] {
            queries.push(reads::group_query(&rules, dimension, &filter, SPAN).text);
        }
        for query in queries {
            let plan = plan(&query).join(", ");
            let step = "SEARCH orders USING COVERING INDEX";
            assert!(plan.starts_with(step), "{query}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{query}: {plan}");
        }
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
        order_id: String::new(),
    };
    // SQLite calls this a scan; LIMIT ends it after a few rows.
    assert_eq!(
        plan(&reads::orders_query(&all, None, 5).text),
        ["SCAN orders USING INDEX orders_by_time"]
    );
    assert_eq!(
        plan(&reads::orders_query(&all, Some(&position), 5).text),
        ["SEARCH orders USING INDEX orders_by_time ((created_at,order_id)<(?,?))"]
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
