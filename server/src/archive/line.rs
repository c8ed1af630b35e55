//! What can be asked of an archive's line.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::order;

/// A line as it was written; nothing is known of one that is no JSON object.
#[derive(Copy, Clone, Debug, Default, Deserialize)]
pub struct Line<'a> {
    #[serde(borrow, default)]
    order_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    created_at: Option<&'a RawValue>,
}

impl<'a> Line<'a> {
    /// The line, with its line end or without.
    pub fn of(line: &'a [u8]) -> Self {
        serde_json::from_slice(line).unwrap_or_default()
    }

    /// The order's id as JSON.
    pub fn order_id(&self) -> Option<&'a str> {
        self.order_id.map(RawValue::get)
    }

    /// When the order was made.
    pub fn created_at(&self) -> Option<DateTime<Utc>> {
        order::instant(self.created_at?.get())
    }
}
