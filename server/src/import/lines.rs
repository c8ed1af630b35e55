//! JSON Lines: one order a line.

use std::io::{self, BufRead};

use super::Place;
use super::batch::Batches;
use super::input::Input;

/// Lines end with `\n` or `\r\n`, the last one also with the file. Blank lines are ignored.
pub fn read(mut input: Input, batches: &mut Batches) -> io::Result<()> {
    let new_order = input.limit();
    let mut line = Vec::new();
    for number in 1.. {
        new_order();
        line.clear();
        if input.text.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let json = line.trim_ascii();
        if !json.is_empty() {
            batches.add_json(Place::Line(number), json)?;
        }
    }
    Ok(())
}
