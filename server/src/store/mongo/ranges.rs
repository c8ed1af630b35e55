//! Conditions on `created_at`.

use chrono::{DateTime, Utc};
use mongodb::bson::{self, Document, doc};

use super::DAYS;
use crate::order::MILLISECONDS;
use crate::store::span::Span;

/// In milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// The years that times may be in.
pub(super) const EVER: Span = Span {
    from: MILLISECONDS.start,
    to: MILLISECONDS.end,
};

/// Matches the documents of the span; also those with an array that holds a date of it.
pub(super) fn within(span: Span) -> Document {
    doc! { "created_at": { "$gte": date(span.from), "$lt": date(span.to) } }
}

/// Where the newest orders are looked for, those after the first page from the time of the last one
/// back: in a day, in a week, everywhere. A server that cannot sort by an index would read the
/// whole collection for the few that a day gives.
pub(super) fn back_from(after: Option<DateTime<Utc>>, now: DateTime<Utc>) -> [Span; 3] {
    let to = after.map_or(EVER.to, |after| after.timestamp_millis() + 1);
    let last = after.map_or(now, |after| after.min(now)).timestamp_millis();
    [last - DAY, last - 7 * DAY, EVER.from].map(|from| Span { from, to })
}

/// Where the oldest order from `since` on is looked for: likewise, from where orders begin to
/// expire.
pub(super) fn on_from(since: i64, now: DateTime<Utc>) -> [Span; 3] {
    let from = since.max(EVER.from);
    let first = from.max(now.timestamp_millis() - DAYS * DAY);
    [first + DAY, first + 7 * DAY, EVER.to].map(|to| Span { from, to })
}

/// Matches the documents of the spans, and no others. Each of several ranges is answered by the
/// index of `created_at`, where one from the first to the last would read what lies between, too.
pub(super) fn within_any(spans: &[Span]) -> Document {
    let ranges = disjoint(spans);
    match ranges[..] {
        [] => within(Span { from: 0, to: 0 }),
        [range] => within(range),
        _ => {
            let ranges: Vec<_> = ranges.into_iter().map(within).collect();
            doc! { "$or": ranges }
        }
    }
}

/// Calculates whether `created_at` is a date of the span.
pub(super) fn is_within(span: Span) -> Document {
    doc! { "$and": [
        { "$gte": ["$created_at", date(span.from)] },
        { "$lt": ["$created_at", date(span.to)] },
    ] }
}

pub(super) fn date(milliseconds: i64) -> bson::DateTime {
    bson::DateTime::from_millis(milliseconds)
}

/// The spans that are not empty, in their order. Those that touch become one.
fn disjoint(spans: &[Span]) -> Vec<Span> {
    let filled = spans.iter().filter(|span| span.from < span.to);
    let mut filled: Vec<Span> = filled.copied().collect();
    filled.sort_by_key(|span| span.from);
    let mut ranges: Vec<Span> = Vec::with_capacity(filled.len());
    for span in filled {
        match ranges.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => ranges.push(span),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span((from, to): (i64, i64)) -> Span {
        Span { from, to }
    }

    #[test]
    fn a_day_is_looked_through_before_everything() {
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(1_000);
        let at = |day: i64| day * DAY;
        let newest = back_from(None, now).map(|span| (span.from, span.to));
        let to = EVER.to;
        assert_eq!(newest, [(at(999), to), (at(993), to), (EVER.from, to)]);
        let page = back_from(Some(now - chrono::TimeDelta::days(2)), now);
        assert_eq!((page[0].from, page[0].to), (at(997), at(998) + 1));
        let oldest = on_from(0, now).map(|span| (span.from, span.to));
        assert_eq!(oldest, [(0, at(966)), (0, at(972)), (0, EVER.to)]);
        let month = on_from(at(990), now);
        assert_eq!((month[0].from, month[0].to), (at(990), at(991)));
    }

    #[test]
    fn what_lies_between_windows_is_not_read() {
        for (given, expected) in [
            (&[(20, 30), (10, 20)][..], &[(10, 30)][..]),
            (&[(15, 30), (10, 40), (5, 5)], &[(10, 40)]),
            (&[(50, 60), (10, 20)], &[(10, 20), (50, 60)]),
            (&[(5, 5), (9, 0)], &[]),
        ] {
            let given: Vec<_> = given.iter().copied().map(span).collect();
            let expected: Vec<_> = expected.iter().copied().map(span).collect();
            assert_eq!(disjoint(&given), expected, "{given:?}");
        }
    }
}
