//! What the panels of revenue by group share.

use leptos::prelude::*;

use crate::charts::{Bar, BarList};
use crate::components::{Table, or_none};
use crate::model::group_revenue::Grouping;
use crate::model::number::{counted, grouped, share};
use crate::model::{Cents, GroupRevenue};

/// More groups than this become the largest ones and "other".
const BARS: usize = 8;

pub const SUBTITLE: &str = "30 days";
/// Which orders count.
pub const COUNTS: &str =
    "Orders whose status is in NOT_REVENUE_STATUSES (by default returned) are left out.";

/// The groups as bars; `id` is the chart's.
pub fn bars<G: Grouping>(
    groups: &[GroupRevenue<G>],
    id: &'static str,
    title: &'static str,
) -> AnyView {
    if groups.is_empty() {
        return view! { <p class="empty">"No revenue in the last 30 days."</p> }.into_any();
    }
    let description = describe(groups);
    let whole: Cents = groups.iter().map(|group| group.revenue_cents).sum();
    let bars = largest(groups)
        .iter()
        .map(|group| bar(group, whole))
        .collect();
    view! {
        <figure><BarList id title description bars /></figure>
    }
    .into_any()
}

/// "shoes leads with $50.00, hats trails with $10.00."
fn describe<G: Grouping>(groups: &[GroupRevenue<G>]) -> String {
    match groups {
        [] => String::new(),
        [only] => format!(
            "All of it, {}, is {}.",
            only.revenue_cents,
            or_none(&only.name)
        ),
        [first, .., last] => format!(
            "{} leads with {}, {} trails with {}.",
            or_none(&first.name),
            first.revenue_cents,
            or_none(&last.name),
            last.revenue_cents
        ),
    }
}

/// The groups as they are, or where there are too many, the largest and the sum of the rest.
fn largest<G: Grouping>(groups: &[GroupRevenue<G>]) -> Vec<GroupRevenue<G>> {
    if groups.len() <= BARS {
        return groups.to_vec();
    }
    let (shown, rest) = groups.split_at(BARS - 1);
    let revenue_cents: Cents = rest.iter().map(|group| group.revenue_cents).sum();
    let orders = rest.iter().map(|group| group.orders).sum();
    let name = format!("other ({} {})", rest.len(), G::PLURAL);
    let other = GroupRevenue::new(name, revenue_cents, orders);
    shown.iter().cloned().chain([other]).collect()
}

fn bar<G: Grouping>(group: &GroupRevenue<G>, whole: Cents) -> Bar {
    let share = share(group.revenue_cents.0, whole.0).map(|share| format!("{share} · "));
    Bar {
        label: or_none(&group.name).to_owned(),
        value: group.revenue_cents.0,
        text: group.revenue_cents.to_string(),
        note: format!(
            "{}{}, {} on average",
            share.unwrap_or_default(),
            counted(group.orders, "order"),
            group.average_order_cents
        ),
    }
}

/// The groups as a table; `columns` name the group and its figures.
pub fn table<G: Grouping>(
    groups: &[GroupRevenue<G>],
    columns: &'static [(&'static str, bool)],
) -> Table {
    let row = |group: &GroupRevenue<G>| {
        vec![
            or_none(&group.name).to_owned(),
            group.revenue_cents.to_string(),
            grouped(group.orders),
            group.average_order_cents.to_string(),
        ]
    };
    Table {
        columns,
        rows: groups.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CategoryRevenue;

    fn categories(count: u64) -> Vec<CategoryRevenue> {
        (0..count)
            .map(|index| {
                let cents = Cents(1_000 - index as i64);
                CategoryRevenue::new(format!("c{index}"), cents, 2)
            })
            .collect()
    }

    #[test]
    fn a_single_group_neither_leads_nor_trails() {
        assert_eq!(describe(&categories(1)), "All of it, $10.00, is c0.");
        assert_eq!(
            describe(&categories(2)),
            "c0 leads with $10.00, c1 trails with $9.99."
        );
    }

    #[test]
    fn eight_groups_are_all_shown() {
        assert_eq!(largest(&categories(8)), categories(8));
    }

    #[test]
    fn the_ninth_group_makes_an_other() {
        let shown = largest(&categories(9));
        assert_eq!(shown.len(), 8);
        assert_eq!(shown[7].name, "other (2 categories)");
        assert_eq!(shown[7].revenue_cents, Cents(993 + 992));
        assert_eq!(shown[7].orders, 4);
        assert_eq!(shown[7].average_order_cents, Cents(496));
    }
}
