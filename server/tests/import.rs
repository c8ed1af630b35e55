//! Imports files into a real store.

#![expect(clippy::expect_used, reason = "a test ends where something fails")]

use std::io::{self, Cursor, Read, Write};

use app::model::Cents;
use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use server::calendar::UtcWindow;
use server::causes::with_causes;
use server::clock::FixedClock;
use server::generate::{Plan, generate};
use server::import::{ImportProgress, ImportReport, import};
use server::store::sqlite::SqliteStore;
use server::store::{Dimension, OrderStore};
use tempfile::TempDir;

#[path = "support/lines.rs"]
mod lines;
#[expect(dead_code, reason = "other suites use the rest")]
#[path = "support/reads.rs"]
mod reads;

use lines::lines;
use reads::{by, totals};

mod import_cases {
    pub mod formats;
    pub mod hostile;
}

const LESSON: &str = include_str!("data/lesson_orders.jsonl");

async fn store() -> (SqliteStore, TempDir) {
    let folder = TempDir::new().expect("a temporary folder");
    let store = SqliteStore::open(&folder.path().join("orders.sqlite"))
        .await
        .expect("a store");
    (store, folder)
}

/// Reads a few bytes at once, as a pipe may.
struct Pieces(Cursor<Vec<u8>>);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = buffer.len().min(100);
        self.0.read(&mut buffer[..end])
    }
}

async fn load(store: &SqliteStore, file: impl Into<Vec<u8>>) -> ImportReport {
    let file = Pieces(Cursor::new(file.into()));
    import(file, store, |_| {}).await.expect("an import")
}

/// What is loaded of the file, which orders are left out and why, and why it ended early.
async fn outcome(store: &SqliteStore, file: impl Into<Vec<u8>>) -> (u64, Vec<String>, String) {
    let (mut loaded, mut bad) = (0, Vec::new());
    let ended = import(Cursor::new(file.into()), store, |event| match event {
        ImportProgress::Loaded(orders) => loaded = orders,
        ImportProgress::Bad(order) => bad.push(format!("{}: {}", order.place, order.problem)),
    })
    .await;
    let early = ended
        .err()
        .map_or_else(String::new, |error| with_causes(&error));
    (loaded, bad, early)
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).expect("no errors from memory");
    packed.finish().expect("no errors from memory")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an RFC 3339 time")
}

