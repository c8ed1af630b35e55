//! Parses an order from a line of JSON.

use std::borrow::Cow;

use serde_json::Value;

use super::decimal::Decimal;
use super::fields::Fields;
use super::{Order, OrderError, OrderId, extended, instant, plain, rfc3339};

impl Order {
    /// Parses a JSON object: a line of our archives, of the lesson's files or of `mongoexport`, relaxed
    /// or canonical. What this takes is readable, for figures, archive and import alike:
    ///
    /// - `order_id`: see [`OrderId`];
    /// - `created_at`: a time of the years 1970 to 9999;
    /// - `total`: a number of at most [`MAX_ORDER_CENTS`] in either direction, rounded to whole cents,
    ///   half a cent away from zero;
    /// - `quantity`: a number, of which whole units count, or missing.
    ///
    /// A status, category or the like that is not text is shown as its JSON text.
    ///
    /// [`MAX_ORDER_CENTS`]: app::model::money::MAX_ORDER_CENTS
    pub fn from_json(line: &str) -> Result<Self, OrderError> {
        let fields = Fields::parse(line)?;
        let members = fields.iter().filter(|(key, _)| *key != "_id");
        let fields = Plain(members.map(|(key, json)| (key, plain(json))).collect());

        let order_id = fields.required("order_id", OrderId::EXPECTED, OrderId::from_json)?;
        let expected = "a time of the years 1970 to 9999 like 2026-11-07T18:37:21Z";
        let created_at = fields.required("created_at", expected, instant)?;
        let total = fields.required("total", "a number of dollars, up to a trillion", |json| {
            Decimal::parse(json)?.cents()
        })?;
        let quantity = fields.field("quantity", "a number", |json| {
            Decimal::parse(json).map(Decimal::units)
        })?;

        Ok(Self {
            order_id,
            created_at,
            customer_id: fields.label("customer_id"),
            region: fields.label("region"),
            status: fields.label("status"),
            category: fields.label("category"),
            product_id: fields.label("product_id"),
            product_name: Some(fields.label("product_name")).filter(|name| !name.is_empty()),
            quantity: quantity.unwrap_or(0),
            total,
            document: fields.document(&rfc3339(created_at)),
        })
    }
}

/// The members of an order but `_id`, values in their one form.
struct Plain<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl Plain<'_> {
    /// `None` if the field is missing.
    fn get(&self, field: &str) -> Option<&str> {
        let (_, json) = self.0.iter().find(|(key, _)| *key == field)?;
        Some(json.as_ref()).filter(|json| !["null", r#"{"$undefined":true}"#].contains(json))
    }

    fn field<T>(
        &self,
        field: &'static str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, OrderError> {
        let parse = |json| parse(json).ok_or_else(|| OrderError::field(field, expected, json));
        self.get(field).map(parse).transpose()
    }

    fn required<T>(
        &self,
        field: &'static str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, OrderError> {
        let found = self.field(field, expected, parse)?;
        found.ok_or(OrderError::Missing { field, expected })
    }

    fn label(&self, field: &str) -> String {
        let json = self.get(field).unwrap_or("\"\"");
        extended::text(json).unwrap_or_else(|| json.to_owned())
    }

    /// The line in the archive: keys in order.
    fn document(&self, created_at: &str) -> String {
        let mut document = String::from("{");
        for (key, json) in &self.0 {
            if document.len() > 1 {
                document.push(',');
            }
            document.push_str(&Value::from(*key).to_string());
            document.push(':');
            match *key {
                "created_at" => {
                    document.push('"');
                    document.push_str(created_at);
                    document.push('"');
                }
                _ => document.push_str(json),
            }
        }
        document.push('}');
        document
    }
}

#[cfg(test)]
mod tests;
