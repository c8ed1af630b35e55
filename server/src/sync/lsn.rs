//! Positions in the source's log.

use serde::{Deserialize, Deserializer, Serializer, de};
use tokio_postgres::types::PgLsn;

/// As PostgreSQL shows it: "16/B374D848".
pub fn serialize<S: Serializer>(lsn: &Option<PgLsn>, serializer: S) -> Result<S::Ok, S::Error> {
    match lsn {
        Some(lsn) => serializer.collect_str(lsn),
        None => serializer.serialize_none(),
    }
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PgLsn>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let parsed = |text: String| {
        let lsn = text.parse::<PgLsn>();
        lsn.map_err(|_| de::Error::custom("not a position of PostgreSQL"))
    };
    text.map(parsed).transpose()
}
