//! Numbers as documents hold them: amounts of money and whole numbers.

use app::model::Cents;
use app::model::money::MAX_ORDER_CENTS;
use serde_json::value::RawValue;

use super::extended;

/// 10 to the power of [`PLACES`].
const SCALE: i128 = 1_000_000_000_000_000_000;
/// Decimal places of the arithmetic.
const PLACES: usize = 18;
/// Digits before the point with which the arithmetic stays within 128 bits.
const MAX_DOLLAR_DIGITS: usize = 15;

/// Parses an amount in dollars, in cents: a JSON number, a number in Extended JSON, or a text that is a
/// number. `None` for anything else, NaN, infinities and amounts beyond [`MAX_ORDER_CENTS`].
///
/// Our archives write a decimal of MongoDB as text. A total that is a text in MongoDB looks the same:
/// figures do not count it there, but they do once its line has been imported.
pub fn cents(json: &str) -> Option<Cents> {
    let Some((name, value)) = extended::unwrapped(json) else {
        if is_number(json) {
            return Cents::from_dollars(json.parse().ok()?);
        }
        let text = extended::text(json)?;
        return is_decimal(&text).then(|| decimal_cents(&text))?;
    };
    let text = extended::text(value)?;
    match name.as_str() {
        // Rounded as a store that keeps doubles rounds it.
        "$numberDouble" => Cents::from_dollars(text.parse().ok()?),
        "$numberDecimal" | "$numberLong" | "$numberInt" => decimal_cents(&text),
        _ => None,
    }
}

/// Parses a decimal amount in dollars like "12.50" or "1.25E+1", in cents. `None` for anything else,
/// NaN, infinities and amounts beyond [`MAX_ORDER_CENTS`].
pub fn decimal_cents(text: &str) -> Option<Cents> {
    exact(text).unwrap_or_else(|| Cents::from_dollars(text.parse().ok()?))
}

/// Parses a whole number of 64 bits: `3`, `3.0`, Extended JSON like `{"$numberInt": "3"}`, or `"3"`, as
/// our archives write a decimal.
pub fn integer(json: &str) -> Option<i64> {
    match extended::unwrapped(json) {
        None if json.starts_with('"') => whole(&extended::text(json)?),
        None => whole(json),
        Some((name, value)) => match name.as_str() {
            "$numberInt" | "$numberLong" => extended::text(value)?.parse().ok(),
            "$numberDouble" | "$numberDecimal" => whole(&extended::text(value)?),
            _ => None,
        },
    }
}

fn whole(text: &str) -> Option<i64> {
    if !is_number(text) {
        return None;
    }
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let number: f64 = text.parse().ok()?;
    // Up to here doubles represent every integer. NaN and infinities fail the comparison.
    (number.fract() == 0.0 && number.abs() <= MAX_ORDER_CENTS as f64).then_some(number as i64)
}

/// Whether a valid JSON value is a number: nothing else starts like this.
fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit() || first == '-')
}

/// Whether the text is exactly a JSON number, as the text of a finite decimal is.
fn is_decimal(text: &str) -> bool {
    let number: Result<&RawValue, _> = serde_json::from_str(text);
    is_number(text) && number.is_ok_and(|number| number.get() == text)
}

