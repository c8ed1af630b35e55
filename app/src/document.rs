//! The HTML document around the page.

use leptos::prelude::*;

use crate::answers::Answers;
use crate::base::href;
use crate::page::Page;

/// The addresses of the page's files.
#[derive(Clone, Debug)]
pub struct Assets {
    pub script: String,
    pub wasm: String,
    pub css: String,
}

/// What leptos_axum writes after every page, for resources, of which this page has none.
const OF_LEPTOS: [&str; 2] = [
    "__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];",
    "__INCOMPLETE_CHUNKS=[];",
];

impl Assets {
    /// Starts the WebAssembly once the page is there, and then island by island.
    fn start(&self, base: &str) -> String {
        let (script, wasm) = (
            format!("{base}{}", self.script),
            format!("{base}{}", self.wasm),
        );
        format!(
            "(self.requestIdleCallback ?? setTimeout)(async () => {{\
             const app = await import({script:?});\
             await app.default({{ module_or_path: {wasm:?} }});\
             app.hydrate();\
             for (const island of document.querySelectorAll('leptos-island')) \
             await app[island.dataset.component](island);\
             }});"
        )
    }

    /// The text of every script within the page. They are the same for every page, so that a policy
    /// can allow them by their hashes, and no others. `base` is the path before all addresses.
    pub fn inline_scripts(&self, base: &str) -> Vec<String> {
        let of_leptos = OF_LEPTOS.map(ToOwned::to_owned);
        [self.start(base)].into_iter().chain(of_leptos).collect()
    }
}

/// The whole document. It gets its data from the ports in the context.
pub fn document(assets: Assets) -> impl IntoView {
    // What is outside of the islands is not hydrated, and needs no marks for that.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let page = Suspend::new(async {
        let answers = Answers::load().await;
        view! { <Page answers /> }
    });
    let start = assets.start(&href(""));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-base=href("")>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title>"ShopStream operations"</title>
                <link rel="icon" href=href("/favicon.svg") type="image/svg+xml" />
                <link rel="stylesheet" href=href(&assets.css) />
                <link rel="modulepreload" href=href(&assets.script) />
                <link rel="preload" href=href(&assets.wasm) r#as="fetch" r#type="application/wasm" crossorigin="" />
                <script type="module">{start}</script>
            </head>
            <body>{page}</body>
        </html>
    }
}
