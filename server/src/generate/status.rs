//! How an order's status follows its age.

use super::draw::Draw;

const HOUR: i64 = 3_600_000;

/// When an order moves on, in milliseconds of its age.
#[derive(Copy, Clone, Debug)]
pub struct Course {
    shipped: i64,
    delivered: i64,
    /// Of 5 orders in a hundred.
    returned: Option<i64>,
}

impl Course {
    /// From this age on no status changes: 2 days until shipped, 4 until delivered, 8 until returned.
    pub const LONGEST: i64 = 14 * 24 * HOUR;

    /// Shipped after some hours, one in fifty after a day or two; delivered some days later.
    pub fn drawn(draw: &mut Draw) -> Self {
        let mut between = |least: i64, most: i64| {
            least * HOUR + draw.below(((most - least) * HOUR) as u64) as i64
        };
        let (usual, late) = (between(1, 14), between(25, 48));
        let (on_the_way, kept) = (between(24, 96), between(48, 192));
        let shipped = if draw.below(50) == 0 { late } else { usual };
        let delivered = shipped + on_the_way;
        Self {
            shipped,
            delivered,
            returned: (draw.below(100) < 5).then_some(delivered + kept),
        }
    }

    /// The status at an age in milliseconds.
    pub fn status(&self, age: i64) -> &'static str {
        match self.returned {
            Some(returned) if age >= returned => "returned",
            _ if age >= self.delivered => "delivered",
            _ if age >= self.shipped => "shipped",
            _ => "pending",
        }
    }
}
