//! Reproducible random numbers.

/// Random numbers of a key. The same key gives the same numbers on every machine. `splitmix64`
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// The numbers of one key.
    pub fn new(seed: u64, key: u64) -> Self {
        Self(mix(seed) ^ mix(key.wrapping_add(GOLDEN)))
    }

    /// Any 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A uniform number below `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// One of `choices`, in proportion to its weight.
    pub fn weighted<'a, T>(&mut self, choices: &'a [(u64, T)]) -> Option<&'a T> {
        let mut place = self.below(choices.iter().map(|(weight, _)| weight).sum());
        choices
            .iter()
            .find(|(weight, _)| match place.checked_sub(*weight) {
                Some(rest) => {
                    place = rest;
                    false
                }
                None => true,
            })
            .map(|(_, choice)| choice)
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_decides_the_numbers() {
        let numbers = |seed, key| {
            let mut draw = Draw::new(seed, key);
            [draw.bits(), draw.bits(), draw.below(1 << 60)]
        };
        assert_eq!(numbers(42, 1), numbers(42, 1));
        assert_ne!(numbers(42, 1), numbers(42, 2));
        assert_ne!(numbers(42, 1), numbers(1, 42));
    }

    #[test]
    fn choices_follow_their_weights() {
        let mut draw = Draw::new(42, 0);
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            let choice = draw.weighted(&[(1, 0), (0, 1), (3, 2)]).expect("a choice");
            counts[*choice] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((2_300..2_700).contains(&counts[0]), "{counts:?}");
    }
}
