//! The hours in words.

use crate::charts::tick;
use crate::model::number::{counted, grouped};
use crate::model::{Figures, HourlyOrders, Timestamp};
use crate::page::By;

/// "09", or "09:30" where the clocks have changed by half an hour.
pub fn label(from: Timestamp) -> String {
    let time = from.hour_and_minute();
    match time.strip_suffix(":00") {
        Some(hour) => hour.to_owned(),
        None => time,
    }
}

/// Above a bar: "38" or "$4.6k".
pub fn shown(figures: Figures, by: By) -> String {
    match by {
        By::Orders => grouped(figures.orders),
        By::Revenue => format!("${}", tick((figures.revenue_cents.0 / 100) as f64)),
    }
}

/// "09:00: 38 orders, $4,617.30; yesterday 33, $4,385.90".
pub fn title(hour: &HourlyOrders) -> String {
    let so_far = if hour.unfinished { " so far" } else { "" };
    let today = hour.today.map(|today| {
        let orders = counted(today.orders, "order");
        format!("{orders}, {}{so_far}", today.revenue_cents)
    });
    let yesterday = hour.yesterday.map(|before| {
        format!(
            "yesterday {}, {}",
            grouped(before.orders),
            before.revenue_cents
        )
    });
    let parts: Vec<_> = today.into_iter().chain(yesterday).collect();
    format!("{}: {}", hour.from.hour_and_minute(), parts.join("; "))
}

/// "This hour so far 33 orders, $3,749.80."
pub fn running(hours: &[HourlyOrders]) -> Option<String> {
    let figures = hours.iter().find(|hour| hour.unfinished)?.today?;
    let orders = counted(figures.orders, "order");
    Some(format!(
        "This hour so far {orders}, {}. ",
        figures.revenue_cents
    ))
}

/// "Best hour today: 09:00, 38 orders, $4,617.30."
pub fn best(hours: &[HourlyOrders]) -> Option<String> {
    let (from, figures) = most(hours, |hour| hour.today)?;
    let orders = counted(figures.orders, "order");
    let from = from.hour_and_minute();
    Some(format!(
        "Best hour today: {from}, {orders}, {}.",
        figures.revenue_cents
    ))
}

/// Whether there is no order on either day.
pub fn has_none(hours: &[HourlyOrders]) -> bool {
    let mut figures = hours.iter().flat_map(|hour| [hour.today, hour.yesterday]);
    figures.all(|figures| figures.is_none_or(|figures| figures.orders == 0))
}

/// "Today 171 orders, most from 09:00 on (38); yesterday 621 in all, most from 19:00 on (47)."
pub fn describe(hours: &[HourlyOrders]) -> String {
    let day = |of: fn(&HourlyOrders) -> Option<Figures>| {
        let sum: u64 = hours
            .iter()
            .filter_map(of)
            .map(|figures| figures.orders)
            .sum();
        let most = most(hours, of).map(|(from, figures)| {
            format!(
                ", most from {} on ({})",
                from.hour_and_minute(),
                grouped(figures.orders)
            )
        });
        (sum, most.unwrap_or_default())
    };
    let (today, most) = day(|hour| hour.today);
    let (yesterday, most_then) = day(|hour| hour.yesterday);
    format!(
        "Today {}{most}; yesterday {} in all{most_then}.",
        counted(today, "order"),
        grouped(yesterday)
    )
}

/// The hour with most orders, the first of several; `None` without any order.
fn most(
    hours: &[HourlyOrders],
    of: impl Fn(&HourlyOrders) -> Option<Figures>,
) -> Option<(Timestamp, Figures)> {
    let figures = hours.iter().filter_map(|hour| Some((hour.from, of(hour)?)));
    // The last of equals is the maximum.
    let most = figures.rev().max_by_key(|(_, figures)| figures.orders);
    most.filter(|(_, figures)| figures.orders > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cents;

    fn hour(from: &str, today: Option<u64>, yesterday: Option<u64>) -> HourlyOrders {
        let figures = |orders: u64| Figures {
            orders,
            revenue_cents: Cents(orders as i64 * 1_050),
        };
        HourlyOrders {
            from: Timestamp::parse(&format!("2026-12-02T{from}:00Z")).expect("a time"),
            today: today.map(figures),
            yesterday: yesterday.map(figures),
            unfinished: from == "02:00",
        }
    }

    fn day() -> Vec<HourlyOrders> {
        vec![
            hour("00:00", Some(3), Some(2)),
            hour("01:00", Some(3), Some(1)),
            hour("02:00", Some(1), Some(7)),
            hour("03:00", None, Some(7)),
        ]
    }

    #[test]
    fn an_hour_says_what_it_was() {
        assert_eq!(
            title(&day()[0]),
            "00:00: 3 orders, $31.50; yesterday 2, $21.00"
        );
        assert_eq!(
            title(&day()[2]),
            "02:00: 1 order, $10.50 so far; yesterday 7, $73.50"
        );
        assert_eq!(title(&day()[3]), "03:00: yesterday 7, $73.50");
    }

    #[test]
    fn the_day_is_told_in_one_sentence() {
        assert_eq!(
            describe(&day()),
            "Today 7 orders, most from 00:00 on (3); yesterday 17 in all, most from 02:00 on (7)."
        );
        assert_eq!(
            describe(&[hour("00:00", Some(0), Some(0))]),
            "Today 0 orders; yesterday 0 in all."
        );
        assert_eq!(
            running(&day()).as_deref(),
            Some("This hour so far 1 order, $10.50. ")
        );
        assert_eq!(
            best(&day()).as_deref(),
            Some("Best hour today: 00:00, 3 orders, $31.50.")
        );
        assert_eq!(best(&[]), None);
    }

    #[test]
    fn a_day_without_orders_is_noticed() {
        assert!(has_none(&[
            hour("00:00", Some(0), None),
            hour("01:00", None, Some(0))
        ]));
        assert!(!has_none(&day()));
    }

    #[test]
    fn labels_have_minutes_where_the_clocks_changed_by_half_an_hour() {
        assert_eq!(label(hour("09:00", None, None).from), "09");
        assert_eq!(label(hour("02:30", None, None).from), "02:30");
    }

    #[test]
    fn revenue_is_abbreviated_above_a_bar() {
        let figures = Figures {
            orders: 38,
            revenue_cents: Cents(461_730),
        };
        assert_eq!(shown(figures, By::Orders), "38");
        assert_eq!(shown(figures, By::Revenue), "$4.6k");
    }
}
