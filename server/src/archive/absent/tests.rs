use axum::body::Bytes;
use futures::stream::{self, StreamExt};

use super::*;
use crate::archive::local::LocalFolder;

async fn absent(before: &str, after: &str) -> Option<Absent> {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let objects = LocalFolder::open(folder.path()).await.expect("a folder");
    let [one, other] = ["one", "other"].map(|name| ObjectName::new(name).expect("a name"));
    for (name, text) in [(&one, before), (&other, after)] {
        let pieces: Vec<_> = text
            .as_bytes()
            .chunks(7.max(text.len() / 100))
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        let written = objects.write(name, stream::iter(pieces).boxed()).await;
        written.expect("an object");
    }
    let until = "2026-10-20T00:00:00Z".parse().expect("a time");
    let absent = first_absent(&objects, &one, &other, until).await;
    absent.expect("archives")
}

fn order(id: &str, day: u32) -> String {
    format!("{{\"order_id\":{id},\"created_at\":\"2026-10-{day:02}T12:00:00Z\",\"total\":1}}\n")
}

fn orders(orders: &[(&str, u32)]) -> String {
    orders.iter().map(|(id, day)| order(id, *day)).collect()
}

/// Line and id of the first that is absent.
fn first(absent: Option<Absent>) -> Option<(u64, Option<String>)> {
    absent.map(|absent| (absent.line, absent.order_id))
}

#[tokio::test]
async fn numbers_do_not_matter_but_orders_do() {
    let before = orders(&[("\"a\"", 1), ("\"b\"", 2), ("\"c\"", 19)]);
    assert_eq!(absent(&before, &before).await, None);
    assert_eq!(absent("", &before).await, None);
    let more = orders(&[("\"b\"", 2), ("\"c\"", 19), ("\"d\"", 19), ("\"e\"", 21)]);
    let found = absent(&before, &more).await.expect("an order");
    assert_eq!(found.created_at, "2026-10-01T12:00:00Z".parse().ok());
    assert_eq!(first(Some(found)), Some((1, Some("a".to_owned()))));
    let fewer = orders(&[("\"a\"", 1), ("\"b\"", 2)]);
    let found = absent(&before, &fewer).await;
    assert_eq!(first(found), Some((3, Some("c".to_owned()))));
    assert_eq!(absent(&fewer, &before).await, None);
}

#[tokio::test]
async fn orders_without_an_id_are_not_all_the_same() {
    for id in ["null", "\"\""] {
        let before = orders(&[(id, 1), (id, 30)]);
        assert_eq!(absent(&before, &before).await, None);
        let found = absent(&before, &order(id, 30)).await;
        assert_eq!(first(found), Some((1, None)), "{id}");
    }
    let long = format!("\"{}\"", "é".repeat(100_000));
    let found = absent(&order(&long, 1), "").await;
    assert_eq!(first(found), Some((1, Some("é".repeat(60)))));
}

#[tokio::test]
async fn an_order_may_be_another_than_before_but_is_known_by_its_id() {
    let other = "\"total\":\"2\",\"note\":{\"order_id\":1}";
    let corrected = order("\"a\"", 1).replace("\"total\":1", other);
    assert_eq!(absent(&order("\"a\"", 1), &corrected).await, None);
    let escaped = order(r#""\u0061""#, 1);
    assert_eq!(absent(&order("\"a\"", 1), &escaped).await, None);
}

#[tokio::test]
async fn an_order_may_have_another_time_than_before() {
    let before = orders(&[("1", 1), ("2", 2), ("3", 3), ("4", 4)]);
    for after in [
        [("2", 2), ("3", 3), ("4", 4), ("1", 21)],
        [("4", 1), ("1", 2), ("2", 3), ("3", 4)],
        [("4", 2), ("3", 2), ("2", 2), ("1", 2)],
    ] {
        assert_eq!(absent(&before, &orders(&after)).await, None, "{after:?}");
        let found = absent(&before, &orders(&after[..3])).await;
        assert!(found.is_some(), "{after:?}");
    }
    // One that was there twice is there.
    let twice = orders(&[("1", 1), ("1", 1), ("2", 2)]);
    assert_eq!(absent(&twice, &before).await, None);
}

#[tokio::test]
async fn however_many_have_another_time_none_is_overlooked() {
    let count = LOOKED_FOR as u32 * 2 + 1;
    let text = |day| -> String { (0..count).map(|id| order(&id.to_string(), day)).collect() };
    let (before, after) = (text(1), text(2));
    assert_eq!(absent(&before, &after).await, None);
    let last = order(&(count - 1).to_string(), 2);
    let found = absent(&before, &after.replace(&last, "")).await;
    assert_eq!(first(found).map(|(line, _)| line), Some(u64::from(count)));
}

#[tokio::test]
async fn orders_that_cannot_have_left_are_not_looked_for() {
    assert_eq!(absent(&order("1", 20), "").await, None);
    assert!(absent(&order("1", 19), "").await.is_some());
}

#[tokio::test]
async fn what_is_no_order_has_to_be_there_as_it_is() {
    let damaged = "{\"created_at\":\"2026-10-02T12:00:00Z\",\"damaged_document\":\"AA==\"}\n";
    for line in [damaged, "{\"order_id\":\"a\",\"crea", "\n", "[\"1\"]\n"] {
        assert_eq!(absent(line, line).await, None, "{line}");
        let found = absent(line, &order("\"1\"", 1)).await;
        assert_eq!(first(found), Some((1, None)), "{line}");
        // Also behind orders that are not looked for.
        let last = format!("{}{line}", order("1", 21));
        assert_eq!(absent(&last, &last).await, None, "{line}");
        let found = absent(&last, &order("1", 21)).await;
        assert_eq!(first(found), Some((2, None)), "{line}");
    }
}
