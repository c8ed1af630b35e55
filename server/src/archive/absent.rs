//! Orders that one archive holds and another does not.

use std::io;

use chrono::{DateTime, Utc};
use futures::StreamExt;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use tokio_util::io::StreamReader;

use super::ByteStream;
use super::line::Line;

/// A longer line is taken for several: more than the largest document of MongoDB makes, as base64.
const LONGEST_LINE: u64 = 32 << 20;

/// A line of one archive without a counterpart in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The first line is 1.
    pub line: u64,
    /// As JSON; `None` where the line is no order.
    pub order_id: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
}

/// The first line of `before` about an order that `after` does not hold, among those made before
/// `until` or at a time that cannot be read. An order is known by its `order_id`, and a line without
/// one by all its bytes.
///
/// Both are read once, without holding more than a line of each: orders that both hold have to be in
/// the same sequence, as the store gives them. One that has moved since counts as absent.
pub async fn first_absent(
    before: ByteStream,
    after: ByteStream,
    until: DateTime<Utc>,
) -> io::Result<Option<Absent>> {
    let (mut before, mut after) = (Lines::of(before), Lines::of(after));
    while before.next().await? {
        let (line, key) = (before.line(), before.key());
        if line.created_at().is_some_and(|made| made >= until) {
            continue;
        }
        loop {
            if !after.next().await? {
                return Ok(Some(Absent {
                    line: before.number,
                    order_id: line.order_id().map(str::to_owned),
                    created_at: line.created_at(),
                }));
            }
            if after.key() == key {
                break;
            }
        }
    }
    Ok(None)
}

struct Lines<R> {
    reader: R,
    text: Vec<u8>,
    number: u64,
}

impl Lines<()> {
    fn of(content: ByteStream) -> Lines<impl AsyncBufRead + Unpin> {
        Lines {
            reader: StreamReader::new(content.fuse()),
            text: Vec::new(),
            number: 0,
        }
    }
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// Moves on; false at the end.
    async fn next(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.number += 1;
        let mut rest = (&mut self.reader).take(LONGEST_LINE);
        Ok(rest.read_until(b'\n', &mut self.text).await? > 0)
    }

    fn line(&self) -> Line<'_> {
        Line::of(&self.text)
    }

    fn key(&self) -> &[u8] {
        let id = self.line().order_id();
        id.map_or(self.text.trim_ascii_end(), str::as_bytes)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use futures::stream;

    use super::*;

    fn content(text: &str) -> ByteStream {
        let pieces: Vec<_> = text
            .as_bytes()
            .chunks(7)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        stream::iter(pieces).boxed()
    }

    fn order(id: &str, day: u32) -> String {
        format!("{{\"order_id\":{id},\"created_at\":\"2026-10-{day:02}T12:00:00Z\",\"total\":1}}\n")
    }

    fn orders(orders: &[(&str, u32)]) -> String {
        orders.iter().map(|(id, day)| order(id, *day)).collect()
    }

    async fn absent(before: &str, after: &str) -> Option<Absent> {
        let until = "2026-10-20T00:00:00Z".parse().expect("a time");
        let absent = first_absent(content(before), content(after), until);
        absent.await.expect("content")
    }

    #[tokio::test]
    async fn numbers_do_not_matter_but_orders_do() {
        let before = orders(&[(r#""a""#, 1), (r#""b""#, 2), (r#""c""#, 19)]);
        assert_eq!(absent(&before, &before).await, None);
        assert_eq!(absent("", &before).await, None);
        let more = orders(&[
            (r#""b""#, 2),
            (r#""c""#, 19),
            (r#""d""#, 19),
            (r#""e""#, 21),
        ]);
        let first = absent(&before, &more).await.expect("an order");
        assert_eq!((first.line, first.order_id.as_deref()), (1, Some(r#""a""#)));
        assert_eq!(first.created_at, "2026-10-01T12:00:00Z".parse().ok());
        let fewer = orders(&[(r#""a""#, 1), (r#""b""#, 2)]);
        assert_eq!(
            absent(&before, &fewer).await.map(|absent| absent.line),
            Some(3)
        );
        assert_eq!(absent(&fewer, &before).await, None);
    }

    #[tokio::test]
    async fn an_order_may_be_another_than_before_but_is_known_by_its_id() {
        let corrected =
            order(r#""a""#, 1).replace("\"total\":1", "\"total\":\"2\",\"note\":{\"order_id\":1}");
        assert_eq!(absent(&order(r#""a""#, 1), &corrected).await, None);
        let number = order("1", 1);
        let text = order(r#""1""#, 1);
        assert!(absent(&number, &text).await.is_some());
    }

    #[tokio::test]
    async fn orders_that_cannot_have_left_are_not_looked_for() {
        assert_eq!(absent(&order("1", 20), "").await, None);
        assert!(absent(&order("1", 19), "").await.is_some());
    }

    #[tokio::test]
    async fn what_is_no_order_has_to_be_there_as_it_is() {
        let damaged = "{\"created_at\":\"2026-10-02T12:00:00Z\",\"damaged_document\":\"AA==\"}\n";
        for line in [damaged, "{\"order_id\":\"a\",\"crea", "\n", "[]\n"] {
            assert_eq!(absent(line, line).await, None, "{line}");
            let first = absent(line, &order("1", 1)).await.expect("a line");
            assert_eq!((first.line, first.order_id), (1, None), "{line}");
        }
    }
}
