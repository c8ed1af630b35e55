//! The figures that a refresh compares with what was on a page.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::api::ApiError;
use app::model::{Figures, Filter, Watermark};
use app::ports::Read;
use chrono::{DateTime, Utc};

use super::CachedDashboard;
use super::metrics::figures;
use crate::cache::{Key, Rows};
use crate::calendar::UtcWindow;

/// A watermark looks back over so many times 24 hours.
const DAYS: i64 = 30;

/// The instants since which pages want the figures counted. A page counts from where its own
/// watermark began, and one computation serves all who wait for it.
#[derive(Debug, Default)]
pub struct Starts(Mutex<Vec<DateTime<Utc>>>);

/// One of them, wanted until this is dropped.
struct Wanted {
    starts: Arc<Starts>,
    from: DateTime<Utc>,
}

impl Starts {
    fn want(self: &Arc<Self>, from: DateTime<Utc>) -> Wanted {
        self.wanted().push(from);
        let starts = self.clone();
        Wanted { starts, from }
    }

    fn wanted(&self) -> MutexGuard<'_, Vec<DateTime<Utc>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        let mut wanted = self.starts.wanted();
        if let Some(at) = wanted.iter().position(|from| *from == self.from) {
            wanted.swap_remove(at);
        }
    }
}

/// A watermark and, as of the same moment, the figures since each start that was wanted. Only the
/// watermark is cached.
#[derive(Clone, Debug)]
struct Counted {
    watermark: Watermark,
    since: Vec<(DateTime<Utc>, Figures)>,
}

impl Rows for Counted {
    fn to_rows(&self) -> serde_json::Result<String> {
        self.watermark.to_rows()
    }

    fn from_rows(text: &str) -> Option<Self> {
        Some(Self {
            watermark: Watermark::from_rows(text)?,
            since: Vec::new(),
        })
    }
}

impl CachedDashboard {
    /// The watermark of now, and, when it is computed and not cached, also the figures since
    /// `from`, as of the same moment.
    pub(super) async fn watermark_at(
        &self,
        read: Read,
        now: DateTime<Utc>,
        from: Option<DateTime<Utc>>,
    ) -> Result<(Watermark, Option<Figures>), ApiError> {
        let _wanted = from.map(|from| self.starts.want(from));
        let window = UtcWindow::last_days(DAYS, now);
        let ask = self.metrics(now).question(&Filter::default());
        let calendar = self.reader.calendar;
        let starts = self.starts.clone();
        let compute = async move {
            let mut since = starts.wanted().clone();
            since.sort_unstable();
            since.dedup();
            let also = since.iter().map(|from| UtcWindow {
                from: *from,
                to: now,
            });
            let windows: Vec<_> = [window].into_iter().chain(also).collect();
            let totals = ask.totals(&windows).await?;
            let mut figures = totals.iter().map(|totals| figures(Some(totals)));
            let watermark = Watermark {
                from: calendar.timestamp(window.from),
                at: calendar.timestamp(window.to),
                figures: figures.next().unwrap_or_default(),
            };
            let since = since.iter().copied().zip(figures).collect();
            Ok((Counted { watermark, since }, Some(window)))
        };
        let counted = self.reader.answer(Key::watermark(), read, compute).await?;
        let Counted { watermark, since } = counted.data;
        let of = |from| since.iter().find(|(start, _)| *start == from);
        let figures = from.and_then(of).map(|(_, figures)| *figures);
        Ok((watermark, figures))
    }
}
