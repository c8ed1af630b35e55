//! Our keys, removed from a server that others use too.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult, cmd};

/// Every name in [`crate::cache::Key`] begins so, and with a brace what belongs to it.
const PATTERNS: [&str; 2] = ["dashboard:*", "{dashboard:*}:*"];
/// So many keys the server looks at before it answers somebody else.
const BATCH: u32 = 500;
/// Nobody waits for this but the one who asked for it.
const WITHIN: Duration = Duration::from_secs(10);

/// Removes them and gives how many there were.
pub async fn clean(client: &Client) -> RedisResult<u64> {
    let patient = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(WITHIN))
        .set_response_timeout(Some(WITHIN));
    let connection = client.get_multiplexed_async_connection_with_config(&patient);
    let mut connection = connection.await?;
    let mut removed = 0;
    for pattern in PATTERNS {
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
        scan.arg("COUNT").arg(BATCH);
        // Names are bytes: a neighbour's need not be UTF-8.
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
