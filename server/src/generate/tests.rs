use std::collections::{BTreeMap, HashSet};

use app::model::Timestamp;
use chrono::{TimeDelta, Timelike};

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    Timestamp::parse(text).expect("an RFC 3339 time").utc()
}

fn now() -> DateTime<Utc> {
    at("2026-11-23T09:30:00.123Z")
}

fn plan(orders: u64, days: u32) -> Plan {
    Plan::new(42, orders, days).expect("a plan")
}

/// From one order in ten years to several a millisecond.
fn plans() -> [Plan; 8] {
    [
        Plan::default(),
        plan(1, 1),
        plan(1, 3660),
        plan(7, 100),
        plan(3, 7),
        plan(500, 1),
        plan(20_000, 35),
        plan(2_000_000, 1),
    ]
}

#[test]
fn a_store_starts_with_exactly_as_many_orders_as_planned() {
    for plan in [
        Plan::default(),
        plan(1, 1),
        plan(1, 3660),
        plan(3, 7),
        plan(20_000, 35),
    ] {
        for back in 0..50 {
            let now = now() - TimeDelta::minutes(back * 37);
            assert_eq!(
                plan.initial(now).count() as u64,
                plan.orders(),
                "{plan:?} {now}"
            );
        }
    }
}

#[test]
fn the_initial_orders_are_within_the_days() {
    for (plan, days) in [
        (Plan::default(), 35),
        (Plan::DEMONSTRATION, 35),
        (plan(500, 7), 7),
        (plan(100, 35), 35),
        (plan(2_000, 90), 90),
    ] {
        for step in 0..100 {
            let now = now() + TimeDelta::hours(87) * step;
            let oldest = plan.initial(now).next().expect("an order").created_at;
            let age = now - oldest;
            let most = TimeDelta::days(days);
            assert!(age < most && age > most * 2 / 3, "{plan:?} {now}: {age}");
        }
    }
}

#[test]
fn the_initial_orders_are_the_newest() {
    for plan in plans().into_iter().filter(|plan| plan.orders() <= 20_000) {
        // Without the shortcut that `initial` takes.
        let (_, all) = recent(plan, 500);
        let older = plan.orders().saturating_sub(all.len() as u64) as usize;
        let newest: Vec<Order> = plan.initial(now()).skip(older).collect();
        assert_eq!(newest, all[all.len() - newest.len()..], "{plan:?}");
    }
}

#[test]
fn topping_up_gives_the_same_orders_as_generating_at_once() {
    for plan in plans() {
        let (start, at_once) = recent(plan, 1000);
        let step = (now() - start) / 20;
        let mut seen = start;
        let mut in_steps = Vec::new();
        while seen < now() {
            in_steps.extend(plan.between(seen, seen + step));
            seen += step;
        }
        in_steps.retain(|order| order.created_at <= now());
        // Their statuses are those of different times.
        let same = |order: &Order| (order.order_id.clone(), order.created_at, order.total);
        assert!(
            in_steps.iter().map(same).eq(at_once.iter().map(same)),
            "{plan:?}"
        );
        let ids: HashSet<_> = at_once.iter().map(|order| &order.order_id).collect();
        assert_eq!(ids.len(), at_once.len(), "{plan:?}");
    }
}

/// At least `count` of the newest orders if there are that many, and the instant before them.
fn recent(plan: Plan, count: usize) -> (DateTime<Utc>, Vec<Order>) {
    let mut back = TimeDelta::milliseconds(1);
    loop {
        let start = (now() - back).max(DateTime::UNIX_EPOCH);
        let orders: Vec<Order> = plan.between(start, now()).collect();
        if orders.len() >= count || start == DateTime::UNIX_EPOCH {
            return (start, orders);
        }
        back = back * 2;
    }
}

#[test]
fn orders_come_by_time_and_never_from_the_future() {
    for plan in plans() {
        let orders: Vec<Order> = plan.initial(now()).take(20_000).collect();
        assert!(orders.is_sorted_by_key(|order| order.created_at));
        assert!(orders.iter().all(|order| order.created_at <= now()));
        assert_eq!(plan.between(now(), now()).count(), 0);
        assert_eq!(plan.between(now(), at("2020-01-01T00:00:00Z")).count(), 0);
    }
}