fn line(id: u32, dollars: &str) -> String {
    format!(r#"{{"order_id":"A{id}","created_at":"2026-11-22 10:00:00","total":{dollars}}}"#)
}

/// A window that holds every order of these tests.
fn window() -> UtcWindow {
    UtcWindow::last_days(90, at("2026-12-31T00:00:00Z"))
}

async fn revenue(store: &SqliteStore) -> Cents {
    let window = UtcWindow::last_days(30, at("2026-11-22T10:37:21Z"));
    totals(store, &[window]).await[0].revenue_cents
}

#[tokio::test]
async fn the_lessons_orders_give_the_lessons_figures() {
    let (store, _folder) = store().await;
    let mut told = 0;
    let report = import(Cursor::new(LESSON), &store, |progress| {
        if let ImportProgress::Loaded(orders) = progress {
            told = orders;
        }
    })
    .await
    .expect("an import");
    assert_eq!((report.loaded, report.bad, told), (500, 0, 500));
    assert_eq!(store.count().await.expect("a count"), 500);
    assert!(!store.is_demonstration().await.expect("an answer"));

    let now = at("2026-11-22T10:37:21Z");
    let groups = by(&store, Dimension::Category, UtcWindow::last_days(30, now)).await;
    let revenue: Vec<(String, i64, u64)> = groups
        .into_iter()
        .map(|group| (group.value, group.revenue_cents.0, group.orders))
        .collect();
    assert_eq!(
        revenue,
        [
            ("accessories".to_owned(), 5_011_773, 118),
            ("apparel".to_owned(), 1_746_501, 127),
            ("electronics".to_owned(), 2_136_175, 69),
            ("footwear".to_owned(), 3_818_767, 101),
        ]
    );
}

#[tokio::test]
async fn importing_again_changes_nothing() {
    let (store, _folder) = store().await;
    load(&store, LESSON.as_bytes()).await;
    let before = revenue(&store).await;
    load(&store, LESSON.replace('\n', "\r\n").as_bytes()).await;
    assert_eq!(store.count().await.expect("a count"), 500);
    assert_eq!(revenue(&store).await, before);
}

#[tokio::test]
async fn the_last_order_with_an_id_stays() {
    let (store, _folder) = store().await;
    let mut lines = vec![line(1, "1.00"), line(2, "5.00"), line(1, "2.00")];
    let report = load(&store, lines.join("\n").as_bytes()).await;
    assert_eq!((report.loaded, report.bad), (3, 0));
    assert_eq!(revenue(&store).await, Cents(700));
    // In different batches, too.
    lines = (0..2500).map(|id| line(id % 1200, "1.00")).collect();
    lines.push(line(7, "3.00"));
    load(&store, lines.join("\n").as_bytes()).await;
    assert_eq!(store.count().await.expect("a count"), 1200);
    assert_eq!(revenue(&store).await, Cents(120_200));
}

#[tokio::test]
async fn bad_lines_are_named_and_the_rest_is_loaded() {
    let (store, _folder) = store().await;
    let mut input = Vec::from("\u{feff}".as_bytes());
    for part in [
        line(1, "1.00").as_bytes(),
        b"\n\n  \t\n",
        b"not an order\n",
        "x".repeat(3 << 20).as_bytes(),
        b"\n\xff\xfe{}\r\n",
        line(2, "NaN").as_bytes(),
        b"\r\n",
        line(3, "2.00").as_bytes(),
    ] {
        input.extend_from_slice(part);
    }
    let (loaded, bad, _) = outcome(&store, input).await;
    assert_eq!((loaded, bad.len()), (2, 4), "{bad:?}");
    assert_eq!(bad[0], "line 4: expected a JSON object, found not an order");
    assert!(bad[1].starts_with("line 5: expected a JSON object, found xxx"));
    assert_eq!(bad[2], "line 6: not UTF-8");
    assert!(bad[3].starts_with("line 7: not valid JSON"), "{}", bad[3]);
    assert_eq!(revenue(&store).await, Cents(300));
}

#[tokio::test]
async fn bad_lines_alone_do_not_change_the_store() {
    let (store, _folder) = store().await;
    let report = load(&store, "{}\n".repeat(2500)).await;
    assert_eq!((report.loaded, report.bad), (0, 2500));
    // Without an order the store was not adopted.
    assert!(store.is_demonstration().await.expect("an answer"));
}

#[tokio::test]
async fn synthetic_orders_are_removed() {
    let (store, _folder) = store().await;
    let clock = FixedClock(at("2026-11-22T10:37:21Z"));
    generate(&store, Plan::default(), &clock, |_| {})
        .await
        .expect("synthetic orders");
    let report = load(&store, LESSON.as_bytes()).await;
    assert_eq!((report.loaded, report.removed), (500, 500));
    assert_eq!(store.count().await.expect("a count"), 500);
    // The second import finds no synthetic orders.
    let report = load(&store, LESSON.as_bytes()).await;
    assert_eq!((report.loaded, report.removed), (500, 0));
    assert_eq!(store.count().await.expect("a count"), 500);
}

#[tokio::test]
async fn archived_lines_can_be_imported() {
    let (first, _folder) = store().await;
    load(&first, LESSON.as_bytes()).await;
    let now = at("2026-11-22T10:37:21Z");
    let window = UtcWindow::last_days(60, now + TimeDelta::days(1));
    let documents = lines(first.documents(window).await.expect("a stream")).await;

    let (second, _folder) = store().await;
    let report = load(&second, documents.join("\n").as_bytes()).await;
    assert_eq!((report.loaded, report.bad), (500, 0));
    assert_eq!(revenue(&second).await, revenue(&first).await);
    let again = lines(second.documents(window).await.expect("a stream")).await;
    assert_eq!(again, documents);
}
