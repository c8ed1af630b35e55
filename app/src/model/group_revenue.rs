//! Revenue by category or by region.

use std::fmt::Debug;
use std::marker::PhantomData;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::{Cell, Cents, Sheet};

/// What orders are grouped by.
pub trait Grouping: Clone + Debug + PartialEq + Eq + Send + Sync + 'static {
    /// The field of the group's name on the wire, and its column in a table.
    const NAME: &'static str;
    /// The plural for people.
    const PLURAL: &'static str;
}

/// Orders of one category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByCategory;

impl Grouping for ByCategory {
    const NAME: &'static str = "category";
    const PLURAL: &'static str = "categories";
}

pub type CategoryRevenue = GroupRevenue<ByCategory>;

/// Orders of one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByRegion;

impl Grouping for ByRegion {
    const NAME: &'static str = "region";
    const PLURAL: &'static str = "regions";
}

pub type RegionRevenue = GroupRevenue<ByRegion>;

/// One group's sales over the last 30 days, returned orders excluded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct GroupRevenue<G: Grouping> {
    /// As the order documents name it, known or not.
    pub name: String,
    pub revenue_cents: Cents,
    pub orders: u64,
    /// `revenue_cents / orders`, half a cent upwards.
    pub average_order_cents: Cents,
    grouping: PhantomData<G>,
}

impl<G: Grouping> GroupRevenue<G> {
    /// The group's sales with their average.
    pub fn new(name: String, revenue_cents: Cents, orders: u64) -> Self {
        Self {
            name,
            revenue_cents,
            orders,
            average_order_cents: revenue_cents.per_order(orders),
            grouping: PhantomData,
        }
    }
}

impl<G: Grouping> Serialize for GroupRevenue<G> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("GroupRevenue", 4)?;
        row.serialize_field(G::NAME, &self.name)?;
        row.serialize_field("revenue_cents", &self.revenue_cents)?;
        row.serialize_field("orders", &self.orders)?;
        row.serialize_field("average_order_cents", &self.average_order_cents)?;
        row.end()
    }
}

/// The row on the wire.
#[derive(Deserialize)]
struct Wire {
    #[serde(alias = "category", alias = "region")]
    name: String,
    revenue_cents: Cents,
    orders: u64,
}

impl<G: Grouping> From<Wire> for GroupRevenue<G> {
    fn from(row: Wire) -> Self {
        Self::new(row.name, row.revenue_cents, row.orders)
    }
}

impl<G: Grouping> Sheet for Vec<GroupRevenue<G>> {
    fn columns(&self) -> Vec<&'static str> {
        vec![G::NAME, "revenue", "orders", "average_order"]
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |group: &GroupRevenue<G>| {
            vec![
                Cell::text(&group.name),
                Cell::plain(group.revenue_cents.plain()),
                Cell::plain(group.orders),
                Cell::plain(group.average_order_cents.plain()),
            ]
        };
        self.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_group_is_called_category_or_region() {
        let row = CategoryRevenue::new("footwear".to_owned(), Cents(123_450), 7);
        let json = serde_json::to_string(&row).expect("JSON");
        assert_eq!(
            json,
            r#"{"category":"footwear","revenue_cents":123450,"orders":7,"average_order_cents":17636}"#
        );
        let read: CategoryRevenue = serde_json::from_str(&json).expect("a row");
        assert_eq!(read, row);
    }
}
