//! A calendar month.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A calendar month of the years 1970 to 9999, written "2026-11".
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    /// 1 to 12.
    number: u32,
}

/// The text is not a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAMonth;

impl fmt::Display for NotAMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a month like 2026-11")
    }
}

impl std::error::Error for NotAMonth {}

impl Month {
    /// January 1970.
    pub const FIRST: Self = Self {
        year: 1970,
        number: 1,
    };

    /// The month `number` (1 to 12) of `year` (1970 to 9999).
    pub fn new(year: i32, number: u32) -> Result<Self, NotAMonth> {
        if (1970..=9999).contains(&year) && (1..=12).contains(&number) {
            Ok(Self { year, number })
        } else {
            Err(NotAMonth)
        }
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// The month's number in its year, 1 to 12.
    pub fn number(self) -> u32 {
        self.number
    }

    /// The month after this one. December 9999 is its own successor.
    pub fn next(self) -> Self {
        let (year, number) = match self.number {
            12 => (self.year + 1, 1),
            number => (self.year, number + 1),
        };
        Self::new(year, number).unwrap_or(self)
    }

    /// "November 2026".
    pub fn name(self) -> String {
        format!("{} {}", NAMES[self.number as usize - 1], self.year)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.number)
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let (year, number) = text.split_once('-').ok_or(NotAMonth)?;
        let digits = |part: &str, length| {
            (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse().ok())
                .flatten()
                .ok_or(NotAMonth)
        };
        let year: u32 = digits(year, 4)?;
        Self::new(year as i32, digits(number, 2)?)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_reads_as_it_is_written() {
        let month: Month = "2026-02".parse().expect("a month");
        assert_eq!(month.to_string(), "2026-02");
        assert_eq!(month.name(), "February 2026");
    }

    #[test]
    fn december_is_followed_by_january() {
        let december = Month::new(2026, 12).expect("a month");
        assert_eq!(december.next().to_string(), "2027-01");
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-01",
            "2026-+1",
            "2026-01-01",
            "1969-12",
        ] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }
}
