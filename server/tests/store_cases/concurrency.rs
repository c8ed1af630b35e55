//! Several callers at once.

use futures::future::{join, join_all};
use futures::stream::{self, StreamExt};
use server::store::{Dimension, OrderStore};

use crate::support::draft::Draft;
use crate::support::lines::lines;
use crate::support::random;
use crate::support::reads::{by, totals};
use crate::support::time::{at, ever};

const NOON: &str = "2026-11-22T12:00:00Z";

pub async fn readers_and_a_writer_go_on_together(store: &dyn OrderStore) {
    const BATCH: u64 = 100;
    const BATCHES: u64 = 30;
    let write = async {
        for batch in 0..BATCHES {
            let draft = |number| Draft::at(&format!("ORD_{batch}_{number}"), NOON).order();
            let orders = (0..BATCH).map(draft).collect();
            store.upsert(orders).await.expect("an upsert");
        }
    };
    let read = async || {
        let mut seen = 0;
        while seen < BATCH * BATCHES {
            let totals = totals(store, &[ever()]).await[0];
            assert_eq!(totals.revenue_cents.0, totals.orders as i64 * 1_000);
            assert!(totals.orders >= seen, "orders went away");
            seen = totals.orders;
            by(store, Dimension::Category, ever()).await;
        }
    };
    join(write, join_all((0..8).map(|_| read()))).await;
}

pub async fn open_exports_hold_up_nobody(store: &dyn OrderStore) {
    let orders = random::orders(5_000, 9, at(NOON));
    store.upsert(orders).await.expect("an upsert");
    let mut open = Vec::new();
    for _ in 0..12 {
        let mut documents = store.documents(ever()).await.expect("a stream");
        let first = documents.next().await.expect("one").expect("a piece");
        open.push(stream::iter([Ok(first)]).chain(documents).boxed());
    }
    let order = Draft::at("LATE", NOON).order();
    store.upsert(vec![order]).await.expect("an upsert");
    assert_eq!(store.count().await.expect("a count"), 5_001);
    for documents in open {
        assert_eq!(lines(documents).await.len(), 5_000);
    }
}
