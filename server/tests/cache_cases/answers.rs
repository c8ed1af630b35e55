//! Answers put into the cache and read back.

use std::fmt::Debug;

use app::model::{
    ActiveOrders, CategoryRevenue, Cents, DailyOrders, Figures, HourlyOrders, Panel, ProductSales,
    RecentOrder, ReturnedOrders, Returns, Timestamp, Today, Watermark, Window,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use server::cache::{Cache, Cached, Entry, Key, Rows};

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an RFC 3339 time")
}

fn answer<T>(data: T) -> Cached<T> {
    Cached {
        data,
        window: Some(Window {
            from: time("2026-10-24T11:30:00.012+02:00"),
            to: time("2026-11-23T10:30:00.012+01:00"),
        }),
        computed_at: time("2026-11-23T10:30:00.013+01:00"),
        took_ms: 11.8,
    }
}

async fn survives<T>(cache: &dyn Cache, key: Key, data: T)
where
    T: Rows + Serialize + DeserializeOwned + Clone + Debug + PartialEq,
{
    let without_window = Cached {
        window: None,
        ..answer(data.clone())
    };
    for answer in [without_window, answer(data)] {
        cache.put(&key, answer.to_entry().expect("an entry")).await;
        let entry = cache.get(&key).await.expect("an entry");
        let back = Cached::from_entry(&entry).expect("an answer");
        assert_eq!(back, answer);
        // Equal instants may have different offsets.
        assert_eq!(back.computed_at.to_string(), answer.computed_at.to_string());
    }
}

fn category(category: &str, cents: i64, orders: u64) -> CategoryRevenue {
    CategoryRevenue::new(category.to_owned(), Cents(cents), orders)
}

pub async fn every_answer_survives(cache: &dyn Cache) {
    let categories = vec![
        category("footwear", 123_450, 7),
        category("Zubehör \"groß\" \u{202e}🛒", 1, 3),
        category("", 0, u64::MAX),
        category("losses", -1, 2),
        // No double holds these to the cent.
        category("too much", i64::MAX, 1),
        category("too little", -8_000_000_000_000_001, 1),
    ];
    survives(cache, Key::from(Panel::CategoryRevenue), categories).await;
    survives(
        cache,
        Key::from(Panel::CategoryRevenue),
        Vec::<CategoryRevenue>::new(),
    )
    .await;
    let day = |day: &str, orders, unfinished| DailyOrders {
        day: day.parse().expect("a day"),
        orders,
        unfinished,
    };
    let days = vec![
        day("2026-12-31", u64::MAX, false),
        day("2027-01-01", 0, true),
    ];
    survives(cache, Key::from(Panel::DailyOrders), days).await;
    let figures = |cents, orders| Figures {
        revenue_cents: Cents(cents),
        orders,
    };
    let today = Today {
        today: figures(-29, 1),
        yesterday_same_time: figures(123_456_789_012_345, 0),
        week_ago_same_time: figures(1, u64::MAX),
        yesterday: figures(i64::MIN, 2),
        yesterday_until: None,
    };
    survives(cache, Key::from(Panel::Today), today).await;
    let hour = HourlyOrders {
        from: time("2026-10-25T02:00:00+01:00"),
        today: Some(figures(-1, u64::MAX)),
        yesterday: None,
        unfinished: true,
    };
    survives(cache, Key::from(Panel::HourlyOrders), vec![hour]).await;
    let returns = Returns {
        last_7_days: ReturnedOrders {
            orders: u64::MAX,
            returned: 1,
        },
        the_7_before: ReturnedOrders::default(),
    };
    survives(cache, Key::from(Panel::Returns), returns).await;
    let active = ActiveOrders {
        pending: u64::MAX,
        shipped: 0,
        oldest_pending: Some(time("2026-11-22T19:30:00.999-05:00")),
        pending_over_24h: u64::MAX,
    };
    survives(cache, Key::from(Panel::ActiveOrders), active).await;
    let product = ProductSales {
        product_id: "PROD_\0\n<b>".to_owned(),
        product_name: Some(String::new()),
        category: "x".repeat(100_000),
        units: i64::MIN,
        revenue_cents: Cents(-33),
    };
    survives(cache, Key::from(Panel::TopProducts), vec![product]).await;
    let order = RecentOrder {
        order_id: "ORD_🛒".to_owned(),
        created_at: time("2026-11-22T19:30:00.999-05:00"),
        product_id: String::new(),
        total_cents: Cents(-5),
        status: "verloren".to_owned(),
    };
    survives(cache, Key::from(Panel::RecentOrders), vec![order]).await;
    let watermark = Watermark {
        from: time("2026-10-24T11:30:00.012+02:00"),
        at: time("2026-11-23T10:30:00.012+01:00"),
        figures: figures(-123_456_701, 12),
    };
    survives(cache, Key::watermark(), watermark).await;
}

pub async fn what_somebody_else_wrote_is_a_miss(cache: &dyn Cache) {
    let ours = answer(vec![category("footwear", 123_450, 7)]);
    let Entry { rows, meta } = ours.to_entry().expect("an entry");
    let others = [
        (rows.replace("1234.5", "1234.6"), meta.clone()),
        (format!("{rows} "), meta.clone()),
        ("[]".to_owned(), meta.clone()),
        ("\u{feff}".to_owned(), meta.clone()),
        (rows.clone(), String::new()),
        (rows.clone(), "null".to_owned()),
        (rows.clone(), "[1,2]".to_owned()),
        (rows.clone(), meta.replace(":3,", ":2,")),
        (rows.clone(), meta.replace("2026-11-23T10", "yesterday")),
        (rows.clone(), meta[..meta.len() / 2].to_owned()),
    ];
    for (other_rows, other_meta) in others {
        let entry = Entry {
            rows: other_rows,
            meta: other_meta,
        };
        assert_ne!((&entry.rows, &entry.meta), (&rows, &meta));
        cache
            .put(&Panel::CategoryRevenue.into(), entry.clone())
            .await;
        let kept = cache.get(&Panel::CategoryRevenue.into()).await;
        let read = kept.and_then(|kept| Cached::<Vec<CategoryRevenue>>::from_entry(&kept));
        assert_eq!(read, None, "{entry:?}");
    }
}

pub async fn another_answers_entry_is_a_miss(cache: &dyn Cache) {
    let active = ActiveOrders {
        pending: 1,
        shipped: 2,
        oldest_pending: None,
        pending_over_24h: 0,
    };
    let entry = answer(active).to_entry().expect("an entry");
    cache.put(&Panel::CategoryRevenue.into(), entry).await;
    let kept = cache
        .get(&Panel::CategoryRevenue.into())
        .await
        .expect("an entry");
    assert_eq!(Cached::<Vec<CategoryRevenue>>::from_entry(&kept), None);
    assert_eq!(Cached::<Today>::from_entry(&kept), None);
}
