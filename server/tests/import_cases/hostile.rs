//! Files that are broken, endless or no orders at all.

use server::store::OrderStore;

use crate::{LESSON, gzip, line, outcome, store};

#[tokio::test]
async fn a_file_without_orders_is_refused_in_one_line() {
    let (store, _folder) = store().await;
    for (file, found) in [
        ("<html>\n<body>", "<html>"),
        (
            "order_id;created_at;total\n1;2026-11-07 18:37:21;2",
            "order_id;created_at;total",
        ),
        (
            "order_id,created_at\n1,2026-11-07 18:37:21",
            "order_id,created_at",
        ),
        ("nonsense", "nonsense"),
        ("null", "null"),
        ("\u{7f}ELF", "\u{7f}ELF"),
    ] {
        for file in [file.as_bytes().to_vec(), gzip(file.as_bytes())] {
            let (loaded, bad, early) = outcome(&store, file).await;
            let expected = format!(
                "the file cannot be read, and nothing is loaded: expected JSON Lines, a JSON array, or \
                 CSV whose first line names order_id, created_at and total; found {found:?}"
            );
            assert_eq!((loaded, bad.len(), early), (0, 0, expected));
        }
    }
    assert!(store.is_demonstration().await.expect("an answer"));
}

#[tokio::test]
async fn an_empty_file_is_no_orders() {
    let (store, _folder) = store().await;
    for file in [
        "",
        " \r\n\n",
        "\u{feff}",
        "[]",
        "[\n]\n",
        "order_id,created_at,total\n",
    ] {
        for file in [file.as_bytes().to_vec(), gzip(file.as_bytes())] {
            assert_eq!(outcome(&store, file).await, (0, Vec::new(), String::new()));
        }
    }
}

#[tokio::test]
async fn an_array_that_never_closes_keeps_the_orders_before() {
    let order = line(1, "1.00");
    for (file, loaded) in [
        (format!("[{order}"), 1),
        (format!("[{order},"), 1),
        (format!("[{order},{}", &order[..20]), 1),
        (format!("[{order}}}"), 1),
        (format!("[{order}]{order}"), 1),
        (format!("[{order} {order}]"), 1),
        ("[".repeat(1_000_000), 0),
    ] {
        let (store, _folder) = store().await;
        let (read, bad, early) = outcome(&store, file.clone()).await;
        assert_eq!((read, bad.len()), (loaded, 0), "{early}");
        assert!(early.contains("the JSON array is broken: "), "{early}");
        assert_eq!(early.lines().count(), 1);
        assert_eq!(store.count().await.expect("a count"), loaded);
    }
}

#[tokio::test]
async fn an_order_that_does_not_end_is_not_held() {
    let order = line(1, "1.00");
    let endless = "x".repeat(40 << 20);
    for start in [
        format!("{order}\n"),
        format!("{order}\n{{\"note\":\""),
        format!("[{order},{{\"note\":\""),
        format!("[{order}, {{\"note\":"),
        "order_id,created_at,total\nA,2026-11-07 18:37:21,1\n\"".to_owned(),
    ] {
        let (store, _folder) = store().await;
        let bomb = gzip(format!("{start}{endless}").as_bytes());
        let (loaded, _, early) = outcome(&store, bomb).await;
        assert_eq!(loaded, 1, "{early}");
        // Where the text is no JSON, this is said sooner.
        let is_said = early.contains("longer than 32 MB") || early.contains("is broken");
        assert!(is_said && early.lines().count() == 1, "{early}");
    }
}

#[tokio::test]
async fn gzip_that_is_cut_off_keeps_the_orders_before() {
    let (store, _folder) = store().await;
    let packed = gzip(LESSON.repeat(50).as_bytes());
    let (loaded, _, early) = outcome(&store, &packed[..packed.len() - 1]).await;
    assert_eq!(loaded, 25_000);
    assert!(early.starts_with("the file cannot be read any further; 25000 orders are loaded: "));
    let (loaded, _, early) = outcome(&store, &packed[..5]).await;
    assert_eq!(loaded, 0);
    assert!(
        early.starts_with("the file cannot be read, and nothing is loaded: "),
        "{early}"
    );
}

#[tokio::test]
async fn rows_with_other_columns_are_left_out_and_numbered() {
    let (store, _folder) = store().await;
    let file = "order_id,created_at,total\n\
                A,2026-11-07 18:37:21,1\n\
                B,2026-11-07 18:37:21\n\
                C,2026-11-07 18:37:21,1,2\n\
                D,2026-11-07 18:37:21,\"1,50\"\n\
                ,2026-11-07 18:37:21,1\n\
                E,2026-11-07 18:37:21,1.5\n";
    let (loaded, bad, early) = outcome(&store, file).await;
    assert_eq!((loaded, early.as_str()), (2, ""));
    assert_eq!(
        bad,
        [
            "line 3: expected 3 columns, found 2",
            "line 4: expected 3 columns, found 4",
            "line 5: total: expected a number of dollars, up to a trillion, found \"1,50\"",
            "line 6: order_id is missing: expected a text of 1 to 200 bytes, a whole number of 64 bits or an \
             ObjectId",
        ]
    );
}

#[tokio::test]
async fn years_and_ids_out_of_bounds_are_counted() {
    let (store, _folder) = store().await;
    let order =
        |id: &str, time: &str| format!(r#"{{"order_id":"{id}","created_at":"{time}","total":1}}"#);
    let long = "x".repeat(10_000);
    let file = [
        order("A", "0000-01-01T00:00:00Z"),
        order("B", "10000-01-01T00:00:00Z"),
        order(&long, "2026-11-07T18:37:21Z"),
        order("C", "2026-11-07T18:37:21Z"),
    ];
    let (loaded, bad, early) = outcome(&store, file.join("\n")).await;
    assert_eq!((loaded, bad.len(), early.as_str()), (1, 3, ""));
    assert!(bad.iter().all(|problem| problem.len() < 200), "{bad:?}");
}
