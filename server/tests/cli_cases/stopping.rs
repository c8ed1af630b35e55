//! How a server stops.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::program::Program;
use crate::support::serving::Serving;

fn server(program: &Program) -> Serving {
    Serving::start(program, &["--no-demonstration"])
}

#[test]
fn an_idle_server_stops() {
    let program = Program::new();
    let ended = server(&program).stop();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[test]
fn an_idle_connection_does_not_delay_it() {
    let program = Program::new();
    let server = server(&program);
    let mut connection = server.connect();
    let request = format!(
        "GET /health/live HTTP/1.1\r\nHost: {}\r\n\r\n",
        server.address()
    );
    connection.write_all(request.as_bytes()).expect("a request");
    let mut start = [0; 15];
    connection.read_exact(&mut start).expect("an answer");
    assert_eq!(&start, b"HTTP/1.1 200 OK");
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn an_endless_request_does_not_delay_it_for_ever() {
    let program = Program::new();
    let server = server(&program);
    let mut silent = server.connect();
    let mut slow = server.connect();
    let head = format!(
        "POST /api/refresh HTTP/1.1\r\nHost: {}\r\nContent-Length: 100\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n",
        server.address()
    );
    slow.write_all(head.as_bytes()).expect("a head");
    // The server waits for the rest of the body.
    let mut start = [0; 12];
    slow.read_exact(&mut start).expect("an answer");
    assert_eq!(&start, b"HTTP/1.1 100");
    let ended = server.stop();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let mut rest = Vec::new();
    _ = silent.read_to_end(&mut rest);
    assert_eq!(rest, b"");
}

#[test]
fn a_killed_server_leaves_an_intact_store() {
    let program = Program::new();
    program.succeeds(&["generate"]);
    // Dropping kills it.
    drop(server(&program));
    let server = server(&program);
    assert!(server.get("/").contains("Demonstration data"));
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn a_running_archive_is_interrupted() {
    let program = Program::new();
    // So many that none of the archives is through before the test knows that it has begun.
    let orders: String = (0..200_000)
        .map(|id| {
            format!(
                "{{\"order_id\":\"{id}\",\"created_at\":\"2020-05-04T10:00:00Z\",\"total\":1}}\n"
            )
        })
        .collect();
    assert_eq!(program.run_with(&["import", "-"], &orders).code, Some(0));

    let mut running = server(&program);
    // The second one is Ctrl-C.
    for (signal, interrupted) in [("TERM", 1), ("INT", 2)] {
        let started = running.post("/api/archive_start", "month=2020-05");
        assert!(started.starts_with("HTTP/1.1 200 OK\r\n"), "{started}");
        wait_for_orders(&running);
        // It has 10 s.
        let ended = running.stop_by(signal);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert_eq!(files(&program.data().join("archive")), 0);

        running = server(&program);
        let runs = status(&running)["runs"].clone();
        assert_eq!(runs.as_array().expect("runs").len(), interrupted);
        assert_eq!(runs[0]["state"], "interrupted", "{runs}");
        assert!(runs[0]["finished_at"].is_string(), "{runs}");
    }
    assert_eq!(running.stop().code, Some(0));
}

/// Returns when the archive under way has written some.
fn wait_for_orders(server: &Serving) {
    let patience = Instant::now() + Duration::from_secs(20);
    while status(server)["current"]["orders"].as_u64().unwrap_or(0) == 0 {
        assert!(Instant::now() < patience, "no order was written");
        sleep(Duration::from_millis(5));
    }
}

fn status(server: &Serving) -> Value {
    let answer = server.post("/api/archive_status", "");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("JSON")
}

/// How many files are in the folder and those in it.
fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| if path.is_dir() { files(&path) } else { 1 })
        .sum()
}
