//! Numbers as documents hold them: what they mean as money, as units and as whole numbers.

use std::fmt;

use app::model::Cents;
use app::model::money::MAX_ORDER_CENTS;

/// More units would be a mistake, and their sum might overflow 64 bits. They count as none.
pub const MAX_UNITS: f64 = 1_000_000_000.5;

/// What a decimal of MongoDB holds.
const DECIMAL_DIGITS: usize = 34;
const LEAST_EXPONENT: i32 = -6_176;

/// A decimal number as it is written: `mantissa` times ten to the power of `exponent`, where the
/// mantissa does not end with 0.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    mantissa: i128,
    exponent: i32,
}

impl Decimal {
    /// Parses a JSON number or the text of a decimal; `None` for any other JSON, and for what a decimal
    /// of MongoDB cannot hold.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (sign, text) = match text.strip_prefix('-') {
            Some(text) => (-1, text),
            None => (1, text),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() {
            return None;
        }
        let written = format!("{whole}{fraction}");
        let digits = written.trim_end_matches('0');
        let significant = digits.trim_start_matches('0');
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || significant.len() > DECIMAL_DIGITS {
            return None;
        }
        if significant.is_empty() {
            return Some(Self {
                mantissa: 0,
                exponent: 0,
            });
        }
        let shift = i32::try_from(whole.len() as i64 - digits.len() as i64).ok()?;
        let exponent = exponent.parse::<i32>().ok()?.checked_add(shift)?;
        let mantissa = sign * significant.parse::<i128>().ok()?;
        (exponent >= LEAST_EXPONENT).then_some(Self { mantissa, exponent })
    }

    /// The dollars in cents, half a cent away from zero; `None` beyond [`MAX_ORDER_CENTS`].
    pub fn cents(self) -> Option<Cents> {
        let (whole, rest, one) = self.split(2)?;
        let cents = whole + i128::from(2 * rest >= one);
        (cents <= MAX_ORDER_CENTS.into()).then(|| Cents(self.signed(cents) as i64))
    }

    /// The number, if it is a whole one of 64 bits.
    pub fn integer(self) -> Option<i64> {
        match self.split(0)? {
            (whole, 0, _) => self.signed(whole).try_into().ok(),
            _ => None,
        }
    }

    /// The whole units of a quantity; none of more than [`MAX_UNITS`].
    pub fn units(self) -> i64 {
        match self.split(0) {
            Some((whole, rest, one)) if whole as f64 + rest as f64 / one as f64 <= MAX_UNITS => {
                self.signed(whole) as i64
            }
            _ => 0,
        }
    }

    /// Without its sign, times ten to the power of `places`: the whole part, and how many parts of
    /// how many are left. `None` if 128 bits do not hold it.
    fn split(self, places: i32) -> Option<(i128, i128, i128)> {
        let (mantissa, shift) = (self.mantissa.abs(), self.exponent + places);
        match 10_i128.checked_pow(shift.unsigned_abs()) {
            Some(power) if shift >= 0 => Some((mantissa.checked_mul(power)?, 0, 1)),
            Some(power) => Some((mantissa / power, mantissa % power, power)),
            None if shift >= 0 => None,
            None => Some((0, mantissa, i128::MAX)),
        }
    }

    fn signed(self, number: i128) -> i128 {
        number * self.mantissa.signum()
    }
}

/// All digits, as a JSON number.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        let point = digits.len() as i32 + self.exponent;
        match point {
            ..-5 | 35.. => {
                let (first, rest) = digits.split_at(1);
                let dot = if rest.is_empty() { "" } else { "." };
                write!(f, "{sign}{first}{dot}{rest}E{:+}", point - 1)
            }
            ..=0 => {
                let zeros = "0".repeat(point.unsigned_abs() as usize);
                write!(f, "{sign}0.{zeros}{digits}")
            }
            _ if self.exponent >= 0 => {
                write!(f, "{sign}{digits}{}", "0".repeat(self.exponent as usize))
            }
            _ => {
                let (whole, fraction) = digits.split_at(point as usize);
                write!(f, "{sign}{whole}.{fraction}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    #[test]
    fn half_a_cent_goes_away_from_zero_on_the_number_as_it_is_written() {
        for (text, cents) in [
            ("885.9", 88_590),
            ("20", 2_000),
            ("0", 0),
            ("-0.0", 0),
            ("-12.34", -1_234),
            ("1e2", 10_000),
            ("8.859E+2", 88_590),
            // Their doubles are a little less.
            ("1.005", 101),
            ("39.495", 3_950),
            ("8.575", 858),
            ("2.675", 268),
            ("-1.005", -101),
            ("-0.125", -13),
            ("0.004999999999999999", 0),
            ("0.30000000000000004", 30),
            ("0.1249999999999999999999999", 12),
            ("-1.0049999999999999999999999999999", -100),
            ("5e-3", 1),
            ("1E-7", 0),
            ("1E-6000", 0),
            ("1000000000000", MAX_ORDER_CENTS),
            ("-1E+12", -MAX_ORDER_CENTS),
        ] {
            assert_eq!(decimal(text).cents(), Some(Cents(cents)), "{text}");
        }
        for text in ["1000000000000.005", "1E+13", "-1e300", "1E+6000"] {
            assert_eq!(decimal(text).cents(), None, "{text}");
        }
    }

    #[test]
    fn whole_numbers_are_equal_by_value() {
        for (text, number) in [
            ("1001", Some(1_001)),
            ("1001.000", Some(1_001)),
            ("1.001e3", Some(1_001)),
            ("-0", Some(0)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1e19", None),
            ("1E+6000", None),
            ("1001.5", None),
            ("1e-400", None),
        ] {
            assert_eq!(decimal(text).integer(), number, "{text}");
        }
    }

    #[test]
    fn units_are_whole_and_no_mistake() {
        for (text, units) in [
            ("3", 3),
            ("2.5", 2),
            ("-2.5", -2),
            ("0.999", 0),
            ("1e9", 1_000_000_000),
            ("1000000000.6", 0),
            ("-1000000001", 0),
            ("1e300", 0),
        ] {
            assert_eq!(decimal(text).units(), units, "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "", "-", "NaN", "Infinity", "+1", ".5", "1,5", " 1", "1 ", "0x1", "1e", "1.2.3",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
