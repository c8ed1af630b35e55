//! What Refresh compares and reports.

use serde::{Deserialize, Serialize};

use super::{Cents, Figures, Panel, Timestamp};

/// What a page has seen: the figures of every order with `from <= created_at < at`.
///
/// A later refresh counts from the same `from`, so orders that have left a sliding window meanwhile
/// do not look like a loss.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watermark {
    pub from: Timestamp,
    pub at: Timestamp,
    pub figures: Figures,
}

/// The values that were on a page when its Refresh button was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub watermark: Watermark,
    /// The [`fingerprint`] of each panel that showed data.
    pub panels: Vec<(Panel, String)>,
}

impl Seen {
    /// The panels as one form field: "endpoint:fingerprint", joined by commas.
    pub fn panels_to_text(panels: &[(Panel, String)]) -> String {
        let panels: Vec<_> = panels
            .iter()
            .map(|(panel, fingerprint)| format!("{}:{fingerprint}", panel.endpoint()))
            .collect();
        panels.join(",")
    }

    /// Parses [`Seen::panels_to_text`] and skips what it does not understand.
    pub fn panels_from_text(text: &str) -> Vec<(Panel, String)> {
        text.split(',')
            .filter_map(|pair| {
                let (endpoint, fingerprint) = pair.split_once(':')?;
                Some((Panel::of_endpoint(endpoint)?, fingerprint.to_owned()))
            })
            .collect()
    }
}

/// What a refresh changed, relative to the values that were on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshReport {
    /// When the refresh began.
    pub at: Timestamp,
    /// When the values on the page were computed. `None` if nothing is compared.
    pub since: Option<Timestamp>,
    /// Orders more (or fewer) than on the page.
    pub orders: i64,
    /// Revenue more (or less) than on the page.
    pub revenue_cents: Cents,
    /// The panels whose data differ from what was on the page.
    pub changed: Vec<Panel>,
    /// The panels that could not be recomputed.
    pub failed: Vec<Panel>,
    /// The panels that are still being computed; not on the wire when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub computing: Vec<Panel>,
}

impl RefreshReport {
    /// The report as one sentence: "+12 orders, +$840.10 since 09:14:02", and the day before it
    /// where that is not the refresh's.
    pub fn sentence(&self) -> String {
        let still = self.still_computing();
        // Without figures there is nothing else to say yet.
        if let (Some(still), None) = (&still, self.since) {
            return still.clone();
        }
        let since = self
            .since
            .map(|since| format!(" since {}", since.relative_to(self.at.day())))
            .unwrap_or_default();
        let mut text = if self.orders != 0 || self.revenue_cents != Cents(0) {
            let noun = if self.orders.unsigned_abs() == 1 {
                "order"
            } else {
                "orders"
            };
            format!(
                "{} {noun}, {}{since}",
                super::number::signed(self.orders),
                self.revenue_cents.signed()
            )
        } else if self.since.is_none() {
            "Refreshed".to_owned()
        } else if self.changed.is_empty() {
            format!("Nothing changed{since}")
        } else {
            format!("No new orders{since}; updated: {}", titles(&self.changed))
        };
        if !self.failed.is_empty() {
            text.push_str(". Not refreshed: ");
            text.push_str(&titles(&self.failed));
        }
        if let Some(still) = still {
            text.push_str(". ");
            text.push_str(&still);
        }
        text
    }

    /// "3 of 7 panels are still being computed", if any are.
    fn still_computing(&self) -> Option<String> {
        let are = match self.computing.len() {
            0 => return None,
            1 => "is",
            _ => "are",
        };
        let (computing, all) = (self.computing.len(), Panel::ALL.len());
        Some(format!(
            "{computing} of {all} panels {are} still being computed"
        ))
    }
}

fn titles(panels: &[Panel]) -> String {
    let titles: Vec<_> = panels.iter().map(|panel| panel.title()).collect();
    titles.join(", ")
}

/// FNV-1a of a value's JSON, in hexadecimal. Equal values have equal fingerprints; different values
/// very probably do not.
pub fn fingerprint<T: Serialize>(value: &T) -> String {
    fingerprint_of_text(&serde_json::to_string(value).unwrap_or_default())
}

/// FNV-1a of a text, in hexadecimal.
pub fn fingerprint_of_text(text: &str) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = text.bytes().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> RefreshReport {
        RefreshReport {
            at: Timestamp::parse("2026-11-23T09:30:00Z").expect("a time"),
            since: Timestamp::parse("2026-11-23T09:14:02Z"),
            orders: 0,
            revenue_cents: Cents(0),
            changed: Vec::new(),
            failed: Vec::new(),
            computing: Vec::new(),
        }
    }

    #[test]
    fn new_orders_are_counted_and_summed() {
        let report = RefreshReport {
            orders: 12,
            revenue_cents: Cents(84_010),
            changed: vec![Panel::RecentOrders],
            ..report()
        };
        assert_eq!(report.sentence(), "+12 orders, +$840.10 since 09:14:02");
    }

    #[test]
    fn a_page_of_another_day_says_which() {
        let report = RefreshReport {
            since: Timestamp::parse("2026-11-22T14:02:11Z"),
            ..report()
        };
        assert_eq!(report.sentence(), "Nothing changed since 22 Nov 14:02");
    }

    #[test]
    fn a_single_returned_order_is_reported() {
        let report = RefreshReport {
            orders: 1,
            ..report()
        };
        assert_eq!(report.sentence(), "+1 order, $0.00 since 09:14:02");
    }

    #[test]
    fn no_change_is_reported_as_such() {
        assert_eq!(report().sentence(), "Nothing changed since 09:14:02");
        let blind = RefreshReport {
            since: None,
            ..report()
        };
        assert_eq!(blind.sentence(), "Refreshed");
    }

    #[test]
    fn a_changed_status_is_reported() {
        let report = RefreshReport {
            changed: vec![Panel::ActiveOrders, Panel::RecentOrders],
            failed: vec![Panel::TopProducts],
            ..report()
        };
        assert_eq!(
            report.sentence(),
            "No new orders since 09:14:02; updated: Active orders, Recent orders. Not refreshed: Top products"
        );
    }

    #[test]
    fn panels_still_being_computed_are_counted() {
        let all = Panel::ALL.len();
        let one = RefreshReport {
            orders: 1,
            computing: vec![Panel::Today],
            ..report()
        };
        let sentence =
            format!("+1 order, $0.00 since 09:14:02. 1 of {all} panels is still being computed");
        assert_eq!(one.sentence(), sentence);
        let blind = RefreshReport {
            since: None,
            computing: vec![Panel::Today, Panel::TopProducts],
            ..report()
        };
        let sentence = format!("2 of {all} panels are still being computed");
        assert_eq!(blind.sentence(), sentence);
    }

    #[test]
    fn panels_survive_the_form() {
        let panels = vec![
            (Panel::Today, "0a".to_owned()),
            (Panel::TopProducts, "ff".to_owned()),
        ];
        let text = Seen::panels_to_text(&panels);
        assert_eq!(text, "today:0a,top_products:ff");
        assert_eq!(Seen::panels_from_text(&text), panels);
        assert_eq!(Seen::panels_from_text("nonsense,x:y,:"), []);
    }

    #[test]
    fn different_values_have_different_fingerprints() {
        assert_eq!(fingerprint(&[1, 2]), fingerprint(&[1, 2]));
        assert_ne!(fingerprint(&[1, 2]), fingerprint(&[2, 1]));
    }
}
