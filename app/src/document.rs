//! The HTML document around the page.

use leptos::config::LeptosOptions;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;

use crate::answers::Answers;
use crate::base::href;
use crate::page::Page;

/// The addresses of the page's files.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The script and the WebAssembly.
    pub options: LeptosOptions,
    /// The style sheet.
    pub css: String,
}

/// The whole document. It gets its data from the ports in the context.
pub fn document(assets: Assets) -> impl IntoView {
    let page = Suspend::new(async {
        let answers = Answers::load().await;
        view! { <Page answers /> }
    });
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
                <HydrationScripts options=assets.options islands=true root=href("") />
            </head>
            <body>{page}</body>
        </html>
    }
}
