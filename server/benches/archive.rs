//! What an archive costs beside draining the same cursor, that is, reading all that
//! `OrderStore::documents` gives and throwing it away. `make bench-archive` runs it;
//! `cargo bench -p server --bench archive -- 20000` measures both stores with so many orders.
//!
//! Each store is filled by a process of its own and measured by another, so that what is held at
//! most is the archive's.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement ends where something fails"
)]

use std::env;
use std::process::{Command, ExitCode};

mod archive {
    pub mod disk;
    pub mod filled;
    pub mod measured;
    pub mod memory;
}
#[path = "../tests/support/mongo_server.rs"]
mod mongo_server;

use archive::{filled, measured};

const SQLITE: &str = "SQLite";
const MONGODB: &str = "MongoDB";
const CASES: [(&str, u64); 4] = [
    (SQLITE, 100_000),
    (SQLITE, 1_000_000),
    (SQLITE, 5_000_000),
    (MONGODB, 1_000_000),
];

#[tokio::main]
async fn main() -> ExitCode {
    // Cargo adds "--bench".
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let words: Vec<&str> = words
        .into_iter()
        .filter(|word| !word.starts_with('-'))
        .collect();
    match words.as_slice() {
        ["fill", store, orders] => filled::fill(store, number(orders)).await,
        ["measure", folder] => measured::measure(folder.as_ref(), None).await,
        ["measure", folder, database] => measured::measure(folder.as_ref(), Some(database)).await,
        [] => return run(CASES),
        numbers => {
            let both = |orders: &&str| [SQLITE, MONGODB].map(|store| (store, number(orders)));
            return run(numbers.iter().flat_map(both));
        }
    }
    ExitCode::SUCCESS
}

/// Does one after the other; one that fails is said, and does not hold up the rest.
fn run(cases: impl IntoIterator<Item = (&'static str, u64)>) -> ExitCode {
    let mut failed = false;
    for (store, orders) in cases {
        println!("{store}, {orders} orders");
        let mut fill = again(&["fill", store, &orders.to_string()]);
        // For mongo-java-server, which holds everything in memory.
        let status = fill.env("TEST_MONGODB_HEAP", "8g").status();
        if !status.expect("a process").success() {
            println!("  not measured: see above");
            failed = true;
        }
    }
    ExitCode::from(u8::from(failed))
}

/// This program as another process.
fn again(words: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(words);
    command
}

fn number(word: &str) -> u64 {
    let number = word.parse().ok();
    number.unwrap_or_else(|| panic!("expected a number of orders, found {word:?}"))
}
