//! `server serve`.

use std::net::TcpListener;

use crate::support::program::Program;
use crate::support::serving::Serving;
use crate::support::site::SiteFolder;

const AS_OF: [&str; 2] = ["--as-of", "2026-11-22T10:37:21Z"];
const LESSON: &str = include_str!("../data/lesson_orders.jsonl");

#[test]
fn as_of_shows_the_orders_of_an_instant() {
    let program = Program::new().with("BUSINESS_TIMEZONE", "Europe/Berlin");
    let ended = program.run_with(&["import", "-"], LESSON);
    assert_eq!(ended.code, Some(0));
    let server = Serving::start(&program, &AS_OF);
    let page = server.get("/");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.contains("$50,117.73"), "{page}");
    assert!(page.contains("Europe/Berlin"));
    assert!(!page.contains("Demonstration data"));
    let today = server.post("/api/today", "");
    assert!(
        today.contains("\"computed_at\":\"2026-11-22T11:37:21.000+01:00\""),
        "{today}"
    );
    assert!(
        server
            .get("/health/ready")
            .starts_with("HTTP/1.1 200 OK\r\n")
    );

    let ended = server.stop();
    assert_eq!(
        (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
        (Some(0), "", "")
    );
}

#[test]
fn serving_is_the_default() {
    // Without a site it ends with an error about the site.
    let program = Program::new();
    let used = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = used.local_addr().expect("an address").to_string();
    let program = program.with("LISTEN_ADDR", &address);
    program.write("target/site/manifest.json", "{}");
    let said = program.fails(&[]);
    assert!(
        said.contains("LISTEN_ADDR") || said.contains("manifest"),
        "{said}"
    );
}

#[test]
fn a_port_in_use_is_named() {
    let used = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = used.local_addr().expect("an address").to_string();
    let program = Program::new().with("LISTEN_ADDR", &address);
    let site = SiteFolder::new();
    let folder = site.path();
    let said = program.fails(&["serve", "--site", folder.to_str().expect("UTF-8")]);
    assert_eq!(
        said,
        format!(
            "LISTEN_ADDR={address} is in use by another program: stop it, or set LISTEN_ADDR to another port"
        )
    );
    assert!(!program.data().exists());
}

#[test]
fn a_bad_site_is_named() {
    let program = Program::new();
    program.write("broken/manifest.json", "{\"css\":1}");
    let said = program.fails(&["serve", "--site", "missing"]);
    assert!(
        said.starts_with("missing/manifest.json cannot be read: run `make build`"),
        "{said}"
    );
    let said = program.fails(&["serve", "--site", "broken"]);
    assert!(
        said.starts_with("broken/manifest.json is not a manifest"),
        "{said}"
    );
    assert!(!program.data().exists());
}

#[test]
fn a_damaged_database_is_not_served() {
    let program = Program::new();
    program.write("data/shopstream.sqlite3", "not a database");
    let site = SiteFolder::new();
    let folder = site.path();
    let said = program.fails(&["serve", "--site", folder.to_str().expect("UTF-8")]);
    assert!(said.contains("is not a database"), "{said}");
}

#[test]
fn an_empty_store_may_stay_empty() {
    let program = Program::new();
    let server = Serving::start(&program, &["--no-demonstration"]);
    let page = server.get("/");
    assert!(page.contains("There are no orders in the store."), "{page}");
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn a_refresh_shows_orders_imported_meanwhile() {
    let program = Program::new();
    let server = Serving::start(&program, &[AS_OF[0], AS_OF[1], "--no-demonstration"]);
    assert!(
        server
            .post("/api/active_orders", "")
            .contains("\"pending\":0")
    );
    let ended = program.run_with(&["import", "-"], LESSON);
    assert_eq!(ended.code, Some(0));
    let form = "from=2026-10-23T10:37:21Z&at=2026-11-22T10:37:21Z&orders=0&revenue_cents=0";
    let report = server.post("/api/refresh", form);
    assert!(
        report.contains("\"orders\":435,\"revenue_cents\":12713216"),
        "{report}"
    );
    assert!(
        server
            .post("/api/active_orders", "")
            .contains("\"pending\":29")
    );
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn extreme_instants_work() {
    for instant in [
        "0000-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ] {
        let program = Program::new();
        let server = Serving::start(&program, &["--as-of", instant, "--no-demonstration"]);
        assert!(
            server.get("/").starts_with("HTTP/1.1 200 OK\r\n"),
            "{instant}"
        );
        assert!(
            server
                .post("/api/refresh", "")
                .starts_with("HTTP/1.1 200 OK\r\n"),
            "{instant}"
        );
        assert_eq!(server.stop().code, Some(0));
    }
}
