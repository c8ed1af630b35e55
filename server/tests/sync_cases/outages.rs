//! PostgreSQL or the store is away for a while.

use std::time::Duration;

use server::clock::SystemClock;
use server::config::{MongoConfig, Secret};
use server::store::OrderStore;
use server::store::mongo::MongoStore;
use std::sync::Arc;
use tokio::time::sleep;

use crate::support::mongo_server;
use crate::support::source_shop::{
    Follower, MongoSink, Sink, SourceShop, SqliteSink, agree, job, job_into, soaked, through,
};
use crate::support::toxiproxy::Way;

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_restarted_at_once_goes_on() {
    let (Some(mut shop), Some(sink)) = (SourceShop::open().await, SqliteSink::open().await) else {
        return;
    };
    shop.fill(1, 100).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    for number in 0..3 {
        let change =
            format!("UPDATE shop.orders SET status = 'state {number}' WHERE id % 3 = {number}");
        shop.run(&change).await;
        shop.postgres.stop_at_once();
        shop.postgres.start_again();
        shop.owner = shop.postgres.client().await;
        shop.run("UPDATE shop.orders SET region = 'West' WHERE id = 9")
            .await;
        follower.comes_to_rest(&shop).await;
    }
    assert!(follower.state().await.healed.is_none());
    follower.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_to_the_source_that_breaks_is_found_again() {
    let (Some(shop), Some(sink)) = (SourceShop::open().await, MongoSink::open().await) else {
        return;
    };
    let Some(way) = Way::to(shop.postgres.port).await else {
        return;
    };
    shop.fill(1, 100).await;
    let follower = Follower::start(job(&through(way.port), &sink));
    follower.comes_to_rest(&shop).await;
    for _ in 0..3 {
        way.refuse().await;
        shop.run("UPDATE shop.orders SET status = status || '.'")
            .await;
        sleep(Duration::from_secs(1)).await;
        way.heal().await;
        follower.comes_to_rest(&shop).await;
    }
    follower.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_misses_nothing_and_nothing_is_acknowledged() {
    let (Some(shop), Some(uri)) = (SourceShop::open().await, mongo_server::uri()) else {
        return;
    };
    let port = uri.rsplit(':').next().expect("a port");
    let port = port
        .split('/')
        .next()
        .expect("a port")
        .parse()
        .expect("a port");
    let Some(way) = Way::to(port).await else {
        return;
    };
    let config = MongoConfig {
        uri: Secret::new(format!(
            "mongodb://127.0.0.1:{}/?directConnection=true",
            way.port
        )),
        database: format!("shopstream_test_away_{}", std::process::id()),
    };
    let store = Arc::new(MongoStore::open(&config, Arc::new(SystemClock)).expect("a store"));
    shop.fill(1, 100).await;
    let follower = Follower::start(job_into(&shop.uri(), store.clone(), store.clone()));
    follower.comes_to_rest(&shop).await;
    let confirmed = async || {
        let sql = "SELECT confirmed_flush_lsn::text FROM pg_replication_slots";
        let row = shop.owner.query_one(sql, &[]).await.expect("a slot");
        row.get::<_, String>(0)
    };
    let position = follower.state().await.position;
    way.refuse().await;
    shop.run("UPDATE shop.orders SET status = 'lost'").await;
    sleep(Duration::from_secs(soaked(10, 60))).await;
    let before = confirmed().await;
    shop.run("DELETE FROM shop.orders WHERE id = 5").await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(confirmed().await, before);
    way.heal().await;
    agree(&shop, store.as_ref() as &dyn OrderStore).await;
    follower.until(|state| state.position > position).await;
    follower.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_table_keeps_no_log_of_others() {
    let (Some(shop), Some(sink)) = (SourceShop::open().await, SqliteSink::open().await) else {
        return;
    };
    shop.fill(1, 10).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    shop.run("CREATE TABLE other (text text)").await;
    for _ in 0..6 {
        shop.run(
            "INSERT INTO other SELECT repeat(md5(n::text), 40) FROM generate_series(1, 40000) n",
        )
        .await;
    }
    let end = shop.position().await;
    follower.until(|state| state.position >= Some(end)).await;
    let sql = "SELECT confirmed_flush_lsn >= $1 FROM pg_replication_slots";
    loop {
        let row = shop.owner.query_one(sql, &[&end]).await.expect("a slot");
        if row.get(0) {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    follower.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_broken_ends_it_and_a_mended_one_goes_on() {
    let (Some(shop), Some(sink)) = (SourceShop::open().await, SqliteSink::open().await) else {
        return;
    };
    shop.fill(1, 20).await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    shop.run("ALTER VIEW dashboard_orders RENAME TO away").await;
    shop.run("UPDATE shop.orders SET status = 'shipped'").await;
    let error = follower.fails().await;
    assert!(
        !error.is_away() && error.to_string().contains("dashboard_orders"),
        "{error}"
    );
    shop.run("ALTER VIEW away RENAME TO dashboard_orders").await;
    let follower = Follower::start(job(&shop.uri(), &sink));
    follower.comes_to_rest(&shop).await;
    assert!(follower.state().await.healed.is_none());
    follower.stop().await;
}
