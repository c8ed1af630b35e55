//! Orders with hostile content.

use server::order::Order;

use super::card::{CARDS, card};
use crate::support::draft::Draft;
use crate::support::web::Server;

const NOW: &str = "2026-11-23T09:30:00Z";
const MARKUP: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "</title></svg></section><b>",
    "-->&lt;b&gt;&#60;i>",
    "{{7*7}}${7*7}",
];

fn order(number: usize, text: &str) -> Order {
    // Ids must be unique and short.
    let id: String = text.chars().take(40).collect();
    Draft::at(&format!("{id}{number}"), "2026-11-23T09:00:00Z")
        .category(text)
        .product(text)
        .status(text)
        .order()
}

async fn page_of(texts: &[&str]) -> (Server, String) {
    let orders = texts.iter().enumerate();
    let orders = orders.map(|(number, text)| order(number, text)).collect();
    let server = Server::open("UTC", NOW, orders).await;
    let answer = server.get("/").await;
    assert_eq!(answer.status, 200);
    let html = answer.text().to_owned();
    for id in CARDS {
        assert!(!card(&html, id).contains("Not available"), "{id}");
    }
    (server, html)
}

#[tokio::test]
async fn markup_stays_text() {
    for text in MARKUP {
        let (_server, html) = page_of(&[text]).await;
        let (_other, harmless) = page_of(&["harmless"]).await;
        // The same elements as with harmless text.
        for tag in [
            "<script",
            "<img",
            "<b>",
            "<i>",
            "</section>",
            "</svg>",
            "</title>",
            "<title",
        ] {
            assert_eq!(
                html.matches(tag).count(),
                harmless.matches(tag).count(),
                "{tag} of {text}"
            );
        }
        // No new attributes.
        for handler in [" onerror=alert(1)>", " onfocus='alert(1)"] {
            for (start, _) in html.match_indices(handler) {
                let tag = &html[html[..start].rfind(['<', '>']).expect("a tag")..start];
                let quotes = tag.matches('"').count();
                assert!(tag.starts_with('>') || quotes % 2 == 1, "{tag}");
            }
        }
    }
}

#[tokio::test]
async fn any_script_is_shown_unchanged() {
    let texts = [
        "\u{202e}שלום",
        "🛒👩‍👩‍👧",
        "e\u{301}\u{200b}",
        "Größe",
        "\u{fffd}\u{feff}",
    ];
    let (server, html) = page_of(&texts).await;
    for text in texts {
        assert!(card(&html, "recent-orders").contains(text), "{text:?}");
        assert!(card(&html, "category-revenue").contains(text), "{text:?}");
    }
    let csv = server.get("/panels/recent_orders.csv").await;
    for text in texts {
        assert!(csv.text().contains(text), "{text:?}");
    }
}

#[tokio::test]
async fn huge_names_do_not_break_the_page() {
    let huge = "x".repeat(10_000);
    let (server, html) = page_of(&[&huge, "small"]).await;
    assert!(card(&html, "recent-orders").contains("small"));
    let json = server.post("/api/category_revenue", "").await.json();
    assert_eq!(json["data"].as_array().expect("rows").len(), 2);
}

#[tokio::test]
async fn thousands_of_categories_become_a_few_bars() {
    let names: Vec<String> = (0..3_000).map(|number| format!("c{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (_server, html) = page_of(&names).await;
    let bars = card(&html, "category-revenue")
        .matches("class=\"mark\"")
        .count();
    assert_eq!(bars, 8);
    assert!(html.contains("other (2993 categories)"));
}

#[tokio::test]
async fn extreme_amounts_are_shown() {
    let dollars = 900_000_000_000.0;
    let orders = (0..3)
        .map(|number| Draft::at(&format!("ORD_{number}"), "2026-11-23T09:00:00Z").total(dollars))
        .chain([Draft::at("ORD_X", "2026-11-22T09:00:00Z").total(-dollars)])
        .map(|draft| draft.order())
        .collect();
    let server = Server::open("UTC", NOW, orders).await;
    for _ in 0..2 {
        let answer = server.get("/").await;
        assert_eq!(answer.status, 200);
        assert!(card(answer.text(), "revenue-today").contains("$2,700,000,000,000.00"));
    }
}
