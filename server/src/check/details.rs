//! What is in the order store.

use std::error::Error;

use app::model::OrderFilter;
use tokio::time::{Instant, timeout_at};

use super::Checked;
use crate::causes::with_causes;
use crate::store::mongo::MongoStore;
use crate::store::{OrderStore, StoreError};

/// Adds the number of orders, the newest order, and how many are unreadable. An answer after the
/// deadline is unknown. A store that is not usable counts as down.
pub(super) async fn orders(checked: &mut Checked, store: &dyn OrderStore, deadline: Instant) {
    let all = OrderFilter::default();
    let (orders, newest, unreadable) = futures::join!(
        timeout_at(deadline, store.count()),
        timeout_at(deadline, store.orders(&all, None, 1)),
        timeout_at(deadline, store.unreadable()),
    );
    checked.orders = known(checked, "the number of orders", orders);
    let newest = known(checked, "the newest order", newest);
    checked.newest_order = newest.and_then(|orders| Some(orders.first()?.created_at));
    checked.unreadable = known(checked, "the number of unreadable orders", unreadable);
}

/// Adds the names of the indexes that are missing.
pub(super) async fn indexes(checked: &mut Checked, store: &MongoStore, deadline: Instant) {
    let missing = timeout_at(deadline, store.missing_indexes()).await;
    let missing = known(checked, "which indexes there are", missing).unwrap_or_default();
    checked.missing_indexes = missing.into_iter().map(str::to_owned).collect();
}

fn known<T>(
    checked: &mut Checked,
    what: &str,
    answer: Result<Result<T, StoreError>, impl Error>,
) -> Option<T> {
    match answer {
        Ok(Ok(answer)) => return Some(answer),
        Ok(Err(error @ StoreError::Unusable { .. })) => {
            checked.up = false;
            let problem = with_causes(&error);
            // All three may fail for the same reason.
            if !checked.notes.contains(&problem) {
                checked.notes.push(problem);
            }
        }
        Ok(Err(error)) => {
            let cause = with_causes(&error);
            checked.notes.push(format!("{what} is unknown: {cause}"));
        }
        Err(_) => checked
            .notes
            .push(format!("{what} is unknown: no answer in time")),
    }
    None
}
