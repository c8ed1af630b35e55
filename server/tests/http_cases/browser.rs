//! Forms posted by a browser without JavaScript.

use super::card::text;
use crate::support::draft::Draft;
use crate::support::web::{Answer, Server};

/// The hidden fields of Refresh, encoded as a browser does.
fn fields(html: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    // The buttons of the months have some, too.
    let (_, seen) = html.split_once("id=\"seen\"").expect("the form of Refresh");
    let (seen, _) = seen.split_once("</form>").expect("its end");
    for input in seen.split("<input type=\"hidden\" ").skip(1) {
        let value = |name: &str| {
            let rest = input
                .split(&format!("{name}=\""))
                .nth(1)
                .expect("an attribute");
            rest.split('"').next().expect("a value").to_owned()
        };
        form.append_pair(&value("name"), &value("value"));
    }
    form.finish()
}

/// The page, requested with the cookie that `answer` set.
async fn page_after(server: &Server, answer: &Answer) -> Answer {
    let cookie = answer
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie");
    let request = axum::http::Request::get("/").header("cookie", cookie);
    server
        .send(request.body(axum::body::Body::empty()).expect("a request"))
        .await
}

#[tokio::test]
async fn a_refresh_leads_back_to_the_page_that_says_what_changed() {
    let server = Server::lesson().await;
    let form = fields(server.get("/").await.text());
    let order = Draft::at("NEW_1", "2026-11-22T10:00:00Z").total(840.1);
    server.stage.add(vec![order.order()]).await;

    let answer = server.submit("/api/refresh", &form).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/");
    assert_eq!(answer.body, b"");
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/; Max-Age=60"),
        "{cookie}"
    );

    let page = page_after(&server, &answer).await;
    let sentence = "+1 order, +$840.10 since 10:37:21";
    assert!(text(page.text()).contains(sentence), "{}", page.text());
    let removal = page.header("set-cookie");
    assert!(
        removal.starts_with("refreshed=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0; "),
        "{removal}"
    );
    // Shown once: without the cookie it is gone.
    let again = server.get("/").await;
    assert!(!again.text().contains(sentence));
    assert_eq!(again.header("set-cookie"), "");
}

#[tokio::test]
async fn a_refresh_that_changes_nothing_says_so() {
    let server = Server::lesson().await;
    let form = fields(server.get("/").await.text());
    assert!(form.contains("orders=435"), "{form}");
    let answer = server.submit("/api/refresh", &form).await;
    let page = page_after(&server, &answer).await;
    assert!(text(page.text()).contains("Nothing changed since 10:37:21"));
}

#[tokio::test]
async fn bad_cookies_do_no_harm() {
    let server = Server::lesson().await;
    let report = r#"{"at":"2026-11-22T10:37:21.000+00:00","since":null,"orders":-9223372036854775808,"revenue_cents":-9223372036854775808,"changed":[],"failed":[]}"#;
    let absurd: String = form_urlencoded::byte_serialize(report.as_bytes()).collect();
    for (cookie, shown) in [
        ("refreshed=%7B".to_owned(), ""),
        ("refreshed=<script>".to_owned(), ""),
        (
            format!("refreshed={absurd}"),
            "−9,223,372,036,854,775,808 orders, −$92,233,720,368,547,758.08",
        ),
    ] {
        let request = axum::http::Request::get("/").header("cookie", &cookie);
        let request = request.body(axum::body::Body::empty());
        let answer = server.send(request.expect("a request")).await;
        assert_eq!(answer.status, 200, "{cookie}");
        assert!(text(answer.text()).contains(shown), "{cookie}");
        assert!(!answer.text().contains("<script>alert"));
    }
}

#[tokio::test]
async fn a_failure_is_a_page_that_explains_it() {
    let server = Server::lesson().await;
    let month = server
        .submit("/api/archive_start", "month=2026-13%3Cb%3E")
        .await;
    let field = server.submit("/api/refresh", "%3Cscript%3E=1").await;
    let bad = server.submit("/api/refresh", "orders=many").await;
    let nothing = server.submit("/api/nonsense", "").await;
    server.stage.store.fail(&["totals"]);
    let down = server.submit("/api/refresh", "").await;
    for (answer, status, title, words) in [
        (
            month,
            400,
            "Bad Request",
            "\"2026-13&lt;b&gt;\" cannot be archived: expected a month like 2026-11.",
        ),
        (
            field,
            400,
            "Bad Request",
            "\"&lt;script&gt;\" is not a field of this form.",
        ),
        (
            bad,
            400,
            "Bad Request",
            "a field is missing or not what it should be.",
        ),
        (
            nothing,
            404,
            "Not Found",
            "There is no endpoint \"nonsense\".",
        ),
        (down, 503, "Service Unavailable", "SQLite does not answer."),
    ] {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("set-cookie"), "");
        assert_eq!(answer.header("location"), "");
        let html = answer.text().replace("&quot;", "\"");
        assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
        assert!(html.contains(&format!("<h1>{title}</h1>")), "{html}");
        assert!(html.contains(words), "{html}");
        assert!(html.contains("<a href=\"/\">"), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }
}

#[tokio::test]
async fn a_refused_form_is_a_page_too() {
    let server = Server::lesson().await;
    let headers = [("accept", "text/html"), ("sec-fetch-site", "cross-site")];
    let answer = server.post_with("/api/refresh", "", &headers).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("<h1>Forbidden</h1>"));
}

#[tokio::test]
async fn an_unknown_address_is_a_page_for_people_and_json_for_programs() {
    let server = Server::lesson().await;
    let request = axum::http::Request::get("/nothing").header("accept", "text/html");
    let request = request.body(axum::body::Body::empty());
    let answer = server.send(request.expect("a request")).await;
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("There is nothing at this address."));
    let (status, _, message) = server.get("/nothing").await.failure();
    assert_eq!(
        (status, message.as_str()),
        (404, "there is nothing at this address")
    );
}
