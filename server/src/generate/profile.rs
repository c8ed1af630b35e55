//! When people order: the weights of days and hours.
//!
//! Every week has the same *mass*, in units of weight times millisecond. The days and hours of a week
//! have different weights, and the days of each week vary a little. Integers make the result the same
//! on every machine.

use super::draw::Draw;

/// Thursday to Wednesday, in thousandths of an average day: the epoch was a Thursday.
const DAYS: [i64; 7] = [1000, 1110, 1080, 940, 960, 940, 970];
/// The most weight that one day lends to another.
const MAX_LOAN: i64 = 110;
/// Midnight to midnight in UTC: a quiet night, peaks at midday and in the evening.
const HOURS: [i64; 24] = [
    16, 9, 6, 5, 5, 8, 14, 24, 38, 50, 60, 70, 78, 70, 58, 52, 54, 60, 72, 86, 84, 66, 44, 28,
];
const HOUR: i64 = 3_600_000;
const WEEK: i64 = 7 * 24 * HOUR;
/// The mass of one unit of day weight.
const DAY_MASS: i64 = sum(&HOURS) * HOUR;
/// The mass of every week.
pub const WEEK_MASS: i128 = (sum(&DAYS) * DAY_MASS) as i128;

/// The mass from the epoch to an instant in milliseconds; negative before it.
pub fn mass_at(seed: u64, instant: i64) -> i128 {
    let (week, rest) = (instant.div_euclid(WEEK), instant.rem_euclid(WEEK));
    let (hour, rest) = ((rest / HOUR) as usize, rest % HOUR);
    let (day, hour) = (hour / 24, hour % 24);
    let days = days(seed, week);
    let mass = sum(&days[..day]) * DAY_MASS
        + days[day] * (sum(&HOURS[..hour]) * HOUR + HOURS[hour] * rest);
    i128::from(week) * WEEK_MASS + i128::from(mass)
}

/// The instant in milliseconds at which the mass since the epoch is `mass`, rounded down.
pub fn instant_at(seed: u64, mass: i128) -> i64 {
    let week = mass.div_euclid(WEEK_MASS) as i64;
    // The mass of a week fits into 64 bits.
    let mut rest = mass.rem_euclid(WEEK_MASS) as i64;
    let mut hours = 0;
    for day in days(seed, week) {
        if rest >= day * DAY_MASS {
            rest -= day * DAY_MASS;
            hours += 24;
            continue;
        }
        for weight in HOURS {
            let weight = day * weight;
            if rest < weight * HOUR {
                return week * WEEK + hours * HOUR + rest / weight;
            }
            rest -= weight * HOUR;
            hours += 1;
        }
    }
    // Not reached: the rest is less than the mass of a week.
    (week + 1) * WEEK
}

/// The weights of the days of one week. Each day lends some weight to the day before, and the first
/// day to the last, so the sum stays the same.
fn days(seed: u64, week: i64) -> [i64; 7] {
    let mut draw = Draw::new(seed, week as u64);
    let lent: [i64; 7] =
        std::array::from_fn(|_| draw.below(2 * MAX_LOAN as u64 + 1) as i64 - MAX_LOAN);
    std::array::from_fn(|day| DAYS[day] + lent[day] - lent[(day + 1) % 7])
}

const fn sum(weights: &[i64]) -> i64 {
    let mut sum = 0;
    let mut index = 0;
    while index < weights.len() {
        sum += weights[index];
        index += 1;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mass_and_instant_are_inverse() {
        for instant in (-3 * WEEK..3 * WEEK).step_by(1_234_567) {
            let mass = mass_at(42, instant);
            assert_eq!(instant_at(42, mass), instant);
            assert_eq!(instant_at(42, mass - 1), instant - 1);
        }
    }

    #[test]
    fn weeks_have_equal_mass_and_different_days() {
        for week in [0, 1, 2968, -1] {
            assert_eq!(mass_at(7, week * WEEK), i128::from(week) * WEEK_MASS);
        }
        assert_ne!(days(42, 2968), days(42, 2969));
        assert_ne!(days(42, 2968), days(43, 2968));
    }
}
