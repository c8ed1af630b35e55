//! The geometry of a column chart.

use super::label;
use super::scale::Scale;

/// The chart's height in pixels.
pub const HEIGHT: f64 = 260.0;
/// Distance of the axis from the top in pixels.
pub const BASE: f64 = 232.0;
const TOP: f64 = 22.0;

/// One value of a column chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Below the column.
    pub label: String,
    /// The tooltip.
    pub title: String,
    pub value: u64,
    /// Whether the value may still grow; drawn hatched.
    pub unfinished: bool,
}

/// The position of a column: `x`, `width` and `centre` in percent, `y` and `height` in pixels.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Place {
    pub x: f64,
    pub width: f64,
    pub centre: f64,
    pub y: f64,
    pub height: f64,
}

/// The geometry of a whole column chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Where the plot begins, in percent; tick labels are left of it.
    pub left: f64,
    /// Label and distance from the top in pixels of each tick.
    pub ticks: Vec<(String, f64)>,
    pub places: Vec<Place>,
}

impl Layout {
    /// Lays out `values` as columns of equal width.
    pub fn of(values: &[u64]) -> Self {
        let scale = Scale::of_counts(values.iter().copied().max().unwrap_or_default());
        let y = |value: f64| BASE - scale.share(value) * (BASE - TOP);
        let ticks: Vec<_> = scale
            .ticks()
            .map(|tick| (label::tick(tick), y(tick)))
            .collect();
        // A digit takes about 2.5 percent of the narrowest card.
        let longest = ticks
            .iter()
            .map(|(text, _)| text.len())
            .max()
            .unwrap_or_default();
        let left = 3.0 + 2.5 * longest as f64;
        let slot = (100.0 - left) / values.len().max(1) as f64;
        let places = values.iter().enumerate().map(|(index, value)| {
            let centre = left + slot * (index as f64 + 0.5);
            let (width, top) = (slot * 0.64, y(*value as f64));
            Place {
                x: centre - width / 2.0,
                width,
                centre,
                y: top,
                height: BASE - top,
            }
        });
        Self {
            left,
            places: places.collect(),
            ticks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_on_the_axis_and_share_the_width() {
        let layout = Layout::of(&[14, 11, 17, 19, 9, 13, 6]);
        for place in &layout.places {
            assert_eq!(place.y + place.height, BASE);
            assert!(place.x >= layout.left && place.x + place.width <= 100.0);
        }
        for pair in layout.places.windows(2) {
            assert!(pair[0].x + pair[0].width < pair[1].x);
        }
    }

    #[test]
    fn heights_are_in_proportion() {
        let places = Layout::of(&[5, 10, 20]).places;
        assert!((places[1].height - 2.0 * places[0].height).abs() < 1e-9);
        assert!((places[2].height - (BASE - TOP)).abs() < 1e-9);
    }

    #[test]
    fn no_value_has_no_column() {
        assert!(Layout::of(&[]).places.is_empty());
        assert_eq!(Layout::of(&[0]).places[0].height, 0.0);
    }

    #[test]
    fn long_tick_labels_move_the_plot_right() {
        assert!(Layout::of(&[12_345]).left > Layout::of(&[9]).left);
    }
}
