//! Whether the page has changed: what open pages are told, and how long a rendering is good.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use app::model::refresh::fingerprint_of_text;
use app::model::{ArchiveStatus, Panel};
use app::ports::{Archive, Dashboard};
use chrono::NaiveDate;
use tokio::sync::{Mutex, Notify, watch};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::CachedDashboard;
use super::budget::Budget;
use super::reader::WITHOUT_CACHE;
use super::renewal::Renewal;
use crate::cache::Key;

/// How often the cache is asked, and while somebody listens the order store.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// How often the archive and the states of the stores are asked.
const SIDES_INTERVAL: Duration = Duration::from_secs(5);
/// How many pages may listen at once.
const MOST_LISTENERS: usize = 500;

/// What the page shows in short: another text once it shows something else. Ages are no difference.
pub type Version = Arc<str>;

/// Is told of every version.
pub type Listener = watch::Receiver<Version>;

/// Watches the answers. Clones are the same one.
#[derive(Clone)]
pub struct Live(Arc<Shared>);

struct Shared {
    dashboard: Arc<CachedDashboard>,
    archive: Arc<dyn Archive>,
    version: watch::Sender<Version>,
    /// Held while the version is looked up, so that many pages are one question.
    known: Mutex<Known>,
    listening: Notify,
}

/// What the version was made of.
#[derive(Debug, Default)]
struct Known {
    at: Option<Instant>,
    /// The business day.
    day: Option<NaiveDate>,
    is_whole: bool,
    /// The archive and the states of the stores.
    sides: Option<Sides>,
}

/// What the page shows besides the answers.
#[derive(Clone, Debug)]
struct Sides {
    text: String,
    /// Whether nothing is wrong with a store.
    are_well: bool,
    at: Instant,
}

impl Live {
    pub fn new(dashboard: Arc<CachedDashboard>, archive: Arc<dyn Archive>) -> Self {
        Self(Arc::new(Shared {
            dashboard,
            archive,
            version: watch::Sender::new(Version::from("")),
            known: Mutex::default(),
            listening: Notify::new(),
        }))
    }

    /// While somebody listens, recomputes the answers when orders were written, and tells of every
    /// version. Ends with `cancel`.
    pub async fn run(self, cancel: CancellationToken) {
        cancel.run_until_cancelled(self.watch()).await;
    }

    async fn watch(&self) {
        let reader = &self.0.dashboard.reader;
        let mut renewal = Renewal::default();
        loop {
            while self.0.version.receiver_count() == 0 {
                self.0.listening.notified().await;
            }
            if let Err(error) = renewal.renew(reader).await {
                tracing::debug!(%error, "whether orders were written is not known");
            }
            self.look_up(&mut *self.0.known.lock().await).await;
            sleep(POLL_INTERVAL).await;
        }
    }

    /// The version as of a second ago at most, and whether all answers and all stores are there. If
    /// not, a page may soon show more than its version says.
    pub async fn version(&self) -> (Version, bool) {
        let mut known = self.0.known.lock().await;
        let is_new = known.at.is_some_and(|at| at.elapsed() < POLL_INTERVAL);
        if !is_new || known.day != Some(self.today()) {
            self.look_up(&mut known).await;
        }
        (self.0.version.borrow().clone(), known.is_whole)
    }

    /// Something was done here that the next page has to show.
    pub async fn outdate(&self) {
        *self.0.known.lock().await = Known::default();
    }

    /// `None` if too many listen already. The listener has a version at once.
    pub async fn listen(&self) -> Option<Listener> {
        self.version().await;
        let listener = self.0.version.subscribe();
        self.0.listening.notify_one();
        (self.0.version.receiver_count() <= MOST_LISTENERS).then_some(listener)
    }

    async fn look_up(&self, known: &mut Known) {
        let dashboard = &self.0.dashboard;
        dashboard.settle().await;
        let (reader, today) = (&dashboard.reader, self.today());
        let keys: Vec<Key> = Panel::ALL.iter().map(|panel| Key::from(*panel)).collect();
        let entries = Budget::new().spend(reader.cache.get_all(&keys)).await;
        let sides = self.sides(known).await;
        let mut text = format!("{today} {}", sides.text);
        match entries.flatten() {
            Some(entries) => {
                known.is_whole = sides.are_well && entries.iter().all(Option::is_some);
                for entry in entries {
                    let entry = entry.map(|entry| entry.rows + &entry.meta);
                    text.push_str(&entry.unwrap_or_default());
                    text.push('\n');
                }
            }
            // Then every process computes for itself, and as often.
            None => {
                known.is_whole = false;
                let seconds = dashboard.now().timestamp();
                text += &(seconds / WITHOUT_CACHE.as_secs() as i64).to_string();
            }
        }
        let version = Version::from(fingerprint_of_text(&text));
        self.0.version.send_if_modified(|last| {
            let differs = *last != version;
            *last = version;
            differs
        });
        (known.at, known.day) = (Some(Instant::now()), Some(today));
    }

    fn today(&self) -> NaiveDate {
        let dashboard = &self.0.dashboard;
        dashboard.reader.calendar.day_of(dashboard.now())
    }

    async fn sides(&self, known: &mut Known) -> Sides {
        if let Some(sides) = &known.sides
            && sides.at.elapsed() < SIDES_INTERVAL
        {
            return sides.clone();
        }
        let states = self.0.dashboard.probes.states();
        let (archive, states) = futures::join!(self.0.archive.status(), states);
        let archive = archive.map_or_else(|error| error.message, in_short);
        let troubles: Vec<_> = states.iter().map(|state| state.trouble).collect();
        let sides = Sides {
            text: format!("{troubles:?} {archive}"),
            are_well: troubles.iter().all(Option::is_none),
            at: Instant::now(),
        };
        known.sides.insert(sides).clone()
    }
}

/// The archive without how far a run is, which moves all the time.
fn in_short(mut status: ArchiveStatus) -> String {
    if let Some(run) = &mut status.current {
        (run.orders, run.bytes) = (0, 0);
    }
    serde_json::to_string(&status).unwrap_or_default()
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.0.version.borrow();
        f.debug_tuple("Live").field(&version).finish()
    }
}
