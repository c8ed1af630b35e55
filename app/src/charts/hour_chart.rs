//! A day hour by hour in front of another one.

use leptos::prelude::*;

use super::label;
use super::scale::Scale;

/// In pixels.
const HEIGHT: f64 = 236.0;
const BASE: f64 = 212.0;
const TOP: f64 = 20.0;
/// Where the plot begins, in per cent.
const LEFT: f64 = 5.0;
/// The part of an hour's width that its bar takes.
const BAR: f64 = 0.6;

/// One hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hour {
    /// Below the bar.
    pub label: String,
    /// The tooltip.
    pub title: String,
    /// `None` where the hour has not begun.
    pub value: Option<u64>,
    /// The value as it is shown above the bar.
    pub text: String,
    pub before: Option<u64>,
    /// Drawn hatched.
    pub unfinished: bool,
}

/// The hours as bars, in front of those of the day before. `now` is where the day has got to, in
/// hours. `id` must be unique on the page.
#[component]
pub fn HourChart(
    id: &'static str,
    title: &'static str,
    description: String,
    hours: Vec<Hour>,
    now: f64,
) -> impl IntoView {
    let scale = Scale::of_counts(largest(&hours));
    let y = move |value: u64| BASE - scale.share(value as f64) * (BASE - TOP);
    let slot = (100.0 - LEFT) / hours.len().max(1) as f64;
    let ticks = scale.ticks().enumerate().map(|(number, tick)| {
        let at = pixels(y(tick as u64));
        let class = if number == 0 { "axis" } else { "grid" };
        view! {
            <line class=class x1=percent(LEFT) x2="100%" y1=at.clone() y2=at />
            <text class="tick" x=percent(LEFT - 0.8) y=pixels(y(tick as u64) + 4.0) text-anchor="end">{label::tick(tick)}</text>
        }
    });
    let ticks = ticks.collect_view();
    let before = silhouette(&hours, y);
    let width = hours.len().to_string();
    let marks = hours.into_iter().enumerate().map(|(number, hour)| {
        let x = LEFT + slot * number as f64;
        let centre = percent(x + slot / 2.0);
        let bar = hour.value.map(|value| {
            let top = y(value);
            let fill = hour.unfinished.then_some("url(#hatch)");
            view! {
                <rect class="bar" class:unfinished=hour.unfinished fill=fill x=percent(x + slot * (1.0 - BAR) / 2.0)
                    y=pixels(top) width=percent(slot * BAR) height=pixels(BASE - top) rx="2" />
                <text class="value minor" x=centre.clone() y=pixels(top - 5.0) text-anchor="middle">{hour.text}</text>
            }
        });
        // On a narrow screen every third hour has its label.
        let class = if number % 3 == 0 { "tick" } else { "tick minor" };
        view! {
            <g class="mark">
                <title>{hour.title}</title>
                {bar}
                <text class=class class:strong=hour.unfinished x=centre y=pixels(BASE + 18.0) text-anchor="middle">{hour.label}</text>
                <rect class="hit" x=percent(x) y=pixels(TOP) width=percent(slot) height=pixels(BASE - TOP) />
            </g>
        }
    });
    let now = percent(LEFT + slot * now);
    view! {
        <svg class="chart" height=pixels(HEIGHT) role="img" aria-labelledby=format!("{id}-title {id}-description")>
            <title id=format!("{id}-title")>{title}</title>
            <desc id=format!("{id}-description")>{description}</desc>
            {ticks}
            // Stretched as a whole, for it has no text: one path instead of two lines an hour.
            <svg x=percent(LEFT) y="0" width=percent(100.0 - LEFT) height=pixels(BASE) viewBox=format!("0 0 {width} {BASE}")
                preserveAspectRatio="none">
                <path class="before" vector-effect="non-scaling-stroke" d=before />
            </svg>
            {marks.collect_view()}
            <line class="now" x1=now.clone() x2=now.clone() y1="12" y2=pixels(BASE) />
            <text class="tick strong" x=now y="9" text-anchor="middle">"now"</text>
        </svg>
    }
}

fn largest(hours: &[Hour]) -> u64 {
    let values = hours.iter().flat_map(|hour| [hour.value, hour.before]);
    values.flatten().max().unwrap_or_default()
}

/// The steps of the day before, an hour wide each, down to the axis at both ends.
fn silhouette(hours: &[Hour], y: impl Fn(u64) -> f64) -> String {
    let mut path = format!("M0 {BASE:.0}");
    for (number, hour) in hours.iter().enumerate() {
        if let Some(before) = hour.before {
            path += &format!("V{:.0}H{}", y(before), number + 1);
        }
    }
    path + &format!("V{BASE:.0}H0")
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

fn pixels(value: f64) -> String {
    format!("{value:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(value: Option<u64>, before: Option<u64>) -> Hour {
        Hour {
            label: String::new(),
            title: String::new(),
            value,
            text: String::new(),
            before,
            unfinished: false,
        }
    }

    #[test]
    fn the_axis_holds_both_days() {
        assert_eq!(largest(&[hour(Some(3), Some(7)), hour(None, Some(12))]), 12);
        assert_eq!(largest(&[]), 0);
    }

    #[test]
    fn a_day_that_was_shorter_ends_earlier() {
        let hours = [hour(None, Some(0)), hour(None, Some(2)), hour(None, None)];
        let path = silhouette(&hours, |value| BASE - 10.0 * value as f64);
        assert_eq!(path, "M0 212V212H1V192H2V212H0");
    }
}
