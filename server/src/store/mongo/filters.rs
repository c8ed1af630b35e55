//! The page's filters as conditions.
//!
//! `$match` also looks into arrays. So each condition comes twice: once for `$match`, which finds
//! the documents with an index, and once as a calculation, which only a text fulfils.

use app::model::{Filter, OrderFilter};
use mongodb::bson::{Bson, Document, doc};

use crate::store::answers::after_all;

/// Conditions that all have to hold.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// For `$match`.
    pub found: Document,
    /// For `$and` in `$cond`.
    pub checks: Vec<Document>,
}

impl Conditions {
    pub fn of(filter: &Filter) -> Self {
        let mut conditions = Self::default();
        conditions.equal("region", &filter.region);
        conditions.equal("category", &filter.category);
        conditions
    }

    pub fn of_list(filter: &OrderFilter) -> Self {
        let mut conditions = Self::of(&filter.filter);
        conditions.equal("product_id", &filter.product_id);
        conditions.equal("customer_id", &filter.customer_id);
        conditions.status(&filter.status);
        conditions.starts_with("order_id", &filter.id_start);
        conditions
    }

    /// An empty value is any.
    fn equal(&mut self, field: &str, value: &str) {
        if !value.is_empty() {
            self.found.insert(field, value);
            self.checks
                .push(doc! { "$eq": [format!("${field}"), literal(value)] });
        }
    }

    /// Not found by an index, which knows upper and lower case.
    fn status(&mut self, value: &str) {
        if !value.is_empty() {
            let value = value.to_ascii_lowercase();
            self.checks
                .push(doc! { "$eq": [status(), literal(&value)] });
        }
    }

    fn starts_with(&mut self, field: &str, start: &str) {
        if start.is_empty() {
            return;
        }
        let end = after_all(start);
        let path = format!("${field}");
        self.checks.push(doc! { "$gte": [&path, literal(start)] });
        self.checks.push(doc! { "$lt": [path, literal(&end)] });
        self.found.insert(field, doc! { "$gte": start, "$lt": end });
    }
}

/// Calculates the status in lower case; empty if it is no text.
pub(super) fn status() -> Document {
    let text = doc! { "$cond": [is_text("$status"), "$status", ""] };
    doc! { "$toLower": text }
}

/// Calculates whether the field is a text. An object comes after every text.
pub(super) fn is_text(field: &str) -> Document {
    doc! { "$and": [{ "$gte": [field, ""] }, { "$lt": [field, {}] }] }
}

/// A text that is calculated with as it is: "$status" would be a field.
pub(super) fn literal(text: &str) -> Bson {
    match text.starts_with('$') {
        true => doc! { "$literal": text }.into(),
        false => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_fields_are_no_conditions() {
        let conditions = Conditions::of_list(&OrderFilter::default());
        assert!(conditions.found.is_empty() && conditions.checks.is_empty());
    }

    #[test]
    fn every_condition_is_found_and_checked() {
        let filter = OrderFilter {
            status: "$Status".to_owned(),
            id_start: "ORD_1".to_owned(),
            ..OrderFilter::default()
        };
        let conditions = Conditions::of_list(&filter);
        assert_eq!(
            conditions.found,
            doc! { "order_id": { "$gte": "ORD_1", "$lt": "ORD_1\u{10ffff}" } }
        );
        assert_eq!(
            conditions.checks,
            [
                doc! { "$eq": [status(), { "$literal": "$status" }] },
                doc! { "$gte": ["$order_id", "ORD_1"] },
                doc! { "$lt": ["$order_id", "ORD_1\u{10ffff}"] },
            ]
        );
    }
}
