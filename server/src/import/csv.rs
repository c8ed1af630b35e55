//! CSV by RFC 4180. The first line names the columns, and a column's name decides its type.

use std::io;

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder, StringRecord, Trim};
use serde_json::{Number, Value};

use super::Place;
use super::batch::Batches;
use super::input::Input;
use crate::order::Order;

/// Without these columns no row is an order.
const REQUIRED: [&str; 3] = ["order_id", "created_at", "total"];
/// The columns that hold numbers. All others hold text.
const NUMBERS: [&str; 3] = ["unit_price", "quantity", "total"];

/// Whether the file begins with the names of an order's columns.
pub fn is_header(head: &[u8]) -> bool {
    reader(head).headers().is_ok_and(|names| {
        let has = |column: &&str| names.iter().any(|name| name == *column);
        REQUIRED.iter().all(has)
    })
}

/// An empty cell is a field that is missing. A row with too few or too many cells is left out.
pub fn read(input: Input, batches: &mut Batches) -> io::Result<()> {
    let new_order = input.limit();
    let mut rows = reader(input.text);
    let names = rows.headers()?.clone();
    let mut row = ByteRecord::new();
    loop {
        new_order();
        let line = rows.position().line();
        let read = rows.read_byte_record(&mut row);
        let line = Place::Line(row.position().map_or(line, csv::Position::line));
        match read {
            Ok(false) => return Ok(()),
            Ok(true) => batches.add(line, order(&names, &row))?,
            Err(error) => match error.kind() {
                ErrorKind::UnequalLengths {
                    expected_len, len, ..
                } => {
                    let problem = format!("expected {expected_len} columns, found {len}");
                    batches.add(line, Err(problem))?;
                }
                _ => return Err(error.into()),
            },
        }
    }
}

fn reader<R: io::Read>(text: R) -> Reader<R> {
    ReaderBuilder::new().trim(Trim::Headers).from_reader(text)
}

fn order(names: &StringRecord, row: &ByteRecord) -> Result<Order, String> {
    let mut members = Vec::with_capacity(row.len());
    for (name, cell) in names.iter().zip(row) {
        let cell = str::from_utf8(cell).map_err(|_| format!("{name}: not UTF-8"))?;
        if cell.is_empty() {
            continue;
        }
        let is_number = NUMBERS.contains(&name) && cell.parse::<Number>().is_ok();
        let json = match is_number {
            true => cell.to_owned(),
            false => Value::from(cell).to_string(),
        };
        members.push(format!("{}:{json}", Value::from(name)));
    }
    let json = format!("{{{}}}", members.join(","));
    Order::from_json(&json).map_err(|error| error.to_string())
}
