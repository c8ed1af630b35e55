//! A query that is put together: its text, and the values of its question marks in their order.

use app::model::{Filter, OrderFilter};
use rusqlite::types::Value;

use crate::store::answers::after_all;
use crate::store::span::Span;

/// What is put together so far.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub text: String,
    pub values: Vec<Value>,
}

impl Query {
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            values: Vec::new(),
        }
    }

    /// The text continued, with the values of its question marks.
    pub fn and(mut self, text: &str, values: impl IntoIterator<Item = Value>) -> Self {
        self.text.push_str(text);
        self.values.extend(values);
        self
    }

    /// `text` and the values as a list in brackets, which may be empty.
    pub fn and_list(self, text: &str, values: &[String]) -> Self {
        let marks = vec!["?"; values.len()].join(", ");
        let values = values.iter().cloned().map(Value::from);
        self.and(&format!("{text} ({marks})"), values)
    }

    pub fn within(self, span: Span) -> Self {
        let ends = [span.from, span.to].map(Value::from);
        self.and(" AND created_at >= ? AND created_at < ?", ends)
    }

    pub fn matching(self, filter: &Filter) -> Self {
        self.equal("region", &filter.region)
            .equal("category", &filter.category)
    }

    pub fn listed(self, filter: &OrderFilter) -> Self {
        let mut query = self
            .matching(&filter.filter)
            .equal("product_id", &filter.product_id)
            .equal("customer_id", &filter.customer_id)
            .equal("status", &filter.status);
        if !filter.id_start.is_empty() {
            let ends = [filter.id_start.clone(), after_all(&filter.id_start)];
            query = query.and(" AND order_id >= ? AND order_id < ?", ends.map(Value::from));
        }
        query
    }

    /// An empty value is any.
    fn equal(self, column: &str, value: &str) -> Self {
        if value.is_empty() {
            return self;
        }
        self.and(&format!(" AND {column} = ?"), [value.to_owned().into()])
    }
}
