//! A source that is only reached over TLS.

use std::fs;
use std::process::Command;

use crate::support::program::Program;
use crate::support::source_shop::{KEYS, SourceShop, agree};
use crate::support::tls::Certificate;
use server::store::sqlite::SqliteStore;

#[tokio::test(flavor = "multi_thread")]
async fn the_right_authority_is_trusted_and_another_one_is_not() {
    let (Some(mut shop), Some(ours), Some(others)) = (
        SourceShop::open().await,
        Certificate::new(),
        Certificate::new(),
    ) else {
        return;
    };
    shop.fill(1, 10).await;
    let data = shop.postgres.data();
    for name in ["server.pem", "server.key"] {
        let file = data.join(name);
        fs::copy(ours.file(name), &file).expect("a file");
        let owned = Command::new("chown")
            .arg("--reference")
            .arg(&data)
            .arg(&file)
            .status();
        assert!(owned.expect("an end").success());
        let secret = Command::new("chmod").arg("600").arg(&file).status();
        assert!(secret.expect("an end").success());
    }
    shop.postgres
        .configure("ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\n");
    fs::write(
        data.join("pg_hba.conf"),
        "local all all trust\nhost all postgres 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n",
    )
    .expect("a file");
    shop.postgres.stop_at_once();
    shop.postgres.start_again();
    shop.owner = shop.postgres.client().await;
    let port = shop.postgres.port;
    let program = |host: &str, options: &str| {
        let uri = format!("postgres://shopstream_sync:hunter2@{host}:{port}/postgres?{options}");
        Program::new()
            .with("SOURCE_URI", &uri)
            .with("SOURCE_KEYS", KEYS)
    };
    let verified = |authority: &Certificate| {
        let file = authority.file("ca.pem");
        format!("sslmode=verify-full&sslrootcert={}", file.display())
    };
    for (host, options, words) in [
        ("localhost", verified(&others), "certificate"),
        ("127.0.0.1", verified(&ours), "IP address"),
        ("localhost", "sslmode=disable".to_owned(), "pg_hba.conf"),
        (
            "localhost",
            "sslmode=verify-ca&sslrootcert=/missing.pem".to_owned(),
            "/missing.pem",
        ),
    ] {
        let refused = program(host, &options).fails(&["sync"]);
        let right = refused.starts_with("SOURCE_URI: ") && refused.contains(words);
        assert!(right && !refused.contains("hunter2"), "{words}: {refused}");
    }
    for options in ["sslmode=require", ""] {
        program("localhost", options).succeeds(&["sync", "--full"]);
    }
    // The stream is encrypted, too.
    let program = program("localhost", &verified(&ours));
    let mut child = program
        .command(&["sync", "--follow"])
        .spawn()
        .expect("a process");
    while !program.database().exists() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let store = SqliteStore::open(&program.database())
        .await
        .expect("a store");
    agree(&shop, &store).await;
    shop.run("UPDATE shop.orders SET status = 'shipped'").await;
    agree(&shop, &store).await;
    let plain = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE usename = 'shopstream_sync' AND NOT ssl";
    let plain: i64 = shop
        .owner
        .query_one(plain, &[])
        .await
        .expect("a number")
        .get(0);
    assert_eq!(plain, 0);
    child.kill().expect("a kill");
    child.wait().expect("an end");
}
