//! What documents say, as the page shows it.

/// The text, or in the place of an empty one "(none)": a blank cell would look like a fault.
pub fn or_none(text: &str) -> &str {
    if text.trim().is_empty() {
        "(none)"
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_to_be_nothing() {
        assert_eq!(or_none("shoes"), "shoes");
        assert_eq!(or_none(""), "(none)");
        assert_eq!(or_none(" "), "(none)");
    }
}
