//! Answers as rows: the shape of an aggregation's result, amounts in dollars, the key in `_id`.

use app::model::Cents;
use serde::{Deserialize, Serialize};

mod own;
mod shared;

/// Below this many dollars (2^44) a double is close enough to every cent to be rounded back to it.
const EXACT_DOLLARS: f64 = 17_592_186_044_416.0;

/// An answer that can be written as rows and read back without loss.
pub trait Rows: Sized {
    /// The answer as a JSON array of objects.
    fn to_rows(&self) -> serde_json::Result<String>;

    /// Reads [`Rows::to_rows`] back; `None` for anything else, and for amounts that a double does
    /// not hold to the cent.
    fn from_rows(text: &str) -> Option<Self>;
}

fn write<T: Serialize>(rows: impl IntoIterator<Item = T>) -> serde_json::Result<String> {
    serde_json::to_string(&rows.into_iter().collect::<Vec<_>>())
}

fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Option<std::vec::IntoIter<T>> {
    serde_json::from_str::<Vec<T>>(text)
        .ok()
        .map(Vec::into_iter)
}

fn cents(dollars: f64) -> Option<Cents> {
    (dollars.abs() < EXACT_DOLLARS).then(|| Cents::from_dollars(dollars))?
}
