//! Texts that start alike, as a range: every store compares text byte for byte.

/// The smallest text after all that start with `start`; `None` if there is none.
pub(super) fn after_all(start: &str) -> Option<String> {
    let mut chars: Vec<char> = start.chars().collect();
    while let Some(last) = chars.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_ends_where_texts_start_otherwise() {
        for (start, end) in [
            ("ORD_1", Some("ORD_2")),
            ("a\u{10ffff}", Some("b")),
            ("\u{d7ff}", Some("\u{e000}")),
            ("\u{10ffff}", None),
            ("", None),
        ] {
            assert_eq!(after_all(start).as_deref(), end, "{start:?}");
        }
    }
}
