//! A metric's data as a plain table, for CSV: amounts in dollars without sign or separators.

/// One cell. Text comes from the orders, and may be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// A number, a time, or a word of ours.
    Plain(String),
}

impl Cell {
    /// Text from an order.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A value of ours.
    pub fn plain(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }
}

/// Data that can be written as a table.
pub trait Sheet {
    /// The columns' names.
    fn columns(&self) -> Vec<&'static str>;

    /// Rows of as many cells.
    fn rows(&self) -> Vec<Vec<Cell>>;
}
