//! Helpers that find cards in the page's HTML.

/// The `<section>` with this id.
pub fn card<'a>(html: &'a str, id: &str) -> &'a str {
    let start = html
        .match_indices("<section")
        .map(|(start, _)| start)
        .find(|start| {
            html[*start..]
                .split('>')
                .next()
                .is_some_and(|tag| tag.contains(&format!(" id=\"{id}\"")))
        })
        .unwrap_or_else(|| panic!("no card {id} in {html}"));
    let end = html[start..].find("</section>").expect("an end");
    &html[start..start + end]
}

/// The text without tags, with quotes decoded.
pub fn text(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    // Leptos marks dynamic text with comments.
    for character in html.replace("<!>", "").chars() {
        match character {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            _ if !in_tag => text.push(character),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every card of the page.
pub const CARDS: [&str; 11] = [
    "revenue-today",
    "orders-today",
    "active-orders",
    "returns",
    "hourly-orders",
    "daily-orders",
    "category-revenue",
    "region-revenue",
    "top-products",
    "recent-orders",
    "archive",
];
