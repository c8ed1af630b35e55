//! Text from documents.

/// The text, or "(none)" if it is empty: a blank cell would look like an error.
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
    fn empty_text_is_shown_as_none() {
        assert_eq!(or_none("shoes"), "shoes");
        assert_eq!(or_none(""), "(none)");
        assert_eq!(or_none(" "), "(none)");
    }
}
