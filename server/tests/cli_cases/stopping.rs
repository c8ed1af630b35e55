//! The end of a server that is asked to end.

use std::io::{Read, Write};

use crate::support::program::Program;
use crate::support::serving::Serving;

fn server(program: &Program) -> Serving {
    Serving::start(program, &["--no-demonstration"])
}

#[test]
fn an_idle_server_ends() {
    let program = Program::new();
    let ended = server(&program).stop();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_connection_that_is_kept_alive_does_not_hold_it_up() {
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
fn a_request_that_never_ends_does_not_hold_it_up_for_ever() {
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
    // The server waits for the body: the request is under way.
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
fn a_server_that_was_killed_leaves_a_whole_store() {
    let program = Program::new();
    program.succeeds(&["generate"]);
    // Dropping kills it.
    drop(server(&program));
    let server = server(&program);
    assert!(server.get("/").contains("Demonstration data"));
    assert_eq!(server.stop().code, Some(0));
}
