//! Numbers as a real table.

use leptos::prelude::*;

/// A table's text, column by column and row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Heading, and whether the column holds numbers.
    pub columns: &'static [(&'static str, bool)],
    pub rows: Vec<Vec<String>>,
}

/// The table, numbers to the right.
#[component]
pub fn DataTable(table: Table, caption: &'static str) -> impl IntoView {
    let class = |number: bool| number.then_some("num");
    let head = table
        .columns
        .iter()
        .map(|(heading, number)| view! { <th scope="col" class=class(*number)>{*heading}</th> })
        .collect_view();
    let row = |cells: Vec<String>| {
        let cells = table
            .columns
            .iter()
            .zip(cells)
            .map(|((_, number), cell)| view! { <td class=class(*number)>{cell}</td> })
            .collect_view();
        view! { <tr>{cells}</tr> }
    };
    view! {
        <table>
            <caption class="visually-hidden">{caption}</caption>
            <thead><tr>{head}</tr></thead>
            <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
