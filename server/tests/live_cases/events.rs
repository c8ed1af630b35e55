//! The stream of a running server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::program::Program;
use crate::support::serving::Serving;

/// How long an event may take on a machine that has other things to do.
const SOON: Duration = Duration::from_secs(30);

struct Stream(BufReader<TcpStream>);

impl Stream {
    /// The head of the answer, and the stream.
    fn open(server: &Serving, headers: &str) -> (String, Self) {
        let mut connection = server.connect();
        connection.set_read_timeout(Some(SOON)).expect("a timeout");
        let host = server.address();
        let request = format!("GET /events HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
        connection.write_all(request.as_bytes()).expect("a request");
        let mut stream = Self(BufReader::new(connection));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(stream.0.read_line(&mut head).expect("a head"), 0, "{head}");
        }
        (head.to_lowercase(), stream)
    }

    /// The next line that starts with `start`, without it.
    fn line(&mut self, start: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(
                self.0.read_line(&mut line).expect("a line"),
                0,
                "no {start}"
            );
            if let Some(rest) = line.strip_prefix(start) {
                return rest.trim_end().to_owned();
            }
        }
    }

    /// Whether the stream ends as it should, not by a broken connection.
    fn ends(mut self) -> bool {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).is_ok() && rest.ends_with(b"0\r\n\r\n")
    }
}

fn line(id: &str) -> String {
    format!("{{\"order_id\":\"{id}\",\"created_at\":\"2026-11-22T10:30:00Z\",\"total\":1}}\n")
}

fn shop() -> (Program, Serving) {
    let program = Program::new();
    assert_eq!(program.run_with(&["import", "-"], &line("A")).code, Some(0));
    let server = Serving::start(&program, &["--as-of", "2026-11-22T10:37:21Z"]);
    (program, server)
}

#[test]
fn the_first_event_comes_at_once_and_another_after_an_import() {
    let (program, server) = shop();
    let (head, mut stream) = Stream::open(&server, "");
    assert!(head.starts_with("http/1.1 200 ok\r\n"), "{head}");
    for expected in [
        "content-type: text/event-stream\r\n",
        "x-accel-buffering: no\r\n",
        "cache-control: no-cache, no-transform\r\n",
    ] {
        assert!(head.contains(expected), "{head}");
    }
    let retry: u64 = stream.line("retry: ").parse().expect("a number");
    assert!((2_000..=6_000).contains(&retry), "{retry}");
    assert_eq!(stream.line("event: "), "page");
    let first = stream.line("data: ");
    assert_eq!(first, "1795343841000");

    let page = server.post("/api/recent_orders", "");
    assert!(!page.contains("\"B\""), "{page}");
    assert_eq!(program.run_with(&["import", "-"], &line("B")).code, Some(0));
    while !server.post("/api/recent_orders", "").contains("\"B\"") {
        stream.line("event: page");
    }
    assert_eq!(server.stop().code, Some(0));
    assert!(stream.ends());
}

#[test]
fn open_streams_do_not_hold_up_the_end() {
    let (_program, server) = shop();
    let streams: Vec<_> = (0..50).map(|_| Stream::open(&server, "").1).collect();
    let stopping = std::time::Instant::now();
    assert_eq!(server.stop().code, Some(0));
    // Without their end the server would wait for five seconds.
    assert!(stopping.elapsed() < Duration::from_secs(4));
    assert!(streams.into_iter().all(Stream::ends));
}

#[test]
fn a_reader_who_comes_back_gets_what_is_there() {
    let (_program, server) = shop();
    let mut first = Stream::open(&server, "").1;
    let mut ids = vec![first.line("id: ")];
    let back = format!("Last-Event-ID: {}\r\n", ids[0]);
    let now = Stream::open(&server, &back).1.line("id: ");
    // The first reader has it, too, if not yet.
    while !ids.contains(&now) {
        ids.push(first.line("id: "));
    }
}

#[test]
fn more_readers_than_500_are_sent_away() {
    let (_program, server) = shop();
    let streams: Vec<_> = (0..500).map(|_| Stream::open(&server, "")).collect();
    assert!(
        streams
            .iter()
            .all(|(head, _)| head.starts_with("http/1.1 200 "))
    );
    let (head, _) = Stream::open(&server, "");
    assert!(head.starts_with("http/1.1 503 "), "{head}");
    assert!(head.contains("retry-after: 30\r\n"), "{head}");
    assert!(server.get("/health/live").starts_with("HTTP/1.1 200 "));
}

#[test]
fn bad_requests_are_refused() {
    let (_program, server) = shop();
    let posted = server.post("/events", "");
    assert!(posted.starts_with("HTTP/1.1 405 "), "{posted}");
    let mut connection = server.connect();
    let huge = "x".repeat(1 << 20);
    let request = format!("GET /events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: {huge}\r\n\r\n");
    // It need not read all of that.
    _ = connection.write_all(request.as_bytes());
    let mut answer = Vec::new();
    _ = connection.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
        "{answer}"
    );
    assert!(server.get("/health/live").starts_with("HTTP/1.1 200 "));
}
