//! Loading orders from JSON Lines.

use std::collections::HashMap;
use std::io;

use thiserror::Error;
use tokio::io::AsyncBufRead;

use crate::order::Order;
use crate::store::{OrderStore, StoreError};

mod lines;

use lines::{Line, Lines, MAX_LINE_BYTES};

/// Orders in one write.
const BATCH_ORDERS: usize = 1000;
/// Document bytes after which a smaller batch is written.
const BATCH_BYTES: usize = 8 << 20;

/// A line that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Counted from 1.
    pub number: u64,
    pub problem: String,
}

/// What an import reports while it runs.
#[derive(Copy, Clone, Debug)]
pub enum ImportProgress<'a> {
    /// How many orders are loaded so far.
    Loaded(u64),
    /// A line was left out.
    Bad(&'a BadLine),
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Lines loaded. If several have the same `order_id`, the last one stays.
    pub loaded: u64,
    /// Synthetic orders removed.
    pub removed: u64,
    /// Lines left out; each was reported as [`ImportProgress::Bad`].
    pub bad: u64,
}

/// Why an import ended early. What it loaded stays, and importing the same file again does no harm.
#[derive(Debug, Error)]
pub enum ImportError {
    #[error("failed to read the input after line {line}")]
    Read { line: u64, source: io::Error },
    #[error("the order store failed after {loaded} orders were loaded")]
    Store { loaded: u64, source: StoreError },
}

/// Loads one order a line (see [`Order::from_json`]). An order replaces the one with the same
/// `order_id`. Before the first write it adopts the store, which removes synthetic orders. It ignores
/// blank lines and a byte order mark. A line that is not an order or longer than 1 MiB is left out and
/// reported. It holds one batch and one line in memory.
pub async fn import(
    reader: impl AsyncBufRead,
    store: &dyn OrderStore,
    report: impl FnMut(ImportProgress<'_>),
) -> Result<ImportReport, ImportError> {
    tokio::pin!(reader);
    let mut lines = Lines::new(reader);
    let mut import = Import {
        store,
        report,
        result: ImportReport::default(),
        batch: Batch::default(),
    };
    loop {
        let order = match lines.next().await {
            Ok(None) => break,
            Ok(Some(line)) => parsed(line),
            Err(source) => {
                let line = lines.number();
                return Err(ImportError::Read { line, source });
            }
        };
        match order {
            Ok(None) => {}
            Ok(Some(order)) => import.add(order).await?,
            Err(problem) => import.leave_out(lines.number(), problem),
        }
    }
    import.write().await?;
    Ok(import.result)
}

/// The order on the line; `None` on a blank line; or why it is not an order.
fn parsed(line: Line<'_>) -> Result<Option<Order>, String> {
    let Line::Whole(bytes) = line else {
        return Err(format!("longer than {MAX_LINE_BYTES} bytes"));
    };
    let text = str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    if text.trim_ascii().is_empty() {
        return Ok(None);
    }
    Order::from_json(text)
        .map(Some)
        .map_err(|error| error.to_string())
}

struct Import<'a, R> {
    store: &'a dyn OrderStore,
    report: R,
    result: ImportReport,
    batch: Batch,
}

impl<R: FnMut(ImportProgress<'_>)> Import<'_, R> {
    async fn add(&mut self, order: Order) -> Result<(), ImportError> {
        self.batch.add(order);
        if self.batch.orders.len() >= BATCH_ORDERS || self.batch.bytes >= BATCH_BYTES {
            self.write().await?;
        }
        Ok(())
    }

    fn leave_out(&mut self, number: u64, problem: String) {
        let line = BadLine { number, problem };
        (self.report)(ImportProgress::Bad(&line));
        self.result.bad += 1;
    }

    async fn write(&mut self) -> Result<(), ImportError> {
        let batch = std::mem::take(&mut self.batch);
        if batch.orders.is_empty() {
            return Ok(());
        }
        let loaded = self.result.loaded;
        let failed = |source| ImportError::Store { loaded, source };
        if loaded == 0 {
            self.result.removed = self.store.adopt().await.map_err(failed)?;
        }
        self.store.upsert(batch.orders).await.map_err(failed)?;
        self.result.loaded += batch.lines;
        (self.report)(ImportProgress::Loaded(self.result.loaded));
        Ok(())
    }
}

/// Orders to write together, each `order_id` once.
#[derive(Default)]
struct Batch {
    orders: Vec<Order>,
    /// The index in `orders` of each id.
    places: HashMap<String, usize>,
    bytes: usize,
    lines: u64,
}

impl Batch {
    fn add(&mut self, order: Order) {
        self.lines += 1;
        self.bytes += order.document.len();
        match self.places.get(&order.order_id) {
            Some(place) => self.orders[*place] = order,
            None => {
                self.places
                    .insert(order.order_id.clone(), self.orders.len());
                self.orders.push(order);
            }
        }
    }
}
