//! Which orders a reader wants to see.

use serde::{Deserialize, Serialize};

/// The orders of an answer. An empty field means all of them, and so does a field that is absent on
/// the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub region: String,
    pub category: String,
}

impl Filter {
    /// The names of the fields on the wire, in the order of [`Filter::to_query`].
    pub const FIELDS: [&'static str; 2] = ["region", "category"];

    /// Whether it selects all orders.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// "region=North&category=footwear", values percent-encoded; empty fields are left out.
    pub fn to_query(&self) -> String {
        let values = [&self.region, &self.category];
        let pairs: Vec<_> = Self::FIELDS
            .iter()
            .zip(values)
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .collect();
        pairs.join("&")
    }
}

/// The orders of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    pub filter: Filter,
    pub product_id: String,
    pub customer_id: String,
    pub status: String,
    /// The start of the `order_id`.
    pub id_start: String,
}

/// Everything but RFC 3986's unreserved characters as "%" and two capital digits.
fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(region: &str, category: &str) -> String {
        let filter = Filter {
            region: region.to_owned(),
            category: category.to_owned(),
        };
        filter.to_query()
    }

    #[test]
    fn names_come_in_one_order_and_empty_fields_not_at_all() {
        assert_eq!(query("", ""), "");
        assert_eq!(query("North", "footwear"), "region=North&category=footwear");
        assert_eq!(query("", "footwear"), "category=footwear");
    }

    #[test]
    fn no_value_can_pass_for_another_field() {
        assert_eq!(
            query("a&category=b", "größer %"),
            "region=a%26category%3Db&category=gr%C3%B6%C3%9Fer%20%25"
        );
    }
}
