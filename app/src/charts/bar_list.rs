//! A list of labelled horizontal bars.

use leptos::prelude::*;

use super::label::shortened;

/// In pixels.
const ROW_HEIGHT: usize = 58;
/// Characters of a label that fit beside the value on the narrowest card.
const MAX_LABEL_CHARS: usize = 22;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    /// Decides the length; a negative value has no bar.
    pub value: i64,
    /// The value as text.
    pub text: String,
    /// The line below the bar.
    pub note: String,
}

/// One bar a value, in proportion to the largest. `id` must be unique on the page.
#[component]
pub fn BarList(
    id: &'static str,
    title: &'static str,
    description: String,
    bars: Vec<Bar>,
) -> impl IntoView {
    let height = ROW_HEIGHT * bars.len();
    let lengths = lengths(&bars);
    let marks = bars.into_iter().zip(lengths).enumerate().map(|(index, (bar, length))| {
        let top = ROW_HEIGHT * index;
        view! {
            <g class="mark">
                <title>{format!("{}: {}, {}", bar.label, bar.text, bar.note)}</title>
                <text class="label" x="0" y=top + 14>{shortened(&bar.label, MAX_LABEL_CHARS)}</text>
                <text class="value" x="100%" y=top + 14 text-anchor="end">{bar.text}</text>
                <rect class="track" x="0" y=top + 21 width="100%" height="9" rx="2" />
                <rect class="bar" x="0" y=top + 21 width=format!("{length:.2}%") height="9" rx="2" />
                <text class="tick" x="0" y=top + 45>{bar.note}</text>
            </g>
        }
    });
    view! {
        <svg class="chart" height=height role="img" aria-labelledby=format!("{id}-title {id}-description")>
            <title id=format!("{id}-title")>{title}</title>
            <desc id=format!("{id}-description")>{description}</desc>
            {marks.collect_view()}
        </svg>
    }
}

/// Each bar's length in percent of the longest.
fn lengths(bars: &[Bar]) -> Vec<f64> {
    let longest = bars
        .iter()
        .map(|bar| bar.value)
        .max()
        .unwrap_or_default()
        .max(1) as f64;
    bars.iter()
        .map(|bar| (bar.value as f64 / longest * 100.0).max(0.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(value: i64) -> Bar {
        Bar {
            label: String::new(),
            value,
            text: String::new(),
            note: String::new(),
        }
    }

    #[test]
    fn the_largest_value_fills_the_track() {
        assert_eq!(lengths(&[bar(200), bar(50), bar(0)]), [100.0, 25.0, 0.0]);
    }

    #[test]
    fn negative_values_have_no_bar() {
        assert_eq!(lengths(&[bar(100), bar(-50)]), [100.0, 0.0]);
        assert_eq!(lengths(&[bar(-1)]), [0.0]);
    }
}
