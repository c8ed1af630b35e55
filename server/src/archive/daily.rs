//! How the lines of an archive are spread over its window.

use chrono::{DateTime, Utc};

use super::line::Line;
use crate::store::Piece;

/// Of a month of 31 days that daylight saving makes an hour longer.
const DAYS: usize = 32;

/// The number of orders in each 24 hours from the window's start, see
/// [`ArchiveRun::daily`](app::model::ArchiveRun::daily).
#[derive(Clone, Debug)]
pub struct Daily {
    from: DateTime<Utc>,
    counts: Vec<u64>,
}

impl Daily {
    /// Nothing yet, of a window that begins then.
    pub fn new(from: DateTime<Utc>) -> Self {
        let counts = Vec::new();
        Self { from, counts }
    }

    /// The counts, up to the last day with any.
    pub fn counts(&self) -> Vec<u64> {
        self.counts.clone()
    }

    /// Counts the next `number` lines, which come by `created_at`, but those that no metric can
    /// read. One whose time cannot be read belongs to those before it.
    pub fn add(&mut self, piece: &Piece, number: u64) {
        let unreadable: Vec<usize> = piece
            .unreadable
            .iter()
            .map(|start| {
                let end = end_of_line(&piece.lines, *start);
                self.last_day(&piece.lines[..end])
            })
            .collect();
        self.add_all(&piece.lines, number);
        for day in unreadable {
            // A line that does not come by its time may have been counted on an earlier day.
            let last = self.counts.len().saturating_sub(1);
            if let Some(count) = self.counts.get_mut(day.min(last)) {
                *count = count.saturating_sub(1);
            }
        }
    }

    fn add_all(&mut self, lines: &[u8], number: u64) {
        // Most pieces are of one day, so that two times are all that is read of them.
        let day = self.last_day(&lines[..end_of_line(lines, 0)]);
        if day == self.last_day(lines) {
            return self.count(day, number);
        }
        let ends: Vec<usize> = memchr::memchr_iter(b'\n', lines)
            .map(|end| end + 1)
            .collect();
        let mut rest = ends.as_slice();
        while let Some(end) = rest.first() {
            let day = self.last_day(&lines[..*end]);
            let same = rest.partition_point(|end| self.last_day(&lines[..*end]) <= day);
            self.count(day, same as u64);
            rest = &rest[same.max(1)..];
        }
    }

    /// The day of the last of these lines.
    fn last_day(&self, lines: &[u8]) -> usize {
        let mut backwards = lines.trim_ascii_end().rsplit(|byte| *byte == b'\n');
        let day = backwards.find_map(|line| {
            let made = Line::of(line).created_at()? - self.from;
            Some(usize::try_from(made.num_days()).unwrap_or(0).min(DAYS - 1))
        });
        day.unwrap_or(self.counts.len().saturating_sub(1))
    }

    fn count(&mut self, day: usize, lines: u64) {
        if self.counts.len() <= day {
            self.counts.resize(day + 1, 0);
        }
        self.counts[day] += lines;
    }
}

/// Behind the end of the line that begins at `start`.
fn end_of_line(lines: &[u8], start: usize) -> usize {
    memchr::memchr(b'\n', &lines[start..]).map_or(lines.len(), |end| start + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "2026-09-30T22:00:00Z";

    fn counts(pieces: &[&[&str]]) -> Vec<u64> {
        let mut daily = Daily::new(START.parse().expect("a time"));
        for piece in pieces {
            let lines: String = piece.iter().map(|line| format!("{line}\n")).collect();
            let starts = piece.iter().scan(0, |next, line| {
                let start = *next;
                *next += line.len() + 1;
                Some((start, line))
            });
            // As a store takes one without a total.
            let unreadable = starts.filter(|(_, line)| !line.contains("total"));
            let unreadable = unreadable.map(|(start, _)| start).collect();
            let taken = Piece {
                lines: lines.into(),
                unreadable,
                ..Piece::default()
            };
            daily.add(&taken, piece.len() as u64);
        }
        daily.counts()
    }

    fn at(time: &str) -> String {
        format!(
            r#"{{"order_id":"a","created_at":"{time}","items":[{{"created_at":"x"}}],"total":1}}"#
        )
    }

    #[test]
    fn lines_are_counted_by_24_hours_however_they_are_cut() {
        let lines = [
            "2026-09-30T22:00:00Z",
            "2026-10-01T21:59:59.999Z",
            "2026-10-01T22:00:00Z",
            "2026-10-04T22:00:00Z",
            "2026-10-04T22:00:00Z",
            "2026-10-31T22:59:59.999Z",
        ]
        .map(at);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut expected = vec![0; 32];
        (expected[0], expected[1], expected[4], expected[31]) = (2, 1, 2, 1);
        for size in 1..=lines.len() {
            let pieces: Vec<&[&str]> = lines.chunks(size).collect();
            assert_eq!(counts(&pieces), expected, "{size}");
        }
        assert!(counts(&[]).is_empty());
    }

    #[test]
    fn a_line_without_a_time_belongs_to_those_before() {
        let (first, second) = (at("2026-10-01T00:00:00Z"), at("2026-10-02T00:00:00Z"));
        let damaged = r#"{"damaged":"total"}"#;
        let lines = [damaged, &first, damaged, &second, damaged, damaged];
        assert_eq!(counts(&[&lines]), [3, 3]);
        assert_eq!(counts(&[&lines[..2], &lines[2..4], &lines[4..]]), [3, 3]);
        assert_eq!(counts(&[&[damaged]]), [1]);
    }

    #[test]
    fn what_no_metric_can_read_is_not_counted() {
        let (first, second) = (at("2026-10-01T00:00:00Z"), at("2026-10-02T00:00:00Z"));
        let [bare, other] = [&first, &second].map(|line| line.replace("total", "sum"));
        let lines = [&bare, &first, &bare, &second, &other].map(String::as_str);
        for size in 1..=lines.len() {
            let pieces: Vec<&[&str]> = lines.chunks(size).collect();
            assert_eq!(counts(&pieces), [1, 1], "{size}");
        }
        assert_eq!(counts(&[&[&bare]]), [0]);
    }

    #[test]
    fn lines_in_no_order_are_counted_somewhere() {
        let days = [1, 9, 4, 1].map(|day| at(&format!("2026-10-0{day}T00:00:00Z")));
        let [first, late, back, last] = &days;
        let bare = late.replace("total", "sum");
        assert_eq!(counts(&[&[first, &bare, &bare, last]]), [2]);
        let total: u64 = counts(&[&[first, late, back, last, &bare]]).iter().sum();
        assert_eq!(total, 4);
    }
}