/// Parses a plain decimal without going through a double, and rounds half a cent up. The outer `None`
/// means "not a plain decimal", the inner one "too large".
fn exact(text: &str) -> Option<Option<Cents>> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (dollars, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if dollars.len() > MAX_DOLLAR_DIGITS || !plain(dollars) || !plain(fraction) {
        return None;
    }
    // The digits that are cut off matter only below zero, where they decide a half.
    let (fraction, cut) = fraction.split_at(fraction.len().min(PLACES));
    let less = cut.bytes().any(|digit| digit != b'0');
    let dollars: i128 = dollars.parse().ok()?;
    let fraction: i128 = format!("{fraction:0<PLACES$}").parse().ok()?;
    let amount = dollars * SCALE + fraction;
    let amount = if negative {
        -amount - i128::from(less)
    } else {
        amount
    };
    let cents = (amount * 100 + SCALE / 2).div_euclid(SCALE);
    Some((cents.abs() <= i128::from(MAX_ORDER_CENTS)).then_some(Cents(cents as i64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_parsed_in_every_form() {
        for (json, expected) in [
            ("885.9", 88_590),
            ("0", 0),
            ("-0.0", 0),
            ("-12.34", -1_234),
            ("1e2", 10_000),
            ("1.005", 100), // as a double it is a little less
            (r#"{"$numberDouble":"885.9"}"#, 88_590),
            (r#"{"$numberDouble":"1.005"}"#, 100),
            (r#"{"$numberDecimal":"1.005"}"#, 101),
            (r#"{"$numberDecimal":"-1.005"}"#, -100),
            (r#"{"$numberDecimal":"-1.006"}"#, -101),
            (r#"{"$numberDecimal":"0.004999999999999999"}"#, 0),
            (r#"{"$numberDecimal":"0.1249999999999999999999999"}"#, 12),
            (r#"{"$numberDecimal":"-0.1250000000000000000000001"}"#, -13),
            (r#"{"$numberDecimal":"8.859E+2"}"#, 88_590),
            (r#"{"$numberDecimal":"20"}"#, 2_000),
            (r#"{"$numberLong":"20"}"#, 2_000),
            (r#"{"$numberInt":"-20"}"#, -2_000),
            (r#""12.50""#, 1_250),
            (r#""-1.005""#, -100),
            (r#""1.005""#, 101),
            (r#""8.859E+2""#, 88_590),
            (r#""1E-7""#, 0),
            ("90071992547409.88", MAX_ORDER_CENTS - 3),
            (r#"{"$numberDecimal":"90071992547409.91"}"#, MAX_ORDER_CENTS),
        ] {
            assert_eq!(cents(json), Some(Cents(expected)), "{json}");
        }
    }

    #[test]
    fn other_values_are_not_amounts() {
        for json in [
            "1e999",
            "90071992547410",
            r#"{"$numberDecimal":"90071992547409.92"}"#,
            r#"{"$numberDecimal":"999999999999999"}"#,
            r#"{"$numberDouble":"NaN"}"#,
            r#"{"$numberDouble":"-Infinity"}"#,
            r#"{"$numberDecimal":"Infinity"}"#,
            r#"{"$numberDecimal":""}"#,
            r#"{"$numberDecimal":12.5}"#,
            r#"{"$date":"12.5"}"#,
            r#""NaN""#,
            r#""Infinity""#,
            r#""-Infinity""#,
            r#""""#,
            r#"" 12.50""#,
            r#""12.50 ""#,
            r#""+12.50""#,
            r#""12.50 USD""#,
            r#""1,250.00""#,
            r#""12.""#,
            r#""007""#,
            r#""1E+100""#,
            "null",
            "true",
            "[]",
            "{}",
        ] {
            assert_eq!(cents(json), None, "{json}");
        }
    }

    #[test]
    fn whole_numbers_are_parsed_in_every_form() {
        for json in [
            "3",
            "3.0",
            "3e0",
            r#"{"$numberInt":"3"}"#,
            r#"{ "$numberLong" : "3" }"#,
            r#"{"$numberDouble":"3.0"}"#,
            r#"{"$numberDecimal":"3"}"#,
            r#""3""#,
            r#""3.0""#,
        ] {
            assert_eq!(integer(json), Some(3), "{json}");
        }
        assert_eq!(integer("-9223372036854775808"), Some(i64::MIN));
    }

    #[test]
    fn other_values_are_not_whole_numbers() {
        for json in [
            "3.5",
            "9223372036854775808",
            "1e19",
            "1e999",
            r#""3.5""#,
            r#"" 3""#,
            r#""three""#,
            r#""""#,
            "null",
            "[]",
            "{}",
            r#"{"$numberInt":3}"#,
            r#"{"$numberInt":"3","$numberLong":"3"}"#,
            r#"{"$numberDouble":"NaN"}"#,
            r#"{"$numberDouble":"Infinity"}"#,
            r#"{"$oid":"3"}"#,
        ] {
            assert_eq!(integer(json), None, "{json}");
        }
    }
}
