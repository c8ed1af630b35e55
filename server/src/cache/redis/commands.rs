//! What is sent to the server.

use std::sync::LazyLock;

use redis::aio::ConnectionManager;
use redis::{RedisResult, Script, Value, cmd, pipe};

use crate::cache::expiry::expires_in;
use crate::cache::{CLAIMED_FOR, Entry, Key};

/// Rows and meta together, in bytes. What is larger is not ours.
const LARGEST: usize = 4 << 20;

/// Only the claim that the token belongs to: it may have expired, and another been made.
static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0",
    )
});

/// Whether the entry would be taken for ours when it is read.
pub fn is_readable(entry: &Entry) -> bool {
    entry.rows.len().saturating_add(entry.meta.len()) <= LARGEST
}

/// Rows and meta at one moment. `None` unless both are there and are texts: MGET gives nothing
/// for a list or a hash.
pub async fn read(mut connection: ConnectionManager, key: &Key) -> RedisResult<Option<Entry>> {
    let values: Vec<Value> = cmd("MGET")
        .arg(key.name())
        .arg(key.meta_name())
        .query_async(&mut connection)
        .await?;
    let mut texts = values.into_iter().map(text);
    let entry = match (texts.next().flatten(), texts.next().flatten()) {
        (Some(rows), Some(meta)) => Some(Entry { rows, meta }),
        _ => None,
    };
    Ok(entry.filter(is_readable))
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// Rows and meta at once, with one expiry. SET replaces values of every type.
pub async fn write(mut connection: ConnectionManager, key: &Key, entry: Entry) -> RedisResult<()> {
    let milliseconds = milliseconds(expires_in(key));
    let mut transaction = pipe();
    transaction.atomic();
    for (name, text) in [
        (key.name(), entry.rows),
        (key.meta_name().as_str(), entry.meta),
    ] {
        let command = transaction.cmd("SET").arg(name).arg(text);
        command.arg("PX").arg(milliseconds).ignore();
    }
    transaction.query_async(&mut connection).await
}

/// Whether `token` now holds the claim on `key`.
pub async fn claim(mut connection: ConnectionManager, key: &Key, token: &str) -> RedisResult<bool> {
    let answer: Value = cmd("SET")
        .arg(key.lock_name())
        .arg(token)
        .arg("NX")
        .arg("PX")
        .arg(milliseconds(CLAIMED_FOR))
        .query_async(&mut connection)
        .await?;
    Ok(answer == Value::Okay)
}

/// Lets the claim on `key` last longer. If it has expired, and another replica has made one, that
/// one does: no harm comes of it.
pub async fn renew(mut connection: ConnectionManager, key: &Key) -> RedisResult<()> {
    let _: Value = cmd("PEXPIRE")
        .arg(key.lock_name())
        .arg(milliseconds(CLAIMED_FOR))
        .query_async(&mut connection)
        .await?;
    Ok(())
}

/// Ends the claim on `key` if `token` holds it.
pub async fn release(mut connection: ConnectionManager, key: &Key, token: &str) -> RedisResult<()> {
    let mut release = RELEASE.key(key.lock_name());
    let _: Value = release.arg(token).invoke_async(&mut connection).await?;
    Ok(())
}

/// Asks what every read asks: a PING would not notice that our keys may not be read.
pub async fn check(connection: ConnectionManager) -> RedisResult<()> {
    read(connection, &Key::watermark()).await.map(|_| ())
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
