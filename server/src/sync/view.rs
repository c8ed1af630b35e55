//! The view that gives the orders: its columns, and the statements that read it.

use tokio_postgres::types::{Kind, Type};
use tokio_postgres::{Client, Column};

use super::SyncError;
use super::errors::failed;
use crate::config::SourceConfig;

const VARIABLE: &str = "SOURCE_ORDERS";
const REQUIRED: [&str; 7] = [
    "order_id",
    "total",
    "status",
    "category",
    "product_id",
    "quantity",
    "created_at",
];
const TEXTS: [Type; 3] = [Type::TEXT, Type::VARCHAR, Type::UUID];
const INTEGERS: [Type; 3] = [Type::INT2, Type::INT4, Type::INT8];
const NUMBERS: [Type; 6] = [
    Type::INT2,
    Type::INT4,
    Type::INT8,
    Type::NUMERIC,
    Type::FLOAT4,
    Type::FLOAT8,
];
const TIMES: [Type; 2] = [Type::TIMESTAMPTZ, Type::TIMESTAMP];

/// The view, or the SELECT in its place.
#[derive(Clone, Debug)]
pub struct View {
    /// What comes after FROM.
    from: String,
    /// The column with the key, and its type.
    key: &'static str,
    key_type: String,
    /// Whether there is a `source_updated_at`.
    pub has_updated_at: bool,
    /// What works, but may not be meant.
    pub warnings: Vec<String>,
}

impl View {
    /// Looks at the columns of what `SOURCE_ORDERS` names.
    pub(super) async fn read(client: &Client, config: &SourceConfig) -> Result<Self, SyncError> {
        let from = from(&config.orders).await?;
        let select = format!("SELECT * FROM {from} LIMIT 0");
        // Only one statement can be prepared, and as a part of another one only a SELECT. Its rights
        // are checked when it runs.
        let looked = async {
            let statement = client.prepare(&select).await?;
            client.query(&statement, &[]).await?;
            Ok(statement)
        };
        let statement = looked.await.map_err(|error: tokio_postgres::Error| {
            let code = error.code().map(|code| code.code().get(..2));
            match error.as_db_error() {
                Some(answer) if matches!(code, Some(Some("42" | "0A" | "25"))) => refused(format!(
                    "{} cannot be read: PostgreSQL says: {}; expected a view that this user may \
                         read, or a .sql file with one SELECT",
                    config.orders,
                    answer.message(),
                )),
                _ => failed(&config.location(), "looking at the view", &error),
            }
        })?;
        Self::of_columns(from, statement.columns())
    }

