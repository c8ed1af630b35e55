//! A metric's data as a plain table, for CSV: amounts in dollars without sign or separators.

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// A number, a time, or one of our own words.
    Plain(String),
}

impl Cell {
    /// Text from an order, which may be anything.
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

    /// The rows, with one cell a column.
    fn rows(&self) -> Vec<Vec<Cell>>;
}
