//! A figure as a bar, with a tick for what it is compared with.

use leptos::prelude::*;

/// Lengths in per cent of the whole width.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Lengths {
    pub bar: f64,
    pub tick: f64,
}

impl Lengths {
    /// Of `now` and `before`, where `whole` fills the width, or the largest of the three.
    pub fn of(now: i64, before: i64, whole: i64) -> Self {
        let whole = whole.max(now).max(before).max(1) as f64;
        let share = |value: i64| (value.max(0) as f64 / whole) * 100.0;
        Self {
            bar: share(now),
            tick: share(before),
        }
    }
}

/// Bar: now. Tick: before. `words` say what the widths are.
#[component]
pub fn Yardstick(lengths: Lengths, words: String) -> impl IntoView {
    let tick = percent(lengths.tick);
    view! {
        <svg class="chart yardstick" height="21" aria-hidden="true">
            <title>{words}</title>
            <rect class="track" y="6" width="100%" height="8" rx="2" />
            <rect class="bar" y="6" width=percent(lengths.bar) height="8" rx="2" />
            <line class="tick-mark" x1=tick.clone() x2=tick y1="2" y2="18" />
        </svg>
    }
}

/// Two parts of a whole: the first filled, the second hatched.
#[component]
pub fn Parts(first: u64, second: u64) -> impl IntoView {
    let whole = first.saturating_add(second).max(1) as f64;
    let (one, other) = (first as f64 / whole * 100.0, second as f64 / whole * 100.0);
    view! {
        <svg class="chart yardstick" height="21" aria-hidden="true">
            <rect class="track" y="6" width="100%" height="8" rx="2" />
            <rect class="bar" y="6" width=percent(one) height="8" rx="2" />
            <rect class="bar unfinished" fill="url(#hatch)" x=percent(one) y="6" width=percent(other) height="8" />
        </svg>
    }
}

fn percent(value: f64) -> String {
    format!("{value:.1}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_fills_the_width() {
        let lengths = |now, before, whole| {
            let lengths = Lengths::of(now, before, whole);
            (lengths.bar, lengths.tick)
        };
        assert_eq!(lengths(50, 25, 100), (50.0, 25.0));
        assert_eq!(lengths(200, 100, 100), (100.0, 50.0));
        assert_eq!(lengths(0, 0, 0), (0.0, 0.0));
        // A day may begin with a credit.
        assert_eq!(lengths(-5, 10, 20), (0.0, 50.0));
    }
}
