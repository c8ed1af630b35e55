//! Forms that are posted without leaving the page.

use gloo_net::http::{Request, Response};
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::wasm_bindgen::JsCast;
use serde::de::DeserializeOwned;
use web_sys::{Event, FormData, HtmlFormElement, UrlSearchParams};

use crate::api::ApiError;

/// The form that a submit event is about.
pub fn form_of(event: &Event) -> Option<HtmlFormElement> {
    event.target()?.dyn_into().ok()
}

/// Posts the fields of `form` to its server function, as the browser itself would, and reads the
/// answer. `T` names the fields of the answer that are needed here; every other one stays unread,
/// which keeps the WebAssembly small.
pub async fn post<T: DeserializeOwned>(form: &HtmlFormElement) -> Result<T, ApiError> {
    let response = send(form)
        .await
        .ok_or_else(|| ApiError::from_server_fn_error(ServerFnErrorErr::Request(String::new())))?;
    let is_ok = response.ok();
    let text = response.text().await.unwrap_or_default();
    let unreadable = |_| ApiError::internal("the server's answer could not be read");
    if is_ok {
        serde_json::from_str(&text).map_err(unreadable)
    } else {
        Err(serde_json::from_str(&text).unwrap_or_else(unreadable))
    }
}

/// `None` without an answer.
async fn send(form: &HtmlFormElement) -> Option<Response> {
    let fields = FormData::new_with_form(form).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    let request = Request::post(&form.action())
        .header("accept", "application/json")
        .body(body)
        .ok()?;
    request.send().await.ok()
}
