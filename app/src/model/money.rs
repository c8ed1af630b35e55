//! Money in whole cents, so that sums are exact.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

use super::number::grouped;

/// The largest amount a single order may have, in cents: a trillion dollars. Up to here a double
/// tells half a cent from what is less, and 64 bits hold the sum of 90,000 such orders.
pub const MAX_ORDER_CENTS: i64 = 100_000_000_000_000;

/// An amount of US dollars in whole cents; negative for a credit.
#[derive(
    Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    /// The amount in dollars as the nearest double, for programs that expect one.
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// This revenue divided by `orders`, half a cent upwards; zero without orders.
    pub fn per_order(self, orders: u64) -> Self {
        if orders == 0 {
            return Self(0);
        }
        let (revenue, orders) = (i128::from(self.0), i128::from(orders));
        Self((2 * revenue + orders).div_euclid(2 * orders) as i64)
    }

    /// "1234.56", for other programs.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", cents / 100, cents % 100)
    }

    /// "+$840.10", "−$3.00" or "$0.00": for differences.
    pub fn signed(self) -> String {
        let plus = if self.0 > 0 { "+" } else { "" };
        format!("{plus}{self}")
    }
}

/// "$1,234.56"; a negative amount is "−$1,234.56" with a real minus sign.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}${}.{:02}", grouped(cents / 100), cents % 100)
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        Self(iter.map(|cents| cents.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_is_rounded_half_up() {
        assert_eq!(Cents(123_450).per_order(7), Cents(17_636));
        assert_eq!(Cents(-3).per_order(2), Cents(-1));
        assert_eq!(Cents(5).per_order(0), Cents(0));
    }

    #[test]
    fn amounts_are_written_for_people() {
        assert_eq!(Cents(123_456_789).to_string(), "$1,234,567.89");
        assert_eq!(Cents(-5).to_string(), "−$0.05");
        assert_eq!(Cents(-123_405).plain(), "-1234.05");
        assert_eq!(Cents(84_010).signed(), "+$840.10");
        assert_eq!(Cents(0).signed(), "$0.00");
        assert_eq!(Cents(i64::MIN).to_string(), "−$92,233,720,368,547,758.08");
    }
}
