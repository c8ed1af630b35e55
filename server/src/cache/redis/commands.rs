//! The commands for Redis.

use std::sync::LazyLock;

use redis::aio::ConnectionManager;
use redis::{Pipeline, RedisResult, Script, Value, cmd, pipe};

use crate::cache::expiry::expires_in;
use crate::cache::{CLAIMED_FOR, Entry, Key};

/// Rows and meta together. A larger value is not ours.
const MAX_ENTRY_BYTES: usize = 4 << 20;

/// Deletes only the claim with the token: it may have expired and be claimed by another replica.
const RELEASE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";
static RELEASE_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(RELEASE));

/// Whether [`read`] would accept the entry.
pub fn is_readable(entry: &Entry) -> bool {
    entry.rows.len().saturating_add(entry.meta.len()) <= MAX_ENTRY_BYTES
}

/// Reads rows and meta together. `None` unless both exist and are texts: MGET returns nothing for a
/// list or a hash.
pub async fn read(mut connection: ConnectionManager, key: &Key) -> RedisResult<Option<Entry>> {
    let values: Vec<Value> = cmd("MGET")
        .arg(key.name())
        .arg(key.meta_name())
        .query_async(&mut connection)
        .await?;
    Ok(entry(values))
}

/// Reads all keys as [`read`] does, in one round trip.
pub async fn read_all(
    mut connection: ConnectionManager,
    keys: &[Key],
) -> RedisResult<Vec<Option<Entry>>> {
    // A command for each key: those of a cluster are on several slots.
    let mut commands = pipe();
    for key in keys {
        commands.cmd("MGET").arg(key.name()).arg(key.meta_name());
    }
    let values: Vec<Vec<Value>> = commands.query_async(&mut connection).await?;
    Ok(values.into_iter().map(entry).collect())
}

fn entry(values: Vec<Value>) -> Option<Entry> {
    let mut texts = values.into_iter().map(text);
    let (rows, meta) = (texts.next().flatten()?, texts.next().flatten()?);
    Some(Entry { rows, meta }).filter(is_readable)
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// Writes rows and meta together with one expiry. SET replaces values of every type.
pub async fn write(mut connection: ConnectionManager, key: &Key, entry: Entry) -> RedisResult<()> {
    writing(key, entry).query_async(&mut connection).await
}

fn writing(key: &Key, entry: Entry) -> Pipeline {
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
    transaction
}

/// Claims `key` with `token` and returns whether that succeeded.
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

/// Extends the claim on `key`. If it has expired, this extends another replica's claim, which does no
/// harm.
pub async fn renew(mut connection: ConnectionManager, key: &Key) -> RedisResult<()> {
    let _: Value = cmd("PEXPIRE")
        .arg(key.lock_name())
        .arg(milliseconds(CLAIMED_FOR))
        .query_async(&mut connection)
        .await?;
    Ok(())
}

/// Ends the claim on `key` if it has this token.
pub async fn release(mut connection: ConnectionManager, key: &Key, token: &str) -> RedisResult<()> {
    let mut release = RELEASE_SCRIPT.key(key.lock_name());
    let _: Value = release.arg(token).invoke_async(&mut connection).await?;
    Ok(())
}

/// Reads, writes, claims and releases a key of its own, and deletes it. A PING would not notice a
/// server that refuses writes, or a user who may not use our keys.
pub async fn check(mut connection: ConnectionManager) -> RedisResult<()> {
    let key = Key::check();
    // Read first: the library panics in debug builds if a transaction cannot begin, for want of a login.
    read(connection.clone(), &key).await?;
    let (name, meta, lock) = (key.name(), key.meta_name(), key.lock_name());
    let entry = Entry {
        rows: "[]".to_owned(),
        meta: "{}".to_owned(),
    };
    let mut transaction = writing(&key, entry);
    let claim = transaction.cmd("SET").arg(&lock).arg("check").arg("NX");
    claim.arg("PX").arg(milliseconds(CLAIMED_FOR)).ignore();
    let release = transaction.cmd("EVAL").arg(RELEASE).arg(1);
    release.arg(&lock).arg("check").ignore();
    transaction.cmd("DEL").arg(name).arg(&meta).ignore();
    transaction.query_async(&mut connection).await
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
