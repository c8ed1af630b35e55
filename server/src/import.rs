//! Loading orders from a file.

use std::fmt;
use std::io::{self, BufRead, Read};

use thiserror::Error;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::store::{OrderStore, StoreError};

mod array;
mod batch;
mod csv;
mod format;
mod input;
mod lines;

use batch::{Batch, Batches};
use format::Format;
use input::Input;

/// Where in a file an order is, counted from 1.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Line(u64),
    /// In an array, which may be all on one line.
    Order(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(number) => write!(f, "line {number}"),
            Self::Order(number) => write!(f, "order {number}"),
        }
    }
}

/// An order that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadOrder {
    pub place: Place,
    pub problem: String,
}

/// What an import reports while it runs.
#[derive(Copy, Clone, Debug)]
pub enum ImportProgress<'a> {
    /// How many orders are loaded so far.
    Loaded(u64),
    /// An order was left out.
    Bad(&'a BadOrder),
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Orders loaded. If several have the same `order_id`, the last one stays.
    pub loaded: u64,
    /// Synthetic orders removed.
    pub removed: u64,
    /// Orders left out; each was reported as [`ImportProgress::Bad`].
    pub bad: u64,
}

/// Why an import ended early. What it loaded stays, and importing the same file again does no harm.
#[derive(Debug, Error)]
pub enum ImportError {
    #[error("{}", cannot_read(*loaded))]
    Read { loaded: u64, source: io::Error },
    #[error("the order store failed after {loaded} orders were loaded")]
    Store { loaded: u64, source: StoreError },
}

fn cannot_read(loaded: u64) -> String {
    match loaded {
        0 => "the file cannot be read, and nothing is loaded".to_owned(),
        _ => format!("the file cannot be read any further; {loaded} orders are loaded"),
    }
}

/// Loads the orders of JSON Lines, of a JSON array or of CSV, each also as gzip; anything else is an
/// error. An order replaces the one with the same `order_id`. Before the first write it adopts the
/// store, which removes synthetic orders. What is not an order (see [`Order::from_json`]) is left out
/// and reported. It holds a few batches and one order in memory, and ends at an order of over 32 MB.
///
/// [`Order::from_json`]: crate::order::Order::from_json
pub async fn import(
    file: impl Read + Send + 'static,
    store: &dyn OrderStore,
    report: impl FnMut(ImportProgress<'_>),
) -> Result<ImportReport, ImportError> {
    let (sender, mut batches) = mpsc::channel(1);
    // One thread reads and parses while the store writes.
    let reading = spawn_blocking(|| read(file, Batches::new(sender)));
    let mut import = Import {
        store,
        report,
        result: ImportReport::default(),
    };
    while let Some(batch) = batches.recv().await {
        import.write(batch).await?;
    }
    let loaded = import.result.loaded;
    reading
        .await
        .unwrap_or_else(|panic| Err(panic.into()))
        .map_err(|source| ImportError::Read { loaded, source })?;
    Ok(import.result)
}

/// Sends all orders of the file, also those before the place where it cannot be read.
fn read(file: impl Read + 'static, mut batches: Batches) -> io::Result<()> {
    let mut input = Input::open(file)?;
    let read = match Format::of(input.text.fill_buf()?)? {
        Format::Lines => lines::read(input, &mut batches),
        Format::Array => array::read(input, &mut batches),
        Format::Csv => csv::read(input, &mut batches),
    };
    batches.send()?;
    read
}

struct Import<'a, R> {
    store: &'a dyn OrderStore,
    report: R,
    result: ImportReport,
}

impl<R: FnMut(ImportProgress<'_>)> Import<'_, R> {
    async fn write(&mut self, batch: Batch) -> Result<(), ImportError> {
        for bad in &batch.bad {
            (self.report)(ImportProgress::Bad(bad));
            self.result.bad += 1;
        }
        if batch.orders.is_empty() {
            return Ok(());
        }
        let loaded = self.result.loaded;
        let failed = |source| ImportError::Store { loaded, source };
        if loaded == 0 {
            self.result.removed = self.store.adopt().await.map_err(failed)?;
        }
        self.store.upsert(batch.orders).await.map_err(failed)?;
        self.result.loaded += batch.read;
        (self.report)(ImportProgress::Loaded(self.result.loaded));
        Ok(())
    }
}
