//! Everything that one rendering of the page shows.

use crate::api::{self, ApiError};
use crate::model::refresh::fingerprint;
use crate::model::{ArchiveStatus, Filter, Panel, Snapshot, Source, Status, Timestamp, Watermark};

/// What a server function gives.
pub type Answer<T> = Result<T, ApiError>;

macro_rules! answers {
    ($($panel:ident: $endpoint:ident, $data:ty, $($_:tt),*;)*) => {
        /// One answer for each server function: each may fail on its own.
        #[derive(Clone, Debug)]
        pub struct Answers {
            pub status: Answer<Status>,
            pub watermark: Answer<Watermark>,
            pub archive: Answer<ArchiveStatus>,
            $(pub $endpoint: Answer<Snapshot<$data>>,)*
        }

        impl Answers {
            /// Asks for everything at once: while a store is away each answer takes its time.
            pub async fn load() -> Self {
                api::settle().await;
                let (status, watermark, archive, $($endpoint,)*) = futures::join!(
                    api::status(),
                    api::watermark(),
                    api::archive_status(),
                    $(api::$endpoint(Filter::default()),)*
                );
                Self { status, watermark, archive, $($endpoint,)* }
            }

            /// Whether all answers are there and nothing is being computed or under way: the
            /// next reader gets the same.
            pub fn are_settled(&self) -> bool {
                let archive = self.archive.as_ref().is_ok_and(|archive| {
                    archive.current.is_none()
                        && archive.computing_since.is_none()
                        && archive.runs_stale_because.is_none()
                });
                let panels = [
                    $(self.$endpoint.as_ref().is_ok_and(|shown| shown.source != Source::StaleCache),)*
                ];
                let stores = self.status.as_ref().is_ok_and(|status| {
                    status.sources.iter().all(|source| source.trouble.is_none())
                });
                let all = panels.into_iter().all(|settled| settled);
                all && archive && stores && self.watermark.is_ok()
            }

            /// When the oldest panel was computed.
            pub fn oldest(&self) -> Option<Timestamp> {
                let computed = [$(self.$endpoint.as_ref().ok().map(|shown| shown.computed_at),)*];
                computed.into_iter().flatten().min()
            }

            /// The fingerprint of each panel that shows data.
            pub fn fingerprints(&self) -> Vec<(Panel, String)> {
                let all = [
                    $((Panel::$panel, self.$endpoint.as_ref().ok().map(|shown| fingerprint(&shown.data))),)*
                ];
                all.into_iter()
                    .filter_map(|(panel, seen)| Some((panel, seen?)))
                    .collect()
            }
        }
    };
}

crate::panels!(answers);
