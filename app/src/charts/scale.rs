//! A value axis from zero with round ticks.

/// From zero to `top`, with a tick every `step`: 1, 2 or 5 times a power of ten.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Scale {
    pub top: f64,
    pub step: f64,
}

impl Scale {
    /// The smallest scale of at most five whole steps that contains `largest`.
    pub fn of_counts(largest: u64) -> Self {
        let largest = largest.max(1) as f64;
        let mut power = 1.0;
        loop {
            for factor in [1.0, 2.0, 5.0] {
                let step = factor * power;
                if largest <= 5.0 * step {
                    return Self {
                        top: (largest / step).ceil() * step,
                        step,
                    };
                }
            }
            power *= 10.0;
        }
    }

    /// The ticks from zero to `top`, both included.
    pub fn ticks(self) -> impl Iterator<Item = f64> {
        let count = (self.top / self.step).round() as u32;
        (0..=count).map(move |index| f64::from(index) * self.step)
    }

    /// `value` as a share of the axis, limited to 0 to 1.
    pub fn share(self, value: f64) -> f64 {
        (value / self.top).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(largest: u64) -> Vec<f64> {
        Scale::of_counts(largest).ticks().collect()
    }

    #[test]
    fn ticks_are_round_and_start_at_zero() {
        assert_eq!(ticks(19), [0.0, 5.0, 10.0, 15.0, 20.0]);
        assert_eq!(ticks(21), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]);
        assert_eq!(ticks(700), [0.0, 200.0, 400.0, 600.0, 800.0]);
        assert_eq!(ticks(26), [0.0, 10.0, 20.0, 30.0]);
    }

    #[test]
    fn steps_are_at_least_one() {
        assert_eq!(ticks(0), [0.0, 1.0]);
        assert_eq!(ticks(1), [0.0, 1.0]);
        assert_eq!(ticks(3), [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn every_scale_contains_its_largest_value() {
        for largest in (0..2_000).chain([123_456, 10_000_000_000, u64::MAX]) {
            let scale = Scale::of_counts(largest);
            let steps = scale.ticks().count() - 1;
            assert!(scale.top >= largest as f64, "{largest}");
            assert!((1..=5).contains(&steps), "{largest}: {steps} steps");
        }
    }

    #[test]
    fn shares_are_limited_to_the_axis() {
        let scale = Scale::of_counts(10);
        assert_eq!(scale.share(5.0), 0.5);
        assert_eq!(scale.share(-5.0), 0.0);
        assert_eq!(scale.share(50.0), 1.0);
    }
}
