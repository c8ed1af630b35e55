//! Orders that are written together.

use std::collections::HashMap;
use std::io;

use tokio::sync::mpsc::Sender;

use super::{BadOrder, Place};
use crate::order::{Order, OrderId};

/// Orders in one write.
const BATCH_ORDERS: usize = 1000;
/// Document bytes after which a smaller batch is written.
const BATCH_BYTES: usize = 8 << 20;

/// Orders to write together, each `order_id` once, and what was left out among them.
#[derive(Debug, Default)]
pub struct Batch {
    pub orders: Vec<Order>,
    /// How many orders it was before each `order_id` was there once.
    pub read: u64,
    pub bad: Vec<BadOrder>,
    /// The index in `orders` of each id.
    places: HashMap<OrderId, usize>,
    bytes: usize,
}

/// Gathers orders in batches and sends them.
#[derive(Debug)]
pub struct Batches {
    sender: Sender<Batch>,
    batch: Batch,
}

impl Batches {
    pub fn new(sender: Sender<Batch>) -> Self {
        Self {
            sender,
            batch: Batch::default(),
        }
    }

    /// Adds the order in this JSON.
    pub fn add_json(&mut self, place: Place, json: &[u8]) -> io::Result<()> {
        let order = match str::from_utf8(json) {
            Ok(json) => Order::from_json(json).map_err(|error| error.to_string()),
            Err(_) => Err("not UTF-8".to_owned()),
        };
        self.add(place, order)
    }

    /// Adds the order, or why it is left out.
    pub fn add(&mut self, place: Place, order: Result<Order, String>) -> io::Result<()> {
        match order {
            Ok(order) => self.batch.add(order),
            Err(problem) => self.batch.bad.push(BadOrder { place, problem }),
        }
        let Batch {
            orders, bad, bytes, ..
        } = &self.batch;
        if orders.len() + bad.len() >= BATCH_ORDERS || *bytes >= BATCH_BYTES {
            self.send()?;
        }
        Ok(())
    }

    /// Sends what has been gathered. An error if nobody writes any more.
    pub fn send(&mut self) -> io::Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.sender
            .blocking_send(batch)
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Batch {
    fn add(&mut self, order: Order) {
        self.read += 1;
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
