//! PostgreSQL, where the orders come from.

use std::path::PathBuf;

use pgwire_replication::TlsConfig;
use pgwire_replication::config::SslMode;
use url::Url;

use super::value::{Variables, problem, shown};
use super::{ConfigError, Secret};

const URI: &str = "SOURCE_URI";
const EXPECTED: &str = "expected postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=FILE; in the \
     user and the password, write % as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23";
const KEYS: &str = "SOURCE_KEYS";
const EXPECTED_KEYS: &str = "columns that hold the order's key, separated by commas, like shop.orders.id,shop.order_lines.order_id";
const DEFAULT_VIEW: &str = "dashboard_orders";

/// A database of PostgreSQL, and what to read there.
#[derive(Clone, Debug)]
pub struct SourceConfig {
    /// `SOURCE_URI`: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with `sslmode` (`disable`,
    /// `prefer`, `require`, `verify-ca`, `verify-full`; default `prefer`) and `sslrootcert` (the file
    /// of the authority, needed to verify).
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Secret,
    pub database: String,
    pub tls: TlsConfig,
    /// `SOURCE_ORDERS`: a view, or the path of a `.sql` file with one SELECT. Default
    /// `dashboard_orders`.
    pub orders: String,
    /// `SOURCE_KEYS`: where a changed row has the order's key. Only for following.
    pub keys: Vec<KeyColumn>,
}

/// A column that holds the key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyColumn {
    pub schema: String,
    pub table: String,
    pub column: String,
}

impl SourceConfig {
    /// Reads the variables; `None` without `SOURCE_URI`. Does not connect.
    pub(super) fn read(variables: &Variables<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(uri) = variables.secret(URI)? else {
            return Ok(None);
        };
        let mut source = parsed(uri.expose()).map_err(|reason| {
            let reason = match reason {
                None => EXPECTED.to_owned(),
                Some(reason) => format!("{reason}; {EXPECTED}"),
            };
            problem(URI, &reason)
        })?;
        let orders: Option<String> = variables.parse("SOURCE_ORDERS", "a view or a .sql file")?;
        source.orders = orders.unwrap_or_else(|| DEFAULT_VIEW.to_owned());
        let keys: Option<String> = variables.parse(KEYS, EXPECTED_KEYS)?;
        source.keys = keys
            .as_deref()
            .map(columns)
            .transpose()?
            .unwrap_or_default();
        Ok(Some(source))
    }

    /// Where the orders come from, without user and password: "postgres://host:5432/shop".
    pub fn location(&self) -> String {
        format!("postgres://{}:{}/{}", self.host, self.port, self.database)
    }
}

/// The address, or what is wrong with it without quoting it.
fn parsed(uri: &str) -> Result<SourceConfig, Option<String>> {
    let url = Url::parse(uri).map_err(|_| None)?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(None);
    }
    let decoded = |text: &str| {
        let bytes = percent_encoding::percent_decode_str(text);
        bytes
            .decode_utf8()
            .map(|text| text.into_owned())
            .map_err(|_| None)
    };
    let host = decoded(url.host_str().unwrap_or_default())?;
    let host = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let user = decoded(url.username())?;
    if host.is_empty() || user.is_empty() {
        return Err(None);
    }
    let database = decoded(url.path().trim_start_matches('/'))?;
    if database.is_empty() {
        return Err(Some("it names no database".to_owned()));
    }
    // What follows an unescaped "/" of a password would be taken for the database.
    if database.contains(['/', '@']) || url.fragment().is_some() {
        return Err(None);
    }
    Ok(SourceConfig {
        host,
        port: url.port().unwrap_or(5432),
        user,
        password: Secret::new(decoded(url.password().unwrap_or_default())?),
        database,
        tls: tls(&url)?,
        orders: String::new(),
        keys: Vec::new(),
    })
}