#[test]
fn a_plan_recognises_its_orders() {
    let order = Plan::default().initial(now()).last().expect("an order");
    let (id, created_at) = (order.order_id.to_string(), order.created_at);
    assert!(Plan::default().has(&id, created_at));
    assert!(!Plan::default().has(&id, created_at + TimeDelta::milliseconds(1)));
    assert!(!plan(501, 35).has(&id, created_at));
}

#[test]
fn documents_parse_to_the_same_order() {
    for plan in [Plan::default(), plan(20_000, 35)] {
        for order in plan.initial(now()).take(500) {
            let read = Order::from_json(&order.document).expect("an order");
            assert_eq!(read, order);
        }
    }
    let order = Plan::default().initial(now()).next().expect("an order");
    assert_eq!(
        order.document,
        r#"{"order_id":"ORD_314163","customer_id":"CUST_0067","region":"South","product_id":"PROD_006","product_name":"Everyday Tee","category":"apparel","unit_price":24.99,"quantity":1,"total":24.99,"status":"delivered","created_at":"2026-10-20T21:11:36.532Z"}"#
    );
}

#[test]
fn totals_are_price_times_quantity_to_the_cent() {
    let mut prices = BTreeMap::new();
    for order in plan(20_000, 35).initial(now()) {
        let document: serde_json::Value = serde_json::from_str(&order.document).expect("JSON");
        let price = (document["unit_price"].as_f64().expect("a number") * 100.0).round() as i64;
        assert_eq!(order.total.0, price * order.quantity);
        assert!((1..=3).contains(&order.quantity));
        assert!((2_000..=30_000).contains(&price));
        assert_eq!(*prices.entry(order.product_id).or_insert(price), price);
    }
    assert_eq!(prices.len(), 20);
}

/// How often each value of `field` is there.
fn counts(orders: &[Order], field: impl Fn(&Order) -> String) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for order in orders {
        *counts.entry(field(order)).or_default() += 1;
    }
    counts
}

/// A field of the document, as JSON.
fn json(order: &Order, field: &str) -> String {
    let document: serde_json::Value = serde_json::from_str(&order.document).expect("JSON");
    document[field].to_string()
}

#[test]
fn statuses_follow_the_age() {
    let orders: Vec<Order> = plan(20_000, 35).initial(now()).collect();
    let of_age = |from: i64, to: i64| {
        let range = TimeDelta::hours(from)..TimeDelta::hours(to);
        let orders: Vec<Order> = orders
            .iter()
            .filter(|order| range.contains(&(now() - order.created_at)))
            .cloned()
            .collect();
        let shares = counts(&orders, |order| order.status.clone());
        move |status| 100 * shares.get(status).copied().unwrap_or_default() / orders.len()
    };
    assert_eq!(of_age(0, 1)("pending"), 100);
    assert!(of_age(15, 24)("shipped") > 95);
    // A few are late.
    assert!((1..5).contains(&of_age(15, 25)("pending")));
    assert_eq!(of_age(48, 1000)("pending"), 0);
    assert!(of_age(144, 160)("delivered") > 95);
    let old = of_age(336, 1000);
    assert_eq!(old("shipped"), 0);
    assert!((4..7).contains(&old("returned")), "{}", old("returned"));
}

#[test]
fn categories_and_regions_have_different_sizes() {
    let orders: Vec<Order> = plan(20_000, 35).initial(now()).collect();
    for sizes in [
        counts(&orders, |order| order.category.clone()),
        counts(&orders, |order| json(order, "region")),
    ] {
        let mut sizes: Vec<usize> = sizes.into_values().collect();
        sizes.sort_unstable();
        assert_eq!(sizes.len(), 4);
        assert!(
            sizes
                .windows(2)
                .all(|pair| pair[1] > pair[0] + pair[0] / 10),
            "{sizes:?}"
        );
        assert!(sizes[3] > 2 * sizes[0], "{sizes:?}");
    }
    let regions = counts(&orders, |order| {
        json(order, "customer_id") + &json(order, "region")
    });
    assert_eq!(regions.len(), 100);
    let names = counts(&orders, |order| {
        order.product_id.clone() + &json(order, "product_name")
    });
    assert_eq!(names.len(), 20);
}

