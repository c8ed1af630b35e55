//! Orders that one archive holds and another does not.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io;

use chrono::{DateTime, Utc};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use tokio_util::io::StreamReader;

use super::line::Line;
use super::words::{self, Ended};
use super::{ByteStream, ObjectError, ObjectName, ObjectStore};

/// A longer line is taken for several.
const LONGEST_LINE: u64 = 32 << 20;
/// So many characters of an order's id are enough to know it by.
const NAMED: usize = 60;
/// So many orders that are not where they were before are looked for at a time.
const LOOKED_FOR: usize = 50_000;

/// A line of one archive whose order is not in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The first line is 1.
    pub line: u64,
    /// Its first characters; `None` where the line is no order, or has no id.
    pub order_id: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
}

/// The first line of `before` about an order that `after` does not hold, among those made before
/// `until` or at a time that cannot be read; `None` also where there is no `before`. An order is
/// known by its `order_id`, and a line without one by all its bytes.
///
/// Neither is held in memory. Both come by `created_at`, so that most orders are found on the way;
/// those whose time was corrected since are looked for once more, by many.
pub async fn first_absent(
    objects: &dyn ObjectStore,
    before: &ObjectName,
    after: &ObjectName,
    until: DateTime<Utc>,
) -> Result<Option<Absent>, Ended> {
    let comparing = |error: io::Error| words::comparing(&error);
    let read = async || objects.read(after).await.map_err(words::uncompared);
    let hasher = RandomState::new();
    let mut before = match objects.read(before).await {
        Ok(content) => Lines::of(content, hasher.clone()),
        Err(ObjectError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(words::uncompared(error)),
    };
    let mut same_time = SameTime::of(Lines::of(read().await?, hasher.clone()));
    let mut elsewhere: HashMap<u64, Absent> = HashMap::new();
    loop {
        let ended = !before.next().await.map_err(comparing)?;
        let is_young = before.created_at.is_some_and(|made| made >= until);
        if !ended
            && !is_young
            && !same_time
                .has(before.made, before.key)
                .await
                .map_err(comparing)?
        {
            let absent = || before.absent();
            elsewhere.entry(before.key).or_insert_with(absent);
        }
        if ended || elsewhere.len() >= LOOKED_FOR {
            let mut again = Lines::of(read().await?, hasher.clone());
            while !elsewhere.is_empty() && again.next().await.map_err(comparing)? {
                elsewhere.remove(&again.key);
            }
            let first = elsewhere.drain().map(|(_, absent)| absent);
            let first = first.min_by_key(|absent| absent.line);
            if ended || first.is_some() {
                return Ok(first);
            }
        }
    }
}

/// Lines that come by time, and among them those of one instant.
struct SameTime<R> {
    lines: Lines<R>,
    ended: bool,
    made: Option<DateTime<Utc>>,
    keys: HashSet<u64>,
}

impl<R: AsyncBufRead + Unpin> SameTime<R> {
    fn of(lines: Lines<R>) -> Self {
        Self {
            lines,
            ended: false,
            made: None,
            keys: HashSet::new(),
        }
    }

    /// Whether the order is among those of its time. It finds none of a time before the one that
    /// was asked for last.
    async fn has(&mut self, made: Option<DateTime<Utc>>, key: u64) -> io::Result<bool> {
        if self.made < made {
            self.made = made;
            self.keys.clear();
        }
        while !self.ended && self.lines.made <= made {
            if self.lines.number > 0 && self.lines.made == made {
                self.keys.insert(self.lines.key);
            }
            self.ended = !self.lines.next().await?;
        }
        Ok(self.keys.contains(&key))
    }
}

/// An archive's lines, and the one that was read last.
struct Lines<R> {
    reader: R,
    hasher: RandomState,
    text: Vec<u8>,
    number: u64,
    /// What the order is known by.
    key: u64,
    created_at: Option<DateTime<Utc>>,
    /// The same, and of the line before where that cannot be read.
    made: Option<DateTime<Utc>>,
}

impl Lines<()> {
    fn of(content: ByteStream, hasher: RandomState) -> Lines<impl AsyncBufRead + Unpin> {
        Lines {
            reader: StreamReader::new(content),
            hasher,
            text: Vec::new(),
            number: 0,
            key: 0,
            created_at: None,
            made: None,
        }
    }
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// Moves on; false at the end.
    async fn next(&mut self) -> io::Result<bool> {
        self.text.clear();
        let mut rest = (&mut self.reader).take(LONGEST_LINE);
        let length = rest.read_until(b'\n', &mut self.text).await?;
        let line = Line::of(&self.text);
        self.number += 1;
        self.key = match line.order_id() {
            Some(id) => self.hasher.hash_one((true, id.as_bytes())),
            None => self.hasher.hash_one((false, self.text.trim_ascii_end())),
        };
        self.created_at = line.created_at();
        self.made = self.created_at.or(self.made);
        Ok(length > 0)
    }

    fn absent(&self) -> Absent {
        let order_id = Line::of(&self.text).order_id();
        Absent {
            line: self.number,
            order_id: order_id.map(|id| id.chars().take(NAMED).collect()),
            created_at: self.created_at,
        }
    }
}

#[cfg(test)]
mod tests;
