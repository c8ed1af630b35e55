use leptos::prelude::*;

use super::ApiError;
use crate::model::{Cents, RefreshReport, Timestamp};

/// Recomputes every panel past the cache and says what differs from the page: its watermark (`from`,
/// `at`, `orders`, `revenue_cents`) and its panels ("endpoint:fingerprint", joined by commas). Without
/// a complete watermark nothing is compared.
#[server(prefix = "/api", endpoint = "refresh")]
pub async fn refresh(
    from: Option<Timestamp>,
    at: Option<Timestamp>,
    orders: Option<u64>,
    revenue_cents: Option<Cents>,
    panels: Option<String>,
) -> Result<RefreshReport, ApiError> {
    use crate::model::{Figures, Seen, Watermark};

    let seen = (|| {
        Some(Seen {
            watermark: Watermark {
                from: from?,
                at: at?,
                figures: Figures {
                    revenue_cents: revenue_cents?,
                    orders: orders?,
                },
            },
            panels: Seen::panels_from_text(panels.as_deref().unwrap_or_default()),
        })
    })();
    super::answer(super::ports()?.dashboard.refresh(seen).await)
}
