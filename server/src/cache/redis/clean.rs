//! Removes our keys, and no others, from a server.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult, cmd};

/// Our keys, and the keys that belong to them.
const KEY_PATTERNS: [&str; 2] = ["dashboard:*", "{dashboard:*}:*"];
/// Keys that the server scans in one step; other clients wait meanwhile.
const SCAN_COUNT: u32 = 500;
/// Long, because only the caller waits.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Removes the keys and returns how many there were.
pub async fn clean(client: &Client) -> RedisResult<u64> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(TIMEOUT))
        .set_response_timeout(Some(TIMEOUT));
    let connection = client.get_multiplexed_async_connection_with_config(&config);
    let mut connection = connection.await?;
    let mut removed = 0;
    for pattern in KEY_PATTERNS {
        removed += remove(&mut connection, pattern).await?;
    }
    Ok(removed)
}

async fn remove(connection: &mut MultiplexedConnection, pattern: &str) -> RedisResult<u64> {
    let mut removed = 0;
    let mut cursor = 0_u64;
    loop {
        let mut scan = cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(pattern);
        scan.arg("COUNT").arg(SCAN_COUNT);
        // Names are bytes: those of other programs need not be UTF-8.
        let (next, names): (u64, Vec<Vec<u8>>) = scan.query_async(connection).await?;
        if !names.is_empty() {
            removed += cmd("UNLINK")
                .arg(names)
                .query_async::<u64>(connection)
                .await?;
        }
        if next == 0 {
            return Ok(removed);
        }
        cursor = next;
    }
}
