//! Decodes pgoutput, version 1, as far as keys need it.
//! <https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html>

use std::collections::HashMap;

use bytes::{Buf, Bytes};

use super::SyncError;
use crate::config::KeyColumn;

/// What a message tells about orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A row of these keys has changed.
    Keys(Vec<String>),
    /// A table has been emptied.
    Truncated,
}

/// The tables of the stream.
pub struct Relations {
    keys: Vec<KeyColumn>,
    /// The index of the key's column in each table that has one.
    columns: HashMap<u32, usize>,
}

impl Relations {
    pub fn new(keys: Vec<KeyColumn>) -> Self {
        Self {
            keys,
            columns: HashMap::new(),
        }
    }

    /// What one message tells; `None` if it tells nothing about orders.
    pub fn read(&mut self, message: Bytes) -> Result<Option<Change>, SyncError> {
        let mut message = Message(message);
        self.change(&mut message)
            .map_err(|Short| SyncError::Refused {
                doing: "following",
                problem: "the stream holds a message that is cut off".to_owned(),
            })
    }

    fn change(&mut self, message: &mut Message) -> Result<Option<Change>, Short> {
        match message.byte()? {
            b'R' => {
                self.relation(message)?;
                Ok(None)
            }
            b'I' | b'U' | b'D' => {
                let relation = message.number()?;
                let Some(column) = self.columns.get(&relation) else {
                    return Ok(None);
                };
                let mut keys = Vec::new();
                // An update has the old key only if that has changed.
                while let Ok(kind) = message.byte() {
                    if matches!(kind, b'K' | b'O' | b'N') {
                        keys.extend(message.value_at(*column)?);
                    }
                }
                keys.dedup();
                Ok(Some(Change::Keys(keys)))
            }
            b'T' => {
                let count = message.number()?;
                message.byte()?;
                for _ in 0..count {
                    if self.columns.contains_key(&message.number()?) {
                        return Ok(Some(Change::Truncated));
                    }
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn relation(&mut self, message: &mut Message) -> Result<(), Short> {
        let relation = message.number()?;
        let (schema, table) = (message.text()?, message.text()?);
        message.byte()?;
        let mut names = Vec::new();
        for _ in 0..message.short()? {
            message.byte()?;
            names.push(message.text()?);
            message.number()?;
            message.number()?;
        }
        let of_table = self
            .keys
            .iter()
            .find(|key| key.schema == schema && key.table == table);
        let column = of_table.and_then(|key| names.iter().position(|name| *name == key.column));
        match column {
            Some(column) => self.columns.insert(relation, column),
            None => self.columns.remove(&relation),
        };
        Ok(())
    }
}

/// A message ended early.
#[derive(Debug)]
struct Short;

struct Message(Bytes);

impl Message {
    fn byte(&mut self) -> Result<u8, Short> {
        self.0.try_get_u8().map_err(|_| Short)
    }

    fn short(&mut self) -> Result<u16, Short> {
        self.0.try_get_u16().map_err(|_| Short)
    }

    fn number(&mut self) -> Result<u32, Short> {
        self.0.try_get_u32().map_err(|_| Short)
    }

    /// Up to a zero byte.
    fn text(&mut self) -> Result<String, Short> {
        let end = self.0.iter().position(|byte| *byte == 0).ok_or(Short)?;
        let text = self.0.split_to(end);
        self.0.advance(1);
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Reads a whole row, and gives the value of one column; `None` if it is null or not sent.
    fn value_at(&mut self, column: usize) -> Result<Option<String>, Short> {
        let mut value = None;
        for index in 0..usize::from(self.short()?) {
            if self.byte()? == b't' {
                let length = self.number()? as usize;
                if self.0.remaining() < length {
                    return Err(Short);
                }
                let text = self.0.split_to(length);
                if index == column {
                    value = Some(String::from_utf8_lossy(&text).into_owned());
                }
            }
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relations() -> Relations {
        let mut relations = Relations::new(vec![KeyColumn {
            schema: "shop".to_owned(),
            table: "order_lines".to_owned(),
            column: "order_id".to_owned(),
        }]);
        let told = b"R\0\0\0\x07shop\0order_lines\0i\0\x02\
            \x01id\0\0\0\0\x14\xff\xff\xff\xff\x01order_id\0\0\0\0\x14\xff\xff\xff\xff";
        assert_eq!(read(&mut relations, told), None);
        relations
    }

    fn read(relations: &mut Relations, message: &'static [u8]) -> Option<Change> {
        let event = relations.read(Bytes::from_static(message));
        event.expect("a whole message")
    }

    #[test]
    fn keys_are_read_from_the_old_row_and_the_new_one() {
        let mut relations = relations();
        let changed = |keys: &[&str]| {
            let keys = keys.iter().map(ToString::to_string).collect();
            Some(Change::Keys(keys))
        };
        let inserted = b"I\0\0\0\x07N\0\x02t\0\0\0\x011t\0\0\0\x0242";
        assert_eq!(read(&mut relations, inserted), changed(&["42"]));
        let moved = b"U\0\0\0\x07K\0\x02t\0\0\0\x011t\0\0\0\x0242N\0\x02t\0\0\0\x011t\0\0\0\x0243";
        assert_eq!(read(&mut relations, moved), changed(&["42", "43"]));
        let deleted = b"D\0\0\0\x07K\0\x02nt\0\0\0\x0242";
        assert_eq!(read(&mut relations, deleted), changed(&["42"]));
        let other_table = b"D\0\0\0\x08K\0\x02nt\0\0\0\x0242";
        assert_eq!(read(&mut relations, other_table), None);
        let truncated = b"T\0\0\0\x02\0\0\0\0\x09\0\0\0\x07";
        assert_eq!(read(&mut relations, truncated), Some(Change::Truncated));
        let others_truncated = b"T\0\0\0\x01\0\0\0\0\x09";
        assert_eq!(read(&mut relations, others_truncated), None);
    }

    #[test]
    fn a_message_that_is_cut_off_is_an_error() {
        let mut relations = relations();
        for message in [
            &b"I\0\0"[..],
            b"I\0\0\0\x07N\0\x02t\0\0\0\x09",
            b"R\0\0\0\x07shop",
        ] {
            let event = relations.read(Bytes::copy_from_slice(message));
            assert!(event.is_err(), "{message:?}");
        }
    }
}
