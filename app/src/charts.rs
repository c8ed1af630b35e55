//! Charts as SVG, complete in the server's HTML: percentages across and pixels down, so that text
//! keeps its size at any width. Geometry is pure and apart from the views.

mod bar_list;
mod column_chart;
mod columns;
mod label;
mod scale;

pub use bar_list::{Bar, BarList};
pub use column_chart::ColumnChart;
pub use columns::Column;
pub use label::shortened;
