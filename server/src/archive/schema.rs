//! The lines of an archive as BigQuery loads them.

use serde::Serialize;

/// A column, as in the file that `bq load --schema` takes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    pub name: &'static str,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub mode: &'static str,
    pub description: &'static str,
}

/// Every column of the table. Only a line's time is certain to be there, unless that of a damaged
/// document cannot be read: what nobody can read is archived as it is. Other fields that a document has need
/// `--ignore_unknown_values`, or a column of their own. What is a decimal in MongoDB is a text in the
/// line, which BigQuery reads as a number where the column is one.
pub const COLUMNS: [Column; 11] = [
    column("order_id", "STRING", "ORD_00001"),
    column("customer_id", "STRING", "CUST_0001"),
    column("region", "STRING", "North, South, East or West"),
    column("product_id", "STRING", "PROD_001"),
    column("product_name", "STRING", "Harbor Sneaker"),
    column(
        "category",
        "STRING",
        "footwear, apparel, accessories or electronics",
    ),
    column("unit_price", "FLOAT", "dollars"),
    column("quantity", "INTEGER", "units"),
    column(
        "total",
        "FLOAT",
        "dollars, two decimals: round when summing",
    ),
    column(
        "status",
        "STRING",
        "pending, shipped, delivered or returned",
    ),
    Column {
        name: "created_at",
        kind: "TIMESTAMP",
        mode: "REQUIRED",
        description: "when the order was made, UTC",
    },
];

const fn column(name: &'static str, kind: &'static str, description: &'static str) -> Column {
    Column {
        name,
        kind,
        mode: "NULLABLE",
        description,
    }
}
