//! How long a large month takes. Slow: run with `--ignored --nocapture`.

use std::time::Instant;

use app::model::RunState;
use server::clock::FixedClock;
use server::generate::{Plan, generate};

use crate::{Shop, archive, now};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures, and takes long without optimisation"]
async fn a_large_month_takes_seconds() {
    let shop = Shop::empty().await;
    let plan = Plan::new(42, 300_000, 20).expect("a plan");
    generate(shop.store.as_ref(), plan, &FixedClock(now()), |_| {})
        .await
        .expect("synthetic orders");
    let job = shop.job().await;
    let started = Instant::now();
    let run = archive(&job, None).await;
    println!(
        "{} orders, {} bytes in {:?}",
        run.orders,
        run.bytes,
        started.elapsed()
    );
    assert_eq!((run.state, run.orders), (RunState::Succeeded, 300_000));
}
