//! When it opens, and how a server is found again.

use super::*;

struct Server {
    there: AtomicBool,
    probes: AtomicU32,
}

fn breaker() -> (Breaker, Arc<Server>) {
    let server = Arc::new(Server {
        there: AtomicBool::new(false),
        probes: AtomicU32::new(0),
    });
    let probed = server.clone();
    let breaker = Breaker::new("test", move || {
        probed.probes.fetch_add(1, Ordering::Relaxed);
        let there = probed.there.load(Ordering::Relaxed);
        async move { there }.boxed()
    });
    (breaker, server)
}

fn open(breaker: &Breaker) {
    (0..FAILURES).for_each(|_| breaker.failed());
    assert!(!breaker.is_closed());
}

#[tokio::test(start_paused = true)]
async fn only_failures_in_a_row_open_it() {
    let (breaker, _) = breaker();
    for _ in 0..10 {
        (1..FAILURES).for_each(|_| breaker.failed());
        breaker.succeeded();
    }
    assert!(breaker.is_closed());
    open(&breaker);
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_for_an_answer_learn_that_it_opened() {
    let (breaker, _) = breaker();
    let mut opened = std::pin::pin!(breaker.opened());
    assert!(opened.as_mut().now_or_never().is_none());
    breaker.open("it refuses");
    opened.await;
}

#[tokio::test(start_paused = true)]
async fn a_dead_server_sees_one_probe_a_second_whoever_fails() {
    let (breaker, server) = breaker();
    open(&breaker);
    for round in 0..100 {
        sleep(Duration::from_millis(100)).await;
        breaker.failed();
        if round % 10 == 0 {
            // An answer that was late closes nothing.
            breaker.succeeded();
            assert!(!breaker.is_closed());
        }
    }
    let probes = server.probes.load(Ordering::Relaxed);
    assert!((8..=10).contains(&probes), "{probes} in 10 s");
    assert!(!breaker.is_closed());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_back_is_found_without_anybody_asking() {
    let (breaker, server) = breaker();
    open(&breaker);
    sleep(Duration::from_secs(10)).await;
    server.there.store(true, Ordering::Relaxed);
    sleep(PROBE_INTERVAL * 2).await;
    assert!(breaker.is_closed());
    // And is left in peace.
    let probes = server.probes.load(Ordering::Relaxed);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(server.probes.load(Ordering::Relaxed), probes);
}

#[tokio::test(start_paused = true)]
async fn it_opens_again_after_it_was_closed() {
    let (breaker, server) = breaker();
    server.there.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        open(&breaker);
        sleep(PROBE_INTERVAL * 2).await;
        assert!(breaker.is_closed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_panics_is_not_the_last() {
    let probes = Arc::new(AtomicU32::new(0));
    let probed = probes.clone();
    let breaker = Breaker::new("test", move || {
        match probed.fetch_add(1, Ordering::Relaxed) {
            0 => panic!("before it is asked"),
            1 => async { panic!("while it is asked") }.boxed(),
            _ => async { true }.boxed(),
        }
    });
    open(&breaker);
    sleep(PROBE_INTERVAL * 4).await;
    assert!(breaker.is_closed());
    assert_eq!(probes.load(Ordering::Relaxed), 3);
}
