//! Connecting to the source.

use std::time::Duration;

use pgwire_replication::tls::rustls::{MaybeTlsStream, maybe_upgrade_to_tls};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::SyncError;
use super::errors::{NO_POOLER, away, failed, failed_stream};
use crate::config::SourceConfig;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Every session only reads, and shows times in UTC.
const OPTIONS: &str = "-c TimeZone=UTC -c DateStyle=ISO -c default_transaction_read_only=on \
     -c extra_float_digits=1 -c idle_in_transaction_session_timeout=10min";
const SETTINGS: &str = "SELECT current_setting('server_version_num'),
    current_setting('server_version'), current_setting('default_transaction_read_only')";
const OLDEST_VERSION: u32 = 140_000;

/// A session with the server itself.
pub async fn connect(config: &SourceConfig) -> Result<Client, SyncError> {
    const DOING: &str = "connecting";
    let location = config.location();
    let connecting = async {
        let address = (config.host.as_str(), config.port);
        let tcp = TcpStream::connect(address).await;
        let tcp = tcp.map_err(|error| away(&location, error.to_string()))?;
        tcp.set_nodelay(true)
            .map_err(|error| away(&location, error.to_string()))?;
        let stream = maybe_upgrade_to_tls(tcp, &config.tls, &config.host).await;
        let stream = stream.map_err(|error| failed_stream(&location, DOING, &error))?;
        let mut session = tokio_postgres::Config::new();
        session
            .user(&config.user)
            .password(config.password.expose())
            .dbname(&config.database)
            .application_name("shopstream-dashboard sync")
            .options(OPTIONS)
            // The stream is encrypted already, if it is to be.
            .ssl_mode(SslMode::Disable);
        let connected: Result<(Client, _), _> = session
            .connect_raw::<MaybeTlsStream, NoTls>(stream, NoTls)
            .await;
        let (client, connection) = connected.map_err(|error| failed(&location, DOING, &error))?;
        // Ends when the client is dropped; its error is that of the statement that waits.
        tokio::spawn(async move { _ = connection.await });
        // A simple query, because a pooler may not know prepared ones.
        let settings = client.simple_query(SETTINGS).await;
        let settings = settings.map_err(|error| failed(&location, DOING, &error))?;
        let setting = |index| {
            let found = settings.iter().find_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.get(index),
                _ => None,
            });
            found.unwrap_or_default()
        };
        match unfit(setting(0), setting(1), setting(2)) {
            None => Ok(client),
            Some(problem) => Err(SyncError::Variable {
                variable: "SOURCE_URI",
                problem,
            }),
        }
    };
    match timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(client) => client,
        Err(_) => Err(away(&location, "no answer within 10 s".to_owned())),
    }
}

/// Why orders cannot be read in a session with these settings.
fn unfit(number: &str, version: &str, read_only: &str) -> Option<String> {
    if !number
        .parse()
        .is_ok_and(|number: u32| number >= OLDEST_VERSION)
    {
        return Some(format!(
            "the server is PostgreSQL {version}: 14 or later is needed"
        ));
    }
    (read_only != "on").then(|| format!("the options of the session were lost: {NO_POOLER}"))
}

#[cfg(test)]
mod tests {
    use super::unfit;

    #[test]
    fn servers_before_14_and_sessions_without_our_options_are_refused() {
        assert_eq!(unfit("140000", "14.0", "on"), None);
        assert_eq!(unfit("180001", "18.1 (Debian)", "on"), None);
        let old = unfit("130023", "13.23", "on").expect("a refusal");
        assert_eq!(old, "the server is PostgreSQL 13.23: 14 or later is needed");
        let pooled = unfit("150014", "15.14", "off").expect("a refusal");
        assert!(pooled.contains("pooler"), "{pooled}");
    }
}
