use leptos::prelude::*;

use crate::answers::Answer;
use crate::charts::{Bar, BarList};
use crate::components::{Card, Table, or_none};
use crate::model::number::{counted, grouped};
use crate::model::{CategoryRevenue, Cents, Panel, Snapshot};

/// More categories than this become the largest ones and "other".
const BARS: usize = 8;

/// Revenue per category over the last 30 days as bars.
#[component]
pub fn CategoryRevenuePanel(answer: Answer<Snapshot<Vec<CategoryRevenue>>>) -> impl IntoView {
    view! {
        <Card id="category-revenue" panel=Panel::CategoryRevenue title=Panel::CategoryRevenue.title() class="narrow"
            subtitle=|_| "last 30 days, returns excluded".to_owned()
            answer body table=|categories| table(categories) />
    }
}

fn body(snapshot: &Snapshot<Vec<CategoryRevenue>>) -> AnyView {
    let categories = &snapshot.data;
    if categories.is_empty() {
        return view! { <p class="empty">"No revenue in the last 30 days."</p> }.into_any();
    }
    let title = Panel::CategoryRevenue.title();
    let description = describe(categories);
    let bars = largest(categories).iter().map(bar).collect();
    view! {
        <figure><BarList id="category-revenue-chart" title description bars /></figure>
    }
    .into_any()
}

/// "shoes leads with $50.00, hats trails with $10.00."
fn describe(categories: &[CategoryRevenue]) -> String {
    match categories {
        [] => String::new(),
        [only] => format!(
            "All of it, {}, is {}.",
            only.revenue_cents,
            or_none(&only.category)
        ),
        [first, .., last] => format!(
            "{} leads with {}, {} trails with {}.",
            or_none(&first.category),
            first.revenue_cents,
            or_none(&last.category),
            last.revenue_cents
        ),
    }
}

/// The categories as they are, or where there are too many, the largest and the sum of the rest.
fn largest(categories: &[CategoryRevenue]) -> Vec<CategoryRevenue> {
    if categories.len() <= BARS {
        return categories.to_vec();
    }
    let (shown, rest) = categories.split_at(BARS - 1);
    let revenue_cents: Cents = rest.iter().map(|category| category.revenue_cents).sum();
    let orders = rest.iter().map(|category| category.orders).sum();
    let other = CategoryRevenue {
        category: format!("other ({} categories)", rest.len()),
        revenue_cents,
        orders,
        average_order_cents: revenue_cents.per_order(orders),
    };
    shown.iter().cloned().chain([other]).collect()
}

fn bar(category: &CategoryRevenue) -> Bar {
    Bar {
        label: or_none(&category.category).to_owned(),
        value: category.revenue_cents.0,
        text: category.revenue_cents.to_string(),
        note: format!(
            "{}, {} on average",
            counted(category.orders, "order"),
            category.average_order_cents
        ),
    }
}

fn table(categories: &[CategoryRevenue]) -> Table {
    let row = |category: &CategoryRevenue| {
        vec![
            or_none(&category.category).to_owned(),
            category.revenue_cents.to_string(),
            grouped(category.orders),
            category.average_order_cents.to_string(),
        ]
    };
    Table {
        columns: &[
            ("Category", false),
            ("Revenue", true),
            ("Orders", true),
            ("Average", true),
        ],
        rows: categories.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn categories(count: u64) -> Vec<CategoryRevenue> {
        (0..count)
            .map(|index| CategoryRevenue {
                category: format!("c{index}"),
                revenue_cents: Cents(1_000 - index as i64),
                orders: 2,
                average_order_cents: Cents(500),
            })
            .collect()
    }

    #[test]
    fn a_single_category_neither_leads_nor_trails() {
        assert_eq!(describe(&categories(1)), "All of it, $10.00, is c0.");
        assert_eq!(
            describe(&categories(2)),
            "c0 leads with $10.00, c1 trails with $9.99."
        );
    }

    #[test]
    fn eight_categories_are_all_shown() {
        assert_eq!(largest(&categories(8)), categories(8));
    }

    #[test]
    fn the_ninth_category_makes_an_other() {
        let shown = largest(&categories(9));
        assert_eq!(shown.len(), 8);
        assert_eq!(shown[7].category, "other (2 categories)");
        assert_eq!(shown[7].revenue_cents, Cents(993 + 992));
        assert_eq!(shown[7].orders, 4);
        assert_eq!(shown[7].average_order_cents, Cents(496));
    }
}
