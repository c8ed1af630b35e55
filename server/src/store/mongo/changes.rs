//! Whether orders were written, by other programs too: a change stream where the server has one,
//! else its counter of writes, else the newest order and the number of all.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use app::model::OrderFilter;
use futures::StreamExt;
use mongodb::bson::{Document, RawDocumentBuf, doc};
use mongodb::change_stream::ChangeStream;
use tokio::sync::{Mutex, Notify, watch};
use tokio::time::{Instant, sleep};
use ulid::Ulid;

use super::calls::Calls;
use super::{MongoStore, ORDERS, StoreError, errors};
use crate::store::OrderStore;

/// A stream that nobody has asked for this long ends.
const IDLE: Duration = Duration::from_secs(10);

/// How long we make do with something else, before we ask for a stream again.
const ASK_AGAIN: Duration = Duration::from_secs(60);

/// How a server tells of writes.
#[derive(Debug, Default)]
enum Way {
    #[default]
    Unknown,
    Stream(Watching),
    /// Until then.
    Counter(Instant),
    /// Until then.
    Newest(Instant),
}

/// A change stream that a task of its own reads.
#[derive(Debug)]
struct Watching {
    /// The newest change's id, the same for all who watch; before the first one, a text of this
    /// stream: something may have been written before.
    newest: watch::Receiver<String>,
    asked: Arc<Notify>,
}

/// What is known of the writes.
#[derive(Debug, Default)]
pub(super) struct Changes(Mutex<Way>);

impl Changes {
    /// See [`super::OrderStore::change_token`]. A way that fails, however the server says so, makes
    /// room for the next one.
    pub async fn token(&self, store: &MongoStore) -> Result<String, StoreError> {
        let calls = &store.calls;
        let mut way = self.0.lock().await;
        loop {
            *way = match &*way {
                Way::Unknown => match open(calls).await {
                    Ok(watching) => {
                        let token = watching.newest.borrow().clone();
                        *way = Way::Stream(watching);
                        return Ok(token);
                    }
                    Err(_) => Way::Counter(Instant::now() + ASK_AGAIN),
                },
                Way::Stream(watching) => match watching.token() {
                    Some(token) => return Ok(token),
                    None => Way::Unknown,
                },
                Way::Counter(until) if Instant::now() < *until => match writes(calls).await {
                    Ok(token) => return Ok(token),
                    Err(_) => Way::Newest(*until),
                },
                Way::Newest(until) if Instant::now() < *until => {
                    let token = newest(store).await;
                    if token.is_err() {
                        *way = Way::Unknown;
                    }
                    return token;
                }
                Way::Counter(_) | Way::Newest(_) => Way::Unknown,
            };
        }
    }
}

impl Watching {
    /// The newest change; `None` once the stream has ended.
    fn token(&self) -> Option<String> {
        self.newest.has_changed().ok()?;
        self.asked.notify_one();
        Some(self.newest.borrow().clone())
    }
}

/// Opens a change stream. A server that stands alone refuses.
async fn open(calls: &Calls) -> Result<Watching, StoreError> {
    let stream = calls.run("change stream", |database| async move {
        let orders = database.collection::<Document>(ORDERS);
        let ids = [doc! { "$project": { "_id": 1 } }];
        let stream = orders.watch().pipeline(ids).await?;
        Ok(stream.with_type::<RawDocumentBuf>())
    });
    let (newest, shown) = watch::channel(format!("opened {}", Ulid::new()));
    let asked = Arc::new(Notify::new());
    tokio::spawn(follow(stream.await?, newest, asked.clone()));
    Ok(Watching {
        newest: shown,
        asked,
    })
}

/// Shows the newest change until the stream ends or nobody asks any more.
async fn follow(
    mut stream: ChangeStream<RawDocumentBuf>,
    newest: watch::Sender<String>,
    asked: Arc<Notify>,
) {
    let mut idle = pin!(sleep(IDLE));
    loop {
        tokio::select! {
            change = stream.next() => {
                let Some(Ok(change)) = change else { return };
                newest.send_replace(id(&change).unwrap_or_else(|| Ulid::new().to_string()));
            }
            () = asked.notified() => idle.as_mut().reset(Instant::now() + IDLE),
            () = &mut idle => return,
        }
    }
}

fn id(change: &RawDocumentBuf) -> Option<String> {
    let id = change.get_document("_id").ok()?;
    Some(id.get_str("_data").ok()?.to_owned())
}

/// The number of writes to the collection since the server's start, of all shards.
async fn writes(calls: &Calls) -> Result<String, StoreError> {
    let stats = vec![doc! { "$collStats": { "latencyStats": {} } }];
    let rows = calls.aggregate("count of writes", stats).await?;
    let ops = |row: &RawDocumentBuf| {
        let stats = row.get_document("latencyStats").ok()?;
        stats.get_document("writes").ok()?.get_i64("ops").ok()
    };
    let ops: Option<Vec<_>> = rows.iter().map(ops).collect();
    match ops {
        Some(ops) => Ok(format!("writes {ops:?}")),
        None => Err(errors::unusable("the server counts no writes", None)),
    }
}

async fn newest(store: &MongoStore) -> Result<String, StoreError> {
    let newest = store.orders(&OrderFilter::default(), None, 1).await?;
    let newest = newest.first();
    let newest = newest.map(|order| (order.created_at.milliseconds(), &order.order_id));
    Ok(format!(
        "{} orders, newest {newest:?}",
        store.count().await?
    ))
}
