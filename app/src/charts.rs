//! Charts as SVG in the server's HTML. Horizontal positions are percentages and vertical ones pixels,
//! so text keeps its size at any width. Geometry is in pure functions, apart from the views.

mod bar_list;
mod column_chart;
mod columns;
mod hour_chart;
mod label;
mod scale;
mod yardstick;

pub use bar_list::{Bar, BarList};
pub use column_chart::ColumnChart;
pub use columns::Column;
pub use hour_chart::{Hour, HourChart};
pub use label::tick;
pub use yardstick::{Lengths, Parts, Yardstick};
