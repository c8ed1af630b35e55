//! Clients that hold connections.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use server::http::{Limits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::support::web::Server;

const REQUEST: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
const LONG: Duration = Duration::from_secs(60);

struct Served {
    address: SocketAddr,
    cancel: CancellationToken,
    task: AbortOnDropHandle<()>,
}

async fn served(connections: u32, head: Duration) -> Served {
    let router = Server::lesson().await.router();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let limits = Limits {
        connections: NonZeroU32::new(connections).expect("a number"),
        head,
    };
    let cancel = CancellationToken::new();
    let until = cancel.clone();
    let task = tokio::spawn(async move { serve(listener, router, limits, &until).await });
    Served {
        address,
        cancel,
        task: AbortOnDropHandle::new(task),
    }
}

impl Served {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address)
            .await
            .expect("a connection")
    }
}

/// Asks once, and leaves the connection open.
async fn ask(connection: &mut TcpStream) -> io::Result<()> {
    connection.write_all(REQUEST).await?;
    answered(connection).await
}

async fn answered(connection: &mut TcpStream) -> io::Result<()> {
    let mut answer = Vec::new();
    while !answer.ends_with(b"live\n") {
        if connection.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    Ok(())
}

/// Waits until the server has closed the connection, without an answer.
async fn let_go(mut connection: TcpStream) {
    let mut rest = Vec::new();
    // It may be reset, where something arrived after the end.
    _ = timeout(LONG, connection.read_to_end(&mut rest))
        .await
        .expect("an end");
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_request_is_let_go() {
    let served = served(4_096, Duration::from_millis(300)).await;
    let mut waiting = Vec::new();
    for number in 0..300 {
        let mut connection = served.connect().await;
        // Some say nothing at all, and some send a line and then no end.
        let part = [&b""[..], b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX-"][number % 3];
        connection.write_all(part).await.expect("a part");
        waiting.push(connection);
    }
    for connection in waiting {
        let_go(connection).await;
    }
    // One that sends a little now and then gains no time.
    let mut trickling = served.connect().await;
    for byte in REQUEST.iter().cycle().filter(|byte| **byte != b'\n') {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if trickling.write_all(&[*byte]).await.is_err() {
            break;
        }
    }
    let_go(trickling).await;
    ask(&mut served.connect().await).await.expect("an answer");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_their_turn() {
    let served = served(2, LONG).await;
    let (mut first, mut second) = (served.connect().await, served.connect().await);
    ask(&mut first).await.expect("an answer");
    ask(&mut second).await.expect("an answer");
    let mut third = served.connect().await;
    third.write_all(REQUEST).await.expect("a request");
    let early = timeout(Duration::from_millis(200), answered(&mut third)).await;
    assert!(early.is_err(), "answered beside two others");
    // Those that are open are answered as before.
    ask(&mut first).await.expect("an answer");
    drop(second);
    answered(&mut third).await.expect("an answer");
}

#[tokio::test]
async fn it_ends_with_connections_that_are_idle_and_one_that_waits_its_turn() {
    let served = served(2, LONG).await;
    let (mut idle, silent) = (served.connect().await, served.connect().await);
    ask(&mut idle).await.expect("an answer");
    let waiting = served.connect().await;
    served.cancel.cancel();
    timeout(LONG, served.task)
        .await
        .expect("an end")
        .expect("no panic");
    for connection in [idle, silent, waiting] {
        let_go(connection).await;
    }
}
