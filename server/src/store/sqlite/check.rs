//! Whether the file is whole, checked before it is used.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};

/// How long the check may delay the start. A million orders take two thirds of it once the
/// operating system has cached the file. A larger file, or one on a cold disk, is checked in part.
const PATIENCE: Duration = Duration::from_secs(1);

/// SQLite asks whether to go on after this many steps: pages or instructions.
const STEPS: i32 = 1_000;

/// Reads the file page by page; false if a page is damaged. Damage in what [`PATIENCE`] left
/// unread is found by the first query that meets it.
pub(super) fn is_whole(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(is_whole_within(connection, PATIENCE)?.unwrap_or(true))
}

/// `None` if the time was too short to tell.
fn is_whole_within(connection: &Connection, patience: Duration) -> rusqlite::Result<Option<bool>> {
    let begun = Instant::now();
    connection.progress_handler(STEPS, Some(move || begun.elapsed() >= patience))?;
    // The quick one does not compare the indexes with the table, which takes many times as long.
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    connection.progress_handler(0, None::<fn() -> bool>)?;
    match found {
        Ok(found) => Ok(Some(found == "ok")),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_takes_too_long_is_given_up() {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch(
                "CREATE TABLE numbers (number INTEGER NOT NULL) STRICT;
                 WITH RECURSIVE some (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some LIMIT 200000)
                 INSERT INTO numbers SELECT n FROM some;",
            )
            .expect("rows");
        let within = |patience| is_whole_within(&connection, patience).expect("an answer");
        assert_eq!(within(Duration::ZERO), None);
        assert_eq!(within(Duration::MAX), Some(true));
        // From then on nothing is interrupted.
        let sum: i64 = connection
            .query_row("SELECT sum(number) FROM numbers", [], |row| row.get(0))
            .expect("a sum");
        assert_eq!(sum, 20_000_100_000);
    }
}
