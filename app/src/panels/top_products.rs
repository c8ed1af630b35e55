use leptos::prelude::*;

use crate::answers::Answer;
use crate::components::{Card, Meter, Table, or_none};
use crate::model::{Panel, ProductSales, Snapshot};

/// The products with most units over the last 7 business days.
#[component]
pub fn TopProductsPanel(answer: Answer<Snapshot<Vec<ProductSales>>>) -> impl IntoView {
    view! {
        <Card id="top-products" panel=Panel::TopProducts title=Panel::TopProducts.title() class="half"
            subtitle=|_| "by units, 7 days".to_owned() counts=super::group_revenue::COUNTS
            answer body table=|products| table(products) />
    }
}

fn body(snapshot: &Snapshot<Vec<ProductSales>>) -> AnyView {
    let products = &snapshot.data;
    if products.is_empty() {
        return view! { <p class="empty">"Nothing was sold in the last 7 days."</p> }.into_any();
    }
    let most = products
        .iter()
        .map(|product| product.units)
        .max()
        .unwrap_or_default()
        .max(1);
    let row = |product: &ProductSales| {
        let id = or_none(&product.product_id).to_owned();
        let category = or_none(&product.category).to_owned();
        let (name, more) = match &product.product_name {
            Some(name) => (
                view! { {name.clone()} }.into_any(),
                format!("{id} · {category}"),
            ),
            None => (view! { <code>{id}</code> }.into_any(), category),
        };
        view! {
            <tr>
                <th scope="row">{name} <span class="sub">{more}</span></th>
                <td class="hide-s"><Meter share=product.units as f64 / most as f64 /></td>
                <td class="num">{units(product)}</td>
                <td class="num">{product.revenue_cents.to_string()}</td>
            </tr>
        }
    };
    view! {
        <table class="two">
            <caption class="visually-hidden">"Top products by units"</caption>
            <thead>
                <tr>
                    <th scope="col">"Product"</th>
                    <td class="hide-s"></td>
                    <th scope="col" class="num">"Units"</th>
                    <th scope="col" class="num">"Revenue"</th>
                </tr>
            </thead>
            <tbody>{products.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn units(product: &ProductSales) -> String {
    crate::model::number::grouped_signed(product.units)
}

fn table(products: &[ProductSales]) -> Table {
    let row = |product: &ProductSales| {
        vec![
            or_none(&product.product_id).to_owned(),
            product.product_name.clone().unwrap_or_default(),
            or_none(&product.category).to_owned(),
            units(product),
            product.revenue_cents.to_string(),
        ]
    };
    Table {
        columns: &[
            ("Product", false),
            ("Name", false),
            ("Category", false),
            ("Units", true),
            ("Revenue", true),
        ],
        rows: products.iter().map(row).collect(),
    }
}
