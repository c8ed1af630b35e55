//! Requests to the server without sockets.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use server::assembly::Assembly;
use server::config::PublicUrl;
use server::http::{Site, router};
use tower::ServiceExt;

use super::site::SiteFolder;

pub struct Asked {
    router: Router,
    _site: SiteFolder,
}

/// A complete answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Asked {
    /// The router, to serve it on a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    pub fn new(assembly: &Assembly) -> Self {
        Self::behind(assembly, None)
    }

    /// What `assembly` serves, where people open the page at `public_url`.
    pub fn behind(assembly: &Assembly, public_url: Option<&str>) -> Self {
        // It can be set up once per process.
        _ = any_spawner::Executor::init_tokio();
        let site = SiteFolder::new();
        let public_url = public_url.map(|url| PublicUrl::parse(url).expect("a URL"));
        let web = assembly.web(Site::open(&site.path()).expect("a site"), public_url);
        Self {
            router: router(web),
            _site: site,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        };
        answer.has_what_every_answer_has();
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    /// Posts a form like a program.
    pub async fn post(&self, path: &str, form: &str) -> Answer {
        self.post_with(path, form, &[]).await
    }

    /// Posts a form like a browser without JavaScript.
    pub async fn submit(&self, path: &str, form: &str) -> Answer {
        let headers = [
            ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("host", "dashboard.example:3000"),
            ("origin", "http://dashboard.example:3000"),
            ("referer", "http://dashboard.example:3000/"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.post_with(path, form, &headers).await
    }

    pub async fn post_with(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request =
            Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(form.to_owned()));
        self.send(request.expect("a request")).await
    }
}

impl Answer {
    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json");
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The value of the header, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("text"))
    }

    /// Status, kind and message of a failure.
    pub fn failure(&self) -> (u16, String, String) {
        let json = self.json();
        let text = |name: &str| json[name].as_str().expect("text").to_owned();
        (self.status.as_u16(), text("kind"), text("message"))
    }

    fn has_what_every_answer_has(&self) {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(self.header(name), value, "{name}");
        }
        let policy = self.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!self.header("cache-control").is_empty());
        // Over a socket, a wrong length breaks the connection.
        if let Some(length) = self.headers.get("content-length") {
            let length: usize = length.to_str().expect("text").parse().expect("a number");
            assert_eq!(length, self.body.len());
        }
        assert!(!self.text_if_any().contains("secret"), "{self:?}");
    }

    fn text_if_any(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