    fn of_columns(from: String, columns: &[Column]) -> Result<Self, SyncError> {
        let find = |name: &str| columns.iter().find(|column| column.name() == name);
        let missing: Vec<_> = REQUIRED
            .into_iter()
            .filter(|name| find(name).is_none())
            .collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            return Err(refused(format!(
                "the orders have no column {missing}: add it to the view"
            )));
        }
        let mut warnings = Vec::new();
        let check = |name: &'static str, types: &[Type], cast: &str| {
            let Some(column) = find(name) else {
                return Ok(None);
            };
            let found = plain(column.type_());
            if types.contains(&found) {
                return Ok(Some(found));
            }
            let found = column.type_().name();
            Err(refused(format!(
                "the column {name} is of type {found}: write {name}::{cast} in the view"
            )))
        };
        check("order_id", &TEXTS, "text")?;
        check("total", &NUMBERS, "numeric")?;
        check("quantity", &NUMBERS, "int")?;
        for name in ["created_at", "source_updated_at"] {
            if check(name, &TIMES, "timestamptz")? == Some(Type::TIMESTAMP) {
                warnings.push(format!(
                    "{name} is a timestamp without time zone, and is taken for UTC"
                ));
            }
        }
        let keys: Vec<Type> = TEXTS.into_iter().chain(INTEGERS).collect();
        let key = match find("source_key") {
            Some(_) => "source_key",
            None => "order_id",
        };
        let key_type = check(key, &keys, "text")?.unwrap_or(Type::TEXT);
        Ok(Self {
            from,
            key,
            key_type: key_type.name().to_owned(),
            has_updated_at: find("source_updated_at").is_some(),
            warnings,
        })
    }

    /// Whether the source can have a key of this text at all.
    pub(super) fn can_have(&self, key: &str) -> bool {
        match self.key_type.as_str() {
            "int2" => key.parse::<i16>().is_ok(),
            "int4" => key.parse::<i32>().is_ok(),
            "int8" => key.parse::<i64>().is_ok(),
            "uuid" => {
                key.len() == 36
                    && key
                        .bytes()
                        .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
            }
            _ => true,
        }
    }

    /// $1: keys.
    pub(super) fn of_keys(&self) -> String {
        let (key, kind) = (self.key, &self.key_type);
        format!("{} WHERE v.{key} = ANY($1::text[]::{kind}[])", self.rows())
    }

    /// $1: from when on, $2: how many, $3: the key before, or nothing.
    pub(super) fn page(&self) -> String {
        let (rows, key, kind) = (self.rows(), self.key, &self.key_type);
        format!(
            "{rows} WHERE {CREATED} >= $1 AND ($3::text = '' OR v.{key} > nullif($3, '')::{kind})
            ORDER BY v.{key} FETCH FIRST ($2) ROWS WITH TIES"
        )
    }

    /// $1: from when on, $2: until when.
    pub(super) fn window(&self) -> String {
        format!("{} WHERE {CREATED} >= $1 AND {CREATED} < $2", self.rows())
    }

    /// $1: when each part begins. Gives its number from 1, the orders and the cents.
    pub(super) fn sums(&self) -> String {
        format!(
            "SELECT width_bucket({CREATED}, $1::timestamptz[]), count(*),
                coalesce(sum(round(v.total::numeric * 100))
                    FILTER (WHERE abs(v.total::numeric) <= 1e12), 0)::bigint
            FROM {} WHERE {CREATED} >= ($1::timestamptz[])[1] GROUP BY 1",
            self.from
        )
    }

    /// $1: from when on.
    pub(super) fn duplicate(&self) -> String {
        format!(
            "SELECT v.order_id::text FROM {} WHERE {CREATED} >= $1
            GROUP BY v.order_id HAVING count(*) > 1 LIMIT 1",
            self.from
        )
    }

    /// $1: from when on, $2: how many, $3: the key before at that time, or nothing.
    pub(super) fn changed(&self) -> String {
        let (from, key, kind) = (&self.from, self.key, &self.key_type);
        format!(
            "SELECT {UPDATED}, v.{key}::text FROM {from} WHERE {UPDATED} >= $1
                AND ($3::text = '' OR ({UPDATED}, v.{key}) > ($1, nullif($3, '')::{kind}))
            ORDER BY v.source_updated_at, v.{key} LIMIT $2"
        )
    }

    fn rows(&self) -> String {
        let (from, key) = (&self.from, self.key);
        format!("SELECT v.{key}::text, row_to_json(v)::text FROM {from}")
    }
}

/// The same column, whether it has a zone or not: sessions are in UTC.
const CREATED: &str = "v.created_at::timestamptz";
const UPDATED: &str = "v.source_updated_at::timestamptz";

/// A domain is what it is made of.
fn plain(found: &Type) -> Type {
    match found.kind() {
        Kind::Domain(inner) => plain(inner),
        _ => found.clone(),
    }
}

async fn from(orders: &str) -> Result<String, SyncError> {
    if !orders.ends_with(".sql") {
        let parts: Vec<_> = orders.split('.').map(quoted).collect();
        return Ok(format!("{} AS v", parts.join(".")));
    }
    let text = tokio::fs::read_to_string(orders).await;
    let text = text.map_err(|error| refused(format!("{orders} cannot be read: {error}")))?;
    let text = text.trim().trim_end_matches(';');
    Ok(format!("(\n{text}\n) AS v"))
}

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn refused(problem: String) -> SyncError {
    SyncError::Variable {
        variable: VARIABLE,
        problem,
    }
}
