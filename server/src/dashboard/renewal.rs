//! Recomputes the answers after a change of the orders: one replica does it for all.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::budget::Budget;
use super::metrics::Metrics;
use super::reader::Reader;
use super::turn::{Claimed, Turn};
use crate::cache::{Entry, Key};
use crate::store::StoreError;

/// The shortest time from one recomputation to the next.
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);
/// How long the store may take to say whether orders were written, before we ask again.
const TOKEN_WITHIN: Duration = Duration::from_secs(2);
/// Recomputing takes at most this part of the time.
const ONE_PART_IN: u32 = 20;

/// What this process knows of the last recomputation.
#[derive(Default)]
pub struct Renewal {
    /// For which token, and until when that is enough: some answers move with the clock.
    renewed: Option<(String, Instant)>,
    /// Held until the next recomputation may begin, so that no other replica begins one either.
    pause: Option<(Instant, Option<Claimed>)>,
}

impl Renewal {
    /// Asks the store for its token, and recomputes all answers past the cache, unless that was done
    /// for this token within the last minute, here or by another replica.
    pub async fn renew(&mut self, reader: &Arc<Reader>) -> Result<(), StoreError> {
        let now = Instant::now();
        self.pause.take_if(|(until, _)| *until <= now);
        // A store that is slow to say it must not hold up what else there is to tell.
        let Ok(token) = timeout(TOKEN_WITHIN, reader.store.change_token()).await else {
            return Ok(());
        };
        let (token, now) = (token?, Instant::now());
        let known = self.renewed.as_ref();
        if known.is_some_and(|(of, until)| *of == token && now < *until) {
            return Ok(());
        }
        if self.pause.is_some() {
            return Ok(());
        }
        let key = Key::live();
        let entry = Budget::new().spend(reader.cache.get(&key)).await.flatten();
        if entry.is_some_and(|entry| entry.meta == token) {
            // Soon we ask again: the entry knows when a minute is over.
            self.renewed = Some((token, now + SHORTEST_PAUSE));
            return Ok(());
        }
        let claimed = match Turn::ask(&reader.cache, &key, &mut Budget::new()).await {
            Turn::Ours(claimed) => Some(claimed),
            Turn::Alone => None,
            // Another replica recomputes, or has just done so.
            Turn::Theirs => return Ok(()),
        };
        let done = Metrics(reader).recompute().await;
        let took = now.elapsed();
        let pause = SHORTEST_PAUSE.max(took * ONE_PART_IN).saturating_sub(took);
        self.pause = Some((Instant::now() + pause, claimed));
        if done {
            let rows = serde_json::json!([{ "_id": token }]).to_string();
            let entry = Entry {
                rows,
                meta: token.clone(),
            };
            _ = Budget::new().spend(reader.cache.put(&key, entry)).await;
            self.renewed = Some((token, now + key.time_to_live()));
        }
        Ok(())
    }
}