#[test]
fn when_the_checkout_is_down_nothing_is_ordered() {
    let plan = plan(20_000, 35);
    let orders = || plan.initial(now());
    let told: Vec<Order> = orders()
        .filter_map(|order| Story::CheckoutDown.order(order, now()))
        .collect();
    let down = now() - TimeDelta::minutes(40);
    assert!(orders().any(|order| order.created_at > down));
    assert!(
        told.into_iter()
            .eq(orders().filter(|order| order.created_at <= down))
    );
}

#[test]
fn a_spike_of_returns_is_of_the_last_week() {
    let orders: Vec<Order> = plan(20_000, 35)
        .initial(now())
        .filter_map(|order| Story::ReturnsSpike.order(order, now()))
        .collect();
    let returned = |from: i64, to: i64| {
        let range = now() - TimeDelta::days(to)..now() - TimeDelta::days(from);
        let week = orders
            .iter()
            .filter(|order| range.contains(&order.created_at));
        let back = week.clone().filter(|order| order.status == "returned");
        100 * back.count() / week.count()
    };
    assert!((20..40).contains(&returned(0, 7)), "{}", returned(0, 7));
    assert!(returned(7, 14) < 10, "{}", returned(7, 14));
    for order in orders {
        assert_eq!(Order::from_json(&order.document).expect("an order"), order);
    }
}

#[test]
fn nights_have_fewer_orders() {
    let mut hours = [0; 24];
    for order in plan(20_000, 35).initial(now()) {
        hours[order.created_at.hour() as usize] += 1;
    }
    assert!(hours[12] > 5 * hours[4], "{hours:?}");
    assert!(hours[19] > hours[15], "{hours:?}");
    assert!(hours.iter().all(|count| *count > 50), "{hours:?}");
}

#[test]
fn days_differ() {
    for (plan, spread) in [(Plan::default(), 6), (plan(20_000, 35), 100)] {
        let mut days: BTreeMap<_, i32> = BTreeMap::new();
        for order in plan.between(now() - TimeDelta::days(70), now()) {
            *days.entry(order.created_at.date_naive()).or_default() += 1;
        }
        let counts: Vec<i32> = days.values().copied().skip(1).take(69).collect();
        let (least, most) = (counts.iter().min(), counts.iter().max());
        assert!(
            most.expect("days") - least.expect("days") > spread,
            "{counts:?}"
        );
        assert!(*least.expect("days") > 0, "{counts:?}");
    }
}

#[test]
fn plans_do_not_share_ids() {
    let mut ids = HashSet::new();
    for (seed, orders, days) in [
        (42, 500, 35),
        (43, 500, 35),
        (42, 501, 35),
        (42, 500, 36),
        (42, 1000, 70),
        (42, 20_000, 35),
    ] {
        let plan = Plan::new(seed, orders, days).expect("a plan");
        for order in plan.initial(now()) {
            let id = order.order_id.to_string();
            let digits = id.strip_prefix("ORD_").expect("a prefix");
            assert!(digits.len() >= 5 && digits.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(ids.insert(order.order_id));
        }
    }
}

#[test]
fn plans_out_of_bounds_are_refused() {
    assert_eq!(Plan::new(42, 0, 35), Err(BadPlan::Orders(0)));
    assert_eq!(
        Plan::new(42, 50_000_001, 35),
        Err(BadPlan::Orders(50_000_001))
    );
    assert_eq!(Plan::new(42, 500, 0), Err(BadPlan::Days(0)));
    assert_eq!(Plan::new(42, 500, 3661), Err(BadPlan::Days(3661)));
}

#[test]
fn plans_work_close_to_1970() {
    for plan in plans() {
        let epoch = DateTime::UNIX_EPOCH;
        for instant in [
            epoch,
            epoch + TimeDelta::seconds(5),
            epoch - TimeDelta::days(3),
        ] {
            assert!(
                plan.initial(instant)
                    .take(100)
                    .all(|order| order.created_at >= epoch)
            );
            assert_eq!(plan.between(instant, instant).count(), 0);
        }
    }
}
