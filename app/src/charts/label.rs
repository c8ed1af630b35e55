//! Short forms of numbers and names.

/// The number as a tick: "0", "800", "12.5k", "3M". Exact below a thousand.
pub fn tick(value: f64) -> String {
    let (unit, suffix) = match value {
        ..1e3 => return format!("{value}"),
        1e3..1e6 => (1e3, "k"),
        1e6..1e9 => (1e6, "M"),
        _ => (1e9, "G"),
    };
    let tenths = (value / unit * 10.0).round();
    if tenths % 10.0 == 0.0 {
        format!("{}{suffix}", tenths / 10.0)
    } else {
        format!("{:.1}{suffix}", tenths / 10.0)
    }
}

/// At most `limit` characters; a longer text ends in an ellipsis.
pub fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let kept: String = text.chars().take(limit.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_ticks_are_short() {
        let texts: Vec<_> = [0.0, 5.0, 999.0, 1_000.0, 12_500.0, 1_200_000.0, 2e9]
            .map(tick)
            .into();
        assert_eq!(texts, ["0", "5", "999", "1k", "12.5k", "1.2M", "2G"]);
    }

    #[test]
    fn long_names_end_in_an_ellipsis() {
        assert_eq!(shortened("footwear", 8), "footwear");
        assert_eq!(shortened("électronique", 8), "électro…");
        assert_eq!(shortened("home and garden", 6), "home…");
    }
}
