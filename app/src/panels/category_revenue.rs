use leptos::prelude::*;

use crate::answers::Answer;
use crate::charts::{Bar, BarList};
use crate::components::{Card, Table};
use crate::model::number::{counted, grouped};
use crate::model::{CategoryRevenue, Cents, Panel, Snapshot};

const TITLE: &str = "Revenue by category";
/// More categories than this become the largest ones and "other".
const BARS: usize = 8;

/// Revenue per category over the last 30 days as bars.
#[component]
pub fn CategoryRevenuePanel(answer: Answer<Snapshot<Vec<CategoryRevenue>>>) -> impl IntoView {
    view! {
        <Card id="category-revenue" panel=Panel::CategoryRevenue title=TITLE class="narrow"
            subtitle=|_| "last 30 days, returns excluded".to_owned()
            answer body table=|categories| table(categories) />
    }
}

fn body(snapshot: &Snapshot<Vec<CategoryRevenue>>) -> AnyView {
    let categories = &snapshot.data;
    let (Some(first), Some(last)) = (categories.first(), categories.last()) else {
        return view! { <p class="empty">"No revenue in the last 30 days."</p> }.into_any();
    };
    let description = format!(
        "{} leads with {}, {} trails with {}.",
        name(&first.category),
        first.revenue_cents,
        name(&last.category),
        last.revenue_cents
    );
    let bars = largest(categories).iter().map(bar).collect();
    view! {
        <figure><BarList id="category-revenue-chart" title=TITLE description bars /></figure>
    }
    .into_any()
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
        label: name(&category.category).to_owned(),
        value: category.revenue_cents.0,
        text: category.revenue_cents.to_string(),
        note: format!(
            "{}, {} on average",
            counted(category.orders, "order"),
            category.average_order_cents
        ),
    }
}

fn name(category: &str) -> &str {
    if category.is_empty() {
        "(no category)"
    } else {
        category
    }
}

fn table(categories: &[CategoryRevenue]) -> Table {
    let row = |category: &CategoryRevenue| {
        vec![
            name(&category.category).to_owned(),
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
