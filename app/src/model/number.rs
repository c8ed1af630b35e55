//! Counts, shares, sizes and durations for people.

/// "1,234,567".
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "1,234" or "−1,234", with a real minus sign.
pub fn grouped_signed(number: i64) -> String {
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// "+12", "−3" or "0": for differences.
pub fn signed(difference: i64) -> String {
    let plus = if difference > 0 { "+" } else { "" };
    format!("{plus}{}", grouped_signed(difference))
}

/// "1 order", "2 orders".
pub fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// The change from `before` to `now`: "+20.2%" or "−25.0%". `None` if `before` is zero.
pub fn change(before: i64, now: i64) -> Option<String> {
    if before <= 0 {
        return None;
    }
    // Tenths of a percent as an integer: the same text from the server and in the browser.
    let before = i128::from(before);
    let tenths = (2000 * (i128::from(now) - before) + before).div_euclid(2 * before);
    let sign = match tenths {
        1.. => "+",
        0 => "",
        _ => "−",
    };
    let tenths = tenths.unsigned_abs();
    Some(format!("{sign}{}.{}%", tenths / 10, tenths % 10))
}

/// `part` of `whole` as "34.4%". `None` unless both are positive.
pub fn share(part: i64, whole: i64) -> Option<String> {
    if part < 0 || whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    let tenths = (2000 * part + whole) / (2 * whole);
    Some(format!("{}.{}%", tenths / 10, tenths % 10))
}

/// "283 bytes", "71.2 kB", "1.4 MB": powers of ten.
pub fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return format!("{bytes} bytes"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes / (unit / 10);
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// An age as "now", "18 s ago", "3 min ago", "5 h ago" or "2 days ago".
pub fn ago(seconds: i64) -> String {
    match seconds {
        ..1 => "now".to_owned(),
        1..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..172_800 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// A running clock: "5 s", "1 min 5 s".
pub fn elapsed(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// The remaining time, rounded up: "about 20 s", "about 3 min" or "about 2 h".
pub fn about(seconds: u64) -> String {
    match seconds {
        0..90 => format!("about {seconds} s"),
        90..5_400 => format!("about {} min", seconds.div_ceil(60)),
        _ => format!("about {} h", seconds.div_ceil(3_600)),
    }
}

/// A duration as "under 0.1 ms", "11.8 ms" or "2.5 s".
pub fn duration(milliseconds: f64) -> String {
    if milliseconds < 0.1 {
        "under 0.1 ms".to_owned()
    } else if milliseconds < 1_000.0 {
        format!("{milliseconds:.1} ms")
    } else {
        format!("{:.1} s", milliseconds / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn differences_carry_their_sign() {
        assert_eq!(signed(12), "+12");
        assert_eq!(signed(0), "0");
        assert_eq!(signed(-2_000), "−2,000");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(counted(1, "order"), "1 order");
        assert_eq!(counted(0, "order"), "0 orders");
        assert_eq!(counted(1_200, "order"), "1,200 orders");
    }

    #[test]
    fn changes_are_shares_of_what_was() {
        assert_eq!(change(8, 6).as_deref(), Some("−25.0%"));
        assert_eq!(change(153_215, 184_235).as_deref(), Some("+20.2%"));
        assert_eq!(change(100, 100).as_deref(), Some("0.0%"));
        assert_eq!(change(0, 5), None);
        assert_eq!(change(-5, 5), None);
    }

    #[test]
    fn shares_are_rounded_to_tenths() {
        assert_eq!(share(1, 3).as_deref(), Some("33.3%"));
        assert_eq!(share(2, 3).as_deref(), Some("66.7%"));
        assert_eq!(share(7, 7).as_deref(), Some("100.0%"));
        assert_eq!((share(-1, 3), share(1, 0)), (None, None));
    }

    #[test]
    fn sizes_are_cut_not_rounded_up() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(71_204), "71.2 kB");
        assert_eq!(size(999_999), "999.9 kB");
        assert_eq!(size(46_000_000), "46.0 MB");
        assert_eq!(size(2_300_000_000), "2.3 GB");
    }

    #[test]
    fn ages_change_unit_where_people_would() {
        assert_eq!(ago(-3), "now");
        assert_eq!(ago(59), "59 s ago");
        assert_eq!(ago(60), "1 min ago");
        assert_eq!(ago(7_200), "2 h ago");
        assert_eq!(ago(172_800), "2 days ago");
    }

    #[test]
    fn a_clock_counts_seconds() {
        assert_eq!(elapsed(-1), "0 s");
        assert_eq!(elapsed(59), "59 s");
        assert_eq!(elapsed(65), "1 min 5 s");
    }

    #[test]
    fn what_is_left_is_rounded_up() {
        assert_eq!(about(1), "about 1 s");
        assert_eq!(about(89), "about 89 s");
        assert_eq!(about(121), "about 3 min");
        assert_eq!(about(5_401), "about 2 h");
    }

    #[test]
    fn durations_keep_one_decimal() {
        assert_eq!(duration(0.02), "under 0.1 ms");
        assert_eq!(duration(11.84), "11.8 ms");
        assert_eq!(duration(2_480.0), "2.5 s");
    }
}