fn tls(url: &Url) -> Result<TlsConfig, Option<String>> {
    let mut tls = TlsConfig {
        mode: SslMode::Prefer,
        ..TlsConfig::default()
    };
    for (option, value) in url.query_pairs() {
        match option.as_ref() {
            "sslmode" => {
                tls.mode = match value.as_ref() {
                    "disable" => SslMode::Disable,
                    "prefer" => SslMode::Prefer,
                    "require" => SslMode::Require,
                    "verify-ca" => SslMode::VerifyCa,
                    "verify-full" => SslMode::VerifyFull,
                    _ => {
                        let modes = "disable, prefer, require, verify-ca or verify-full";
                        return Err(Some(format!("sslmode is one of {modes}")));
                    }
                };
            }
            "sslrootcert" => tls.ca_pem_path = Some(PathBuf::from(value.as_ref())),
            other => {
                let other = shown(other);
                let problem = format!("it has the option {other}, which is not supported");
                return Err(Some(problem));
            }
        }
    }
    if tls.mode.verifies_certificate() && tls.ca_pem_path.is_none() {
        let problem = "to verify the server, name the authority's file as sslrootcert (the \
             system's is /etc/ssl/certs/ca-certificates.crt)";
        return Err(Some(problem.to_owned()));
    }
    Ok(tls)
}

fn columns(text: &str) -> Result<Vec<KeyColumn>, ConfigError> {
    let column = |text: &str| {
        let mut parts = text.trim().rsplitn(3, '.').map(str::to_owned);
        let column = parts.next().filter(|part| !part.is_empty())?;
        let table = parts.next().filter(|part| !part.is_empty())?;
        let schema = parts.next().unwrap_or_else(|| "public".to_owned());
        Some(KeyColumn {
            schema,
            table,
            column,
        })
    };
    let columns: Option<Vec<_>> = text.split(',').map(column).collect();
    columns.ok_or_else(|| ConfigError::Value {
        variable: KEYS,
        expected: EXPECTED_KEYS,
        found: shown(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_all_its_parts() {
        let uri = "postgres://sync:p%2Fw%40d@pg.example:5433/shop?sslmode=verify-full&sslrootcert=/ca.pem";
        let source = parsed(uri).expect("an address");
        assert_eq!(source.location(), "postgres://pg.example:5433/shop");
        assert_eq!(source.user, "sync");
        assert_eq!(source.password.expose(), "p/w@d");
        assert_eq!(source.tls, TlsConfig::verify_full(Some("/ca.pem".into())));
        let source = parsed("postgresql://sync@[::1]/shop").expect("an address");
        assert_eq!((source.host.as_str(), source.port), ("::1", 5432));
        assert_eq!(source.tls.mode, SslMode::Prefer);
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for (uri, reason) in [
            ("postgres://sync:hunter2@pg.example", "names no database"),
            ("postgres://sync:hunter2@pg.example/", "names no database"),
            ("postgres://sync:hun/ter2@pg.example/shop", ""),
            ("postgres://sync:1/hunter2@pg.example/shop", ""),
            ("postgres://sync:hun#ter2@pg.example/shop", ""),
            ("postgres://pg.example/shop", ""),
            ("mysql://sync:hunter2@pg.example/shop", ""),
            ("hunter2", ""),
            ("postgres://sync@h/shop?sslmode=always", "sslmode is one of"),
            ("postgres://sync@h/shop?sslmode=verify-ca", "sslrootcert"),
            ("postgres://sync@h/shop?target=any", "the option target"),
        ] {
            let refused = parsed(uri).expect_err("a refusal").unwrap_or_default();
            assert!(refused.contains(reason), "{uri}: {refused}");
            assert!(!refused.contains("hun"), "{refused}");
        }
    }

    #[test]
    fn keys_are_columns_of_tables() {
        let found = columns("shop.orders.id, order_lines.order_id").expect("columns");
        let found: Vec<_> = found
            .iter()
            .map(|key| format!("{} {} {}", key.schema, key.table, key.column))
            .collect();
        assert_eq!(found, ["shop orders id", "public order_lines order_id"]);
        for other in ["", "orders", "orders.id,", ".id", "orders."] {
            assert!(columns(other).is_err(), "{other}");
        }
    }
}
