//! A JSON array of orders, in any layout.

use std::fmt;
use std::io;

use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Place;
use super::batch::Batches;
use super::input::Input;

/// Reads one element after the other. Where the array is not JSON or does not end, it stops with an
/// error after the orders before that place.
pub fn read(input: Input, batches: &mut Batches) -> io::Result<()> {
    let orders = Orders {
        new_order: input.limit(),
        batches,
    };
    let mut json = serde_json::Deserializer::from_reader(input.text);
    json.deserialize_seq(orders)
        .and_then(|()| json.end())
        .map_err(|error| io::Error::other(format!("the JSON array is broken: {error}")))
}

struct Orders<'a, N> {
    new_order: N,
    batches: &'a mut Batches,
}

impl<'de, N: Fn()> Visitor<'de> for Orders<'_, N> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut number = 0;
        (self.new_order)();
        while let Some(element) = elements.next_element::<Box<RawValue>>()? {
            number += 1;
            self.batches
                .add_json(Place::Order(number), element.get().as_bytes())
                .map_err(A::Error::custom)?;
            (self.new_order)();
        }
        Ok(())
    }
}
