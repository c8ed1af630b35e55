//! The members of a JSON object in order, with unchanged values.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::OrderError;
use super::error::excerpt;

/// The members of a JSON object in order. Values are slices of the line.
pub struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// Parses one object. A repeated key is an error, because readers would differ in which value they
    /// use. So is a value that not every store can keep (see [`Storable`]).
    pub fn parse(line: &'a str) -> Result<Self, OrderError> {
        // Checked first, because the message of serde_json would quote the whole value.
        if !line.trim_ascii_start().starts_with('{') {
            return Err(OrderError::NotAnObject {
                found: excerpt(line),
            });
        }
        let fields: Self = serde_json::from_str(line).map_err(OrderError::NotJson)?;
        let mut keys = HashSet::with_capacity(fields.0.len());
        for (key, value) in &fields.0 {
            if !keys.insert(key.as_str()) {
                return Err(OrderError::Duplicate {
                    field: excerpt(key),
                });
            }
            let unstorable = |problem: String| OrderError::Unstorable {
                field: excerpt(key),
                problem,
            };
            if key.contains('\0') {
                return Err(unstorable(ZERO_IN_KEY.to_owned()));
            }
            let storable: Result<Storable, _> = serde_json::from_str(value.get());
            storable.map_err(|error| unstorable(error.to_string()))?;
        }
        Ok(fields)
    }

    /// Every key with the JSON text of its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.get()))
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Fields(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

const ZERO_IN_KEY: &str = "a key contains a zero character";

/// JSON that every store can keep: nested no deeper than 128 levels, without lone surrogates, numbers
/// beyond a double, and zero characters in keys. `RawValue` checks none of these, and one such order
/// would fail a whole batch in MongoDB.
struct Storable;

impl<'de> Deserialize<'de> for Storable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Storable {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key.contains('\0') {
                return Err(A::Error::custom(ZERO_IN_KEY));
            }
            map.next_value::<Self>()?;
        }
        Ok(self)
    }
}
