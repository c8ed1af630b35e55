//! HTML tables.

use leptos::prelude::*;

/// The text of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Heading, and whether the column is numeric.
    pub columns: &'static [(&'static str, bool)],
    pub rows: Vec<Vec<String>>,
}

/// The table, with numbers aligned right.
#[component]
pub fn DataTable(table: Table, caption: &'static str) -> impl IntoView {
    let class = |number: bool| number.then_some("num");
    let head = table
        .columns
        .iter()
        .map(|(heading, number)| view! { <th scope="col" class=class(*number)>{*heading}</th> })
        .collect_view();
    let row = |cells: Vec<String>| {
        let mut cells = table.columns.iter().zip(cells);
        // The first column names the row.
        let head = cells
            .next()
            .map(|((_, number), cell)| view! { <th scope="row" class=class(*number)>{cell}</th> });
        let cells = cells
            .map(|((_, number), cell)| view! { <td class=class(*number)>{cell}</td> })
            .collect_view();
        view! { <tr>{head} {cells}</tr> }
    };
    view! {
        <table>
            <caption class="visually-hidden">{caption}</caption>
            <thead><tr>{head}</tr></thead>
            <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_column_names_the_row() {
        let table = Table {
            columns: &[("Day", false), ("Orders", true)],
            rows: vec![vec!["Mon 23 Nov".to_owned(), "6".to_owned()]],
        };
        let html = Owner::new().with(|| {
            DataTable(DataTableProps {
                table,
                caption: "Days",
            })
            .to_html()
        });
        assert!(
            html.contains(r#"<th scope="row" class="">Mon 23 Nov"#),
            "{html}"
        );
        assert!(html.contains(r#"<td class="num">6"#), "{html}");
    }
}
