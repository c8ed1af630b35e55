//! The SQL for the source's owner, and what of it is there already. Runs nothing of it.

use std::fmt;

use super::publication::{self, KeyTable};
use super::source::Source;
use super::view::quoted;
use super::{Job, SyncError, slot, window};

/// What the source's owner has to do, as SQL with comments.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is there and what is missing, one line each.
    pub found: Vec<String>,
    pub sql: String,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.found {
            writeln!(f, "-- {line}")?;
        }
        write!(f, "\n{}", self.sql)
    }
}

/// Looks at the source, as far as its user may.
pub async fn plan(job: &Job) -> Result<Plan, SyncError> {
    let mut found = Vec::new();
    let mut tables = Vec::new();
    match Source::connect(&job.source).await {
        Err(error @ (SyncError::Away { .. } | SyncError::Refused { .. })) => return Err(error),
        Err(error) => found.push(error.to_string()),
        Ok(source) => {
            found.push(format!("{} gives the orders", job.source.orders));
            let warnings = &source.view.warnings;
            found.extend(warnings.iter().map(|warning| format!("warning: {warning}")));
            if !source.view.has_updated_at {
                let missing =
                    "there is no column source_updated_at: `server sync` without --follow needs it";
                found.push(missing.to_owned());
            }
            let begin = window::begin(job.clock.now());
            if let Some(id) = source.duplicate(begin).await? {
                found.push(format!(
                    "two rows have the order_id {id}: it has to be unique"
                ));
            }
            let session = &source.session;
            found.push(match session.wal_level().await?.as_str() {
                "logical" => "wal_level is logical".to_owned(),
                level => format!(
                    "wal_level is {level}: set wal_level = logical in postgresql.conf and restart \
                     PostgreSQL, to follow"
                ),
            });
            match publication::tables(session, job).await {
                Ok(there) => tables = there,
                Err(error) => found.push(error.to_string()),
            }
            match publication::check(session, job).await {
                Ok(()) => found.push(format!("the publication {} is there", job.publication)),
                Err(error) => found.push(error.to_string()),
            }
            found.push(match slot::find(session, &job.slot).await? {
                Some(_) => format!("the slot {} is there", job.slot),
                None => format!("the slot {} is made by the first --follow", job.slot),
            });
        }
    }
    let sql = sql(job, &tables)?;
    Ok(Plan { found, sql })
}

fn sql(job: &Job, tables: &[KeyTable]) -> Result<String, SyncError> {
    let role = quoted(&job.source.user);
    let view = match job.source.orders.ends_with(".sql") {
        true => "dashboard_orders",
        false => &job.source.orders,
    };
    let view: Vec<_> = view.split('.').map(quoted).collect();
    let view = view.join(".");
    let mut sql = format!(
        "-- 1. A role that may read the view and follow changes.
CREATE ROLE {role} LOGIN REPLICATION PASSWORD 'choose one';
GRANT pg_read_all_stats TO {role};

-- 2. The orders as the dashboard shows them, with your tables and columns. order_id is unique;
--    source_key is the order's key in your tables, and indexed there. Other columns are kept.
CREATE VIEW {view} AS
  SELECT o.id::text AS order_id, o.id AS source_key, o.updated_at AS source_updated_at,
         o.customer_id::text AS customer_id, o.region, o.product_id::text AS product_id, o.category,
         o.unit_price, o.quantity, o.total, o.status, o.created_at
  FROM orders o;
GRANT SELECT ON {view} TO {role};
"
    );
    if tables.is_empty() {
        sql.push_str(
            "\n-- 3. To follow changes, set SOURCE_KEYS, and run this again once 1 and 2 are done.\n",
        );
        return Ok(sql);
    }
    sql.push_str("\n-- 3. Changes announce keys, nothing else.\n");
    let mut published = Vec::new();
    for table in tables {
        let name = table.name();
        if table.identity.is_empty() && !table.is_full {
            return Err(SyncError::Refused {
                doing: "planning the publication",
                problem: format!(
                    "the table {name} has no primary key: published, it would refuse every UPDATE and \
                     DELETE of the shop; add one first"
                ),
            });
        }
        for line in table.mended().into_iter().flatten() {
            sql.push_str(&line);
            sql.push('\n');
        }
        let columns: Vec<_> = table.columns().iter().map(|name| quoted(name)).collect();
        published.push(match table.is_full {
            // With a list of columns it would refuse every UPDATE.
            true => name,
            false => format!("{name} ({})", columns.join(", ")),
        });
    }
    let publication = quoted(&job.publication);
    let published = published.join(", ");
    sql.push_str(&format!(
        "CREATE PUBLICATION {publication} FOR TABLE {published};\n"
    ));
    Ok(sql)
}
