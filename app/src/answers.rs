//! Everything that one rendering of the page shows.

use crate::api::{self, ApiError};
use crate::model::refresh::fingerprint;
use crate::model::{ArchiveStatus, Filter, Panel, Snapshot, Status, Watermark};

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
