//! The connections: how many there are, and how long a client may take to ask.

use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What clients may use up.
#[derive(Copy, Clone, Debug)]
pub struct Limits {
    /// How many connections are answered at once. Further ones wait until one of these ends.
    pub connections: NonZeroU32,
    /// How long a client may take for the head of a request, from the start of the connection or the
    /// last answer on. Then the connection is closed.
    pub head: Duration,
}

/// Answers requests until `cancel`; then finishes the open ones and returns.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    cancel: &CancellationToken,
) {
    let open = TaskTracker::new();
    let accepting = accept(listener, router, limits, &open, cancel);
    cancel.run_until_cancelled(accepting).await;
    open.close();
    open.wait().await;
}

async fn accept(
    mut listener: TcpListener,
    router: Router,
    limits: Limits,
    open: &TaskTracker,
    cancel: &CancellationToken,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head);
    let free = Arc::new(Semaphore::new(limits.connections.get() as usize));
    // Nobody closes the semaphore.
    while let Ok(permit) = free.clone().acquire_owned().await {
        // Axum's own: it logs an error and goes on.
        let (stream, _) = Listener::accept(&mut listener).await;
        let answering = answer(http.clone(), stream, router.clone(), cancel.clone());
        open.spawn(async move {
            answering.await;
            drop(permit);
        });
    }
}

/// Answers the requests of one connection; after `cancel` only the one that has begun.
async fn answer(
    http: http1::Builder,
    stream: TcpStream,
    router: Router,
    cancel: CancellationToken,
) {
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    // How a client breaks off is no concern of ours.
    let ended = cancel.run_until_cancelled(connection.as_mut()).await;
    if ended.is_none() {
        connection.as_mut().graceful_shutdown();
        _ = connection.await;
    }
}
