//! Conditions on `created_at`.

use mongodb::bson::{DateTime, Document, doc};

use crate::order::MILLISECONDS;
use crate::store::span::Span;

/// The years that times may be in.
pub(super) const EVER: Span = Span {
    from: MILLISECONDS.start,
    to: MILLISECONDS.end,
};

/// Matches the documents of the span; also those with an array that holds a date of it.
pub(super) fn within(span: Span) -> Document {
    doc! { "created_at": { "$gte": date(span.from), "$lt": date(span.to) } }
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

pub(super) fn date(milliseconds: i64) -> DateTime {
    DateTime::from_millis(milliseconds)
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
