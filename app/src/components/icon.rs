//! Small signs beside words. Each has a shape of its own: colour never speaks alone.

use leptos::prelude::*;

/// What a sign says.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    Good,
    Warning,
    Down,
    Note,
}

impl Sign {
    const ALL: [Self; 4] = [Self::Good, Self::Warning, Self::Down, Self::Note];

    fn id(self) -> &'static str {
        match self {
            Self::Good => "i-good",
            Self::Warning => "i-warning",
            Self::Down => "i-down",
            Self::Note => "i-note",
        }
    }

    /// A tick in a circle, an exclamation mark in a triangle, a cross in a square, an i in a circle.
    fn path(self) -> &'static str {
        match self {
            Self::Good => {
                "M7 0a7 7 0 1 0 0 14A7 7 0 0 0 7 0zM6.3 10.2 3.1 7.1l1.1-1.2 2.1 2 3.6-4 1.2 1.1z"
            }
            Self::Warning => "M7 .6 0 13.2h14zM6.2 5h1.6v4H6.2zm0 5h1.6v1.7H6.2z",
            Self::Down => {
                "M1 1h12v12H1zm3.5 2.4L3.4 4.5 5.9 7 3.4 9.5l1.1 1.1L7 8.1l2.5 2.5 1.1-1.1L8.1 7l2.5-2.5-1.1-1.1L7 5.9z"
            }
            Self::Note => "M7 0a7 7 0 1 0 0 14A7 7 0 0 0 7 0zM6.2 3h1.6v1.7H6.2zm0 2.8h1.6V11H6.2z",
        }
    }
}

/// The sign. The words beside it say the same.
#[component]
pub fn Icon(sign: Sign) -> impl IntoView {
    view! { <svg class="i" aria-hidden="true"><use href=format!("#{}", sign.id()) /></svg> }
}

/// What every [`Icon`] and every hatched bar refers to; once on the page.
#[component]
pub fn Symbols() -> impl IntoView {
    let symbols = Sign::ALL.map(|sign| {
        view! { <symbol id=sign.id() viewBox="0 0 14 14"><path fill-rule="evenodd" d=sign.path() /></symbol> }
    });
    view! {
        <svg class="symbols" width="0" height="0" aria-hidden="true">
            <defs>
                {symbols.collect_view()}
                <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <rect width="6" height="6" class="bar-soft" />
                    <rect width="2.4" height="6" class="bar" />
                </pattern>
            </defs>
        </svg>
    }
}
