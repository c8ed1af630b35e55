//! How many orders came back.

use serde::{Deserialize, Serialize};

use super::{Cell, Sheet};

/// Returned orders of the last 7 business days, today included, and of the 7 before. Younger orders
/// may still come back.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returns {
    pub last_7_days: ReturnedOrders,
    pub the_7_before: ReturnedOrders,
}

/// The orders of some days, and how many of them came back.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedOrders {
    pub orders: u64,
    pub returned: u64,
}

impl ReturnedOrders {
    /// Returned orders in tenths of a per cent of all, rounded; `None` without orders.
    pub fn per_mille(self) -> Option<u64> {
        let orders = u128::from(self.orders);
        let doubled = (2000 * u128::from(self.returned) + orders).checked_div(2 * orders)?;
        u64::try_from(doubled).ok()
    }
}

impl Sheet for Returns {
    fn columns(&self) -> Vec<&'static str> {
        vec!["days", "orders", "returned"]
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |days: &str, orders: ReturnedOrders| {
            vec![
                Cell::plain(days),
                Cell::plain(orders.orders),
                Cell::plain(orders.returned),
            ]
        };
        vec![
            row("last_7_days", self.last_7_days),
            row("the_7_before", self.the_7_before),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_none_without_orders() {
        let share = |returned, orders| ReturnedOrders { orders, returned }.per_mille();
        assert_eq!(share(169, 4_046), Some(42));
        assert_eq!(share(1, 2_000), Some(1));
        assert_eq!(share(0, 7), Some(0));
        assert_eq!(share(7, 7), Some(1_000));
        assert_eq!(share(0, 0), None);
    }
}
