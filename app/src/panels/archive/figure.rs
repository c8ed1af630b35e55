use leptos::prelude::*;

/// A figure of a receipt: a click marks the whole of it, and a button copies its value as programs
/// read it. The button is there for those who have JavaScript.
#[component]
pub fn Figure(
    /// What it is: "CRC32C".
    name: &'static str,
    /// As people read it.
    #[prop(into)]
    text: String,
    /// As programs read it.
    #[prop(into)]
    value: String,
    /// Whether it is read letter by letter.
    #[prop(optional)]
    code: bool,
) -> impl IntoView {
    let shown = if code {
        view! { <code class="figure">{text}</code> }.into_any()
    } else {
        view! { <span class="figure">{text}</span> }.into_any()
    };
    view! {
        <dt>{name}</dt>
        <dd>
            {shown} " "
            <button type="button" class="small js-only" data-copy=value data-name=name>
                "Copy" <span class="visually-hidden">" "{name}</span>
            </button>
        </dd>
    }
}
