//! Whether the page has changed: what open pages are told, and how long a rendering is good.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use app::model::refresh::fingerprint_of_text;
use app::model::{ArchiveStatus, Panel, Status, Timestamp};
use app::ports::{Archive, Dashboard};
use chrono::NaiveDate;
use tokio::sync::{Mutex, Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::CachedDashboard;
use super::budget::Budget;
use super::reader::WITHOUT_CACHE;
use super::renewal::Renewal;
use crate::cache::Key;

/// How often the cache is asked, and while somebody listens the order store.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// How long a page waits for its version, which comes before everything else.
const LOOKED_UP_WITHIN: Duration = Duration::from_millis(300);
/// How often the state of the dashboard is asked for.
const STATES_INTERVAL: Duration = Duration::from_secs(5);
/// How often the archive is asked, which asks several questions: a run in another process may have
/// ended.
const ARCHIVE_INTERVAL: Duration = Duration::from_secs(15);
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
    /// When the orders were last as in their source.
    as_of: watch::Sender<Option<Timestamp>>,
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
    /// The state of the dashboard in short, and whether all stores are well.
    status: Asked<(String, bool)>,
    /// The archive in short.
    archive: Asked<String>,
}

impl Live {
    pub fn new(dashboard: Arc<CachedDashboard>, archive: Arc<dyn Archive>) -> Self {
        Self(Arc::new(Shared {
            dashboard,
            archive,
            version: watch::Sender::new(Version::from("")),
            as_of: watch::Sender::new(None),
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
                // Another replica may recompute from now on.
                renewal = Renewal::default();
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
    /// not, a page may soon show more than its version says. Nobody waits long for it: then it is
    /// the last one, and not known to be all.
    pub async fn version(&self) -> (Version, bool) {
        let look_up = async {
            let mut known = self.0.known.lock().await;
            let is_new = known.at.is_some_and(|at| at.elapsed() < POLL_INTERVAL);
            if !is_new || known.day != Some(self.today()) {
                self.look_up(&mut known).await;
            }
            known.is_whole
        };
        let is_whole = timeout(LOOKED_UP_WITHIN, look_up).await;
        (self.0.version.borrow().clone(), is_whole.unwrap_or(false))
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

    /// When the orders were last as in their source, every few seconds while somebody listens.
    pub fn as_of(&self) -> watch::Receiver<Option<Timestamp>> {
        self.0.as_of.subscribe()
    }

    async fn look_up(&self, known: &mut Known) {
        let dashboard = &self.0.dashboard;
        dashboard.settle().await;
        let (reader, today) = (&dashboard.reader, self.today());
        let keys: Vec<Key> = Panel::ALL.iter().map(|panel| Key::from(*panel)).collect();
        let entries = Budget::new().spend(reader.cache.get_all(&keys)).await;
        let (status, archive) = futures::join!(
            self.status(known.status.take()),
            self.archive(known.archive.take())
        );
        let are_well = status.0.1;
        let mut text = format!("{today} {} {}", status.0.0, archive.0);
        (known.status, known.archive) = (Some(status), Some(archive));
        match entries.flatten() {
            Some(entries) => {
                known.is_whole = are_well && entries.iter().all(Option::is_some);
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

    async fn status(&self, last: Asked<(String, bool)>) -> ((String, bool), Instant) {
        if let Some(last) = young(last, STATES_INTERVAL) {
            return last;
        }
        let status = self.0.dashboard.status_now().await;
        let source = status.order_source.as_ref();
        let as_of = source.and_then(|source| source.as_of);
        self.0.as_of.send_replace(as_of);
        let mut troubles = status.sources.iter().map(|source| source.trouble);
        let are_well = troubles.all(|trouble| trouble.is_none());
        ((status_in_short(&status), are_well), Instant::now())
    }

    async fn archive(&self, last: Asked<String>) -> (String, Instant) {
        if let Some(last) = young(last, ARCHIVE_INTERVAL) {
            return last;
        }
        let status = self.0.archive.status().await;
        let archive = status.map_or_else(|error| error.message, in_short);
        (archive, Instant::now())
    }
}

/// An answer, and when it came.
type Asked<T> = Option<(T, Instant)>;

fn young<T>(last: Asked<T>, most: Duration) -> Asked<T> {
    last.filter(|(_, at)| at.elapsed() < most)
}

/// What the page says of the dashboard's state, without how fast the stores answer and how far behind
/// the orders are: that moves all the time. The latter is told by itself.
fn status_in_short(status: &Status) -> String {
    let stores = status.sources.iter().map(|source| source.trouble);
    let stores: Vec<_> = stores.collect();
    let source = status.order_source.as_ref().map(|source| {
        let drift = source.drift.as_ref();
        let drift = drift.map(|drift| (drift.orders, drift.cents));
        (source.notices.len(), drift, source.as_of.is_some())
    });
    format!(
        "{stores:?} {source:?} {} {:?} {:?} {:?}",
        status.demonstration, status.unreadable, status.duplicates, status.unknown_statuses
    )
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
