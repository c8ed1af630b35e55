//! The tables whose changes announce changed orders, and whether the source announces them.

use super::session::Session;
use super::view::quoted;
use super::{Job, SyncError};
use crate::config::KeyColumn;

const KEYS: &str = "SOURCE_KEYS";

/// A column of `SOURCE_KEYS` as the source has it.
#[derive(Clone, Debug)]
pub struct KeyTable {
    pub key: KeyColumn,
    /// The columns that the log holds of an old row: those of the primary key, if nothing else is
    /// set. All of them with `REPLICA IDENTITY FULL`.
    pub identity: Vec<String>,
    pub is_full: bool,
    /// The columns that are published; `None` if the table is not.
    pub published: Option<Vec<String>>,
}

impl KeyTable {
    /// "shop"."orders"
    pub fn name(&self) -> String {
        format!("{}.{}", quoted(&self.key.schema), quoted(&self.key.table))
    }

    /// Whether the log holds the key of a row that is deleted or moved.
    pub fn keeps_key(&self) -> bool {
        self.is_full || self.identity.contains(&self.key.column)
    }

    /// What has to be published.
    pub fn columns(&self) -> Vec<String> {
        let mut columns = self.identity.clone();
        if !columns.contains(&self.key.column) {
            columns.push(self.key.column.clone());
        }
        columns
    }

    /// What makes the log hold the key, if it does not.
    pub fn mended(&self) -> Option<[String; 2]> {
        if self.keeps_key() {
            return None;
        }
        let columns: Vec<_> = self.columns().iter().map(|name| quoted(name)).collect();
        let index = quoted(&format!("{}_dashboard_key", self.key.table));
        let (table, columns) = (self.name(), columns.join(", "));
        Some([
            format!("CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} ({columns});"),
            format!("ALTER TABLE {table} REPLICA IDENTITY USING INDEX {index};"),
        ])
    }
}

/// Looks up every column of `SOURCE_KEYS`.
pub async fn tables(session: &Session, job: &Job) -> Result<Vec<KeyTable>, SyncError> {
    const DOING: &str = "looking at the tables of SOURCE_KEYS";
    if job.source.keys.is_empty() {
        return Err(SyncError::Variable {
            variable: KEYS,
            problem: "it is not set: name the columns that hold an order's key in the tables that \
                 change, like shop.orders.id,shop.order_lines.order_id"
                .to_owned(),
        });
    }
    let sql = "SELECT c.relreplident::text,
            EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = $3
                AND NOT a.attisdropped),
            ARRAY (SELECT a.attname::text FROM pg_index i
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
                WHERE i.indrelid = c.oid AND (c.relreplident = 'd' AND i.indisprimary
                    OR c.relreplident = 'i' AND i.indisreplident) ORDER BY a.attnum),
            (SELECT coalesce(to_jsonb(p) ->> 'attnames', '') FROM pg_publication_tables p
                WHERE p.pubname = $4 AND p.schemaname = $1 AND p.tablename = $2)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')";
    let mut tables = Vec::new();
    for key in &job.source.keys {
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&key.schema, &key.table, &key.column, &job.publication];
        let found = session.all(DOING, sql, &values).await?;
        let KeyColumn {
            schema,
            table,
            column,
        } = key;
        let missing = |problem| SyncError::Variable {
            variable: KEYS,
            problem,
        };
        let Some(row) = found.first() else {
            return Err(missing(format!(
                "there is no table {schema}.{table}: write schema.table.column"
            )));
        };
        if !row.get::<_, bool>(1) {
            return Err(missing(format!(
                "the table {schema}.{table} has no column {column}"
            )));
        }
        let published: Option<String> = row.get(3);
        tables.push(KeyTable {
            key: key.clone(),
            identity: row.get(2),
            is_full: row.get::<_, String>(0) == "f",
            // Before version 15 every column of a table is published.
            published: published.map(|names| match names.as_str() {
                "" => vec![column.clone()],
                names => serde_json::from_str(names).unwrap_or_default(),
            }),
        });
    }
    Ok(tables)
}

/// Whether the publication announces every change; else what is missing.
pub async fn check(session: &Session, job: &Job) -> Result<(), SyncError> {
    let refused = |problem: String| {
        let problem =
            format!("{problem}; `server sync --plan` prints the SQL for the source's owner");
        SyncError::Refused {
            doing: "looking at the publication",
            problem,
        }
    };
    let tables = tables(session, job).await?;
    let sql =
        "SELECT FROM pg_publication WHERE pubname = $1 AND pubinsert AND pubupdate AND pubdelete";
    let there = session
        .all("looking at the publication", sql, &[&job.publication])
        .await?;
    let publication = &job.publication;
    if there.is_empty() {
        return Err(refused(format!(
            "there is no publication {publication} of inserts, updates and deletes"
        )));
    }
    for table in &tables {
        let (name, column) = (table.name(), &table.key.column);
        match &table.published {
            None => {
                return Err(refused(format!(
                    "{publication} does not publish the table {name}"
                )));
            }
            Some(columns) if !columns.contains(column) => {
                return Err(refused(format!(
                    "{publication} does not publish the column {column} of {name}"
                )));
            }
            Some(_) => {}
        }
        if !table.keeps_key() {
            return Err(refused(format!(
                "the log does not hold {column} of a row of {name} that is deleted: the replica \
                 identity has to include it"
            )));
        }
    }
    Ok(())
}
