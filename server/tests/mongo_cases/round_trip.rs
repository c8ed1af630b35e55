//! Documents of any kind: figures, archive, import, and the same figures again.

use std::io::Cursor;

use app::model::{Filter, OrderFilter};
use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;
use mongodb::bson::Document;
use server::import::import;
use server::store::{OrderStore, Piece, StatusRules};

use crate::support::agreement::drained;
use crate::support::backend::Backend;
use crate::support::mongo::MongoBackend;
use crate::support::random_documents::{NEWEST, RandomDocuments};
use crate::support::reads::DIMENSIONS;
use crate::support::sqlite::SqliteBackend;
use crate::support::time::{at, calendar, days, ever};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_archive_counts_as_readable_is_restored() {
    for seed in [1, 2] {
        round_trip(2_000, seed).await;
    }
}

#[ignore = "takes minutes"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_large_archive_counts_as_readable_is_restored() {
    let seed = std::env::var("SEED").map_or(42, |seed| seed.parse().expect("a number"));
    round_trip(100_000, seed).await;
}

async fn round_trip(count: u64, seed: u64) {
    let Some(source) = MongoBackend::bare().await else {
        return;
    };
    let mut random = RandomDocuments::new(seed, &source.database).await;
    let orders = source.database.collection::<Document>("orders");
    let mut left = count;
    while left > 0 {
        let batch: Vec<Document> = (0..left.min(1_000)).map(|_| random.order()).collect();
        left -= batch.len() as u64;
        orders.insert_many(batch).await.expect("inserted");
    }

    let pieces = source.store.documents(ever()).await.expect("a stream");
    let pieces: Vec<Piece> = pieces.try_collect().await.expect("documents");
    let (mut readable, mut unreadable) = (Vec::new(), 0);
    for piece in &pieces {
        let mut start = 0;
        for line in piece.lines.split_inclusive(|byte| *byte == b'\n') {
            match piece.unreadable.contains(&start) {
                true => unreadable += 1,
                false => readable.push(str::from_utf8(line).expect("UTF-8").trim_end().to_owned()),
            }
            start += line.len();
        }
    }
    let expected = figures(&source.store).await;
    assert_eq!(
        source.store.unreadable().await.expect("a count"),
        count - readable.len() as u64
    );
    assert!(
        readable.len() as u64 > count / 4 && unreadable > count / 8,
        "{unreadable} of {count}"
    );

    let archive: Vec<u8> = pieces
        .iter()
        .flat_map(|piece| &piece.lines)
        .copied()
        .collect();
    let sqlite = SqliteBackend::start().await.expect("a store");
    let mongo = MongoBackend::start().await.expect("the same server");
    for store in [sqlite.store(), mongo.store()] {
        let report = import(Cursor::new(archive.clone()), store, |_| {}).await;
        let report = report.expect("an import");
        assert_eq!(
            (report.loaded, report.bad),
            (readable.len() as u64, unreadable)
        );
        let lines = drained(store, ever()).await;
        for (line, expected) in lines.iter().zip(&readable) {
            assert_eq!(line, expected, "in {store}, seed {seed}");
        }
        assert_eq!(lines.len(), readable.len());
        assert_eq!(store.unreadable().await.expect("a count"), 0);
        let found = figures(store).await;
        let only = |these: &[String], those: &[String]| {
            let only = these.iter().filter(|read| !those.contains(read));
            only.take(5).cloned().collect::<Vec<_>>()
        };
        let different = (only(&found, &expected), only(&expected, &found));
        assert_eq!(different, Default::default(), "{store}, seed {seed}");
    }
}

/// Every read, as text.
async fn figures(store: &dyn OrderStore) -> Vec<String> {
    let now: DateTime<Utc> = at(NEWEST);
    let (rules, all) = (StatusRules::default(), Filter::default());
    let mut windows = days(calendar("Europe/Berlin"), 7, now);
    windows.push(ever());
    let totals = store.totals(&rules, &all, &windows).await;
    let mut figures = vec![format!("{:?}", totals.expect("totals"))];
    let north = Filter {
        region: "North".to_owned(),
        ..Filter::default()
    };
    for filter in [&all, &north] {
        for dimension in DIMENSIONS {
            let groups = store.by(&rules, dimension, filter, ever()).await;
            let groups = groups.expect("groups");
            figures.extend(
                groups
                    .iter()
                    .map(|group| format!("{dimension:?} {group:?}")),
            );
        }
        let active = store.active(filter, now - TimeDelta::days(1)).await;
        figures.push(format!("{:?}", active.expect("active orders")));
    }
    let newest = store.orders(&OrderFilter::default(), None, 1_000).await;
    let newest = newest.expect("orders");
    figures.extend(newest.iter().map(|order| format!("{order:?}")));
    figures
}
