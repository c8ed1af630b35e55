//! Parses an order from a line of JSON.

use super::fields::Fields;
use super::{Order, OrderError, extended, instant, number, plain::plain};

const MAX_ID_BYTES: usize = 200;

/// More units would be a mistake, and their sum might overflow 64 bits.
const MAX_UNITS: u64 = 1_000_000_000;

impl Order {
    /// Parses a JSON object: a line of our archives, of the lesson's files or of `mongoexport`, relaxed
    /// or canonical.
    ///
    /// `order_id`, `created_at` and `total` are required. A status, category or the like that is not
    /// text is shown as its JSON text.
    pub fn from_json(line: &str) -> Result<Self, OrderError> {
        let fields = Fields::parse(line)?;

        let expected = "a text of 1 to 200 bytes";
        let json = required(&fields, "order_id", expected)?;
        let order_id = extended::text(json)
            .filter(|id| (1..=MAX_ID_BYTES).contains(&id.len()))
            .ok_or_else(|| OrderError::field("order_id", expected, json))?;

        let expected = "a time of the years 1970 to 9999 like 2026-11-07T18:37:21Z";
        let json = required(&fields, "created_at", expected)?;
        let created_at =
            instant(json).ok_or_else(|| OrderError::field("created_at", expected, json))?;

        let expected = "an amount in dollars";
        let json = required(&fields, "total", expected)?;
        let total =
            number::cents(json).ok_or_else(|| OrderError::field("total", expected, json))?;

        let quantity = match fields.get("quantity") {
            None => 0,
            Some(json) => number::integer(json)
                .filter(|quantity| quantity.unsigned_abs() <= MAX_UNITS)
                .ok_or_else(|| {
                    OrderError::field("quantity", "a whole number up to a billion", json)
                })?,
        };

        Ok(Self {
            order_id,
            created_at,
            customer_id: label(&fields, "customer_id"),
            region: label(&fields, "region"),
            status: label(&fields, "status"),
            category: label(&fields, "category"),
            product_id: label(&fields, "product_id"),
            product_name: Some(label(&fields, "product_name")).filter(|name| !name.is_empty()),
            quantity,
            total,
            document: document(&fields, &instant::rfc3339(created_at)),
        })
    }
}

fn required<'a>(
    fields: &Fields<'a>,
    field: &'static str,
    expected: &'static str,
) -> Result<&'a str, OrderError> {
    fields
        .get(field)
        .ok_or(OrderError::Missing { field, expected })
}

fn label(fields: &Fields<'_>, field: &str) -> String {
    let json = fields.get(field).unwrap_or("\"\"");
    extended::text(json).unwrap_or_else(|| plain(json))
}

/// The line in the archive: keys in order, values as [`plain`] writes them.
fn document(fields: &Fields<'_>, created_at: &str) -> String {
    let mut document = String::from("{");
    for (key, json) in fields.iter().filter(|(key, _)| *key != "_id") {
        if document.len() > 1 {
            document.push(',');
        }
        document.push_str(&serde_json::Value::from(key).to_string());
        document.push(':');
        match key {
            "created_at" => {
                document.push('"');
                document.push_str(created_at);
                document.push('"');
            }
            _ => document.push_str(&plain(json)),
        }
    }
    document.push('}');
    document
}

#[cfg(test)]
mod tests;
