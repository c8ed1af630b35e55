//! Connecting to the source.

use std::time::Duration;

use pgwire_replication::tls::rustls::{MaybeTlsStream, maybe_upgrade_to_tls};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, NoTls};

use super::SyncError;
use super::errors::{away, failed, failed_stream};
use crate::config::SourceConfig;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Every session only reads, and shows times in UTC.
const OPTIONS: &str = "-c TimeZone=UTC -c DateStyle=ISO -c default_transaction_read_only=on \
     -c extra_float_digits=1 -c idle_in_transaction_session_timeout=10min";
const OLDEST_VERSION: i32 = 140_000;

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
        Ok::<Client, SyncError>(client)
    };
    let client = match timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(client) => client?,
        Err(_) => return Err(away(&location, "no answer within 10 s".to_owned())),
    };
    let sql =
        "SELECT current_setting('server_version_num')::int, current_setting('server_version')";
    let version = client.query_one(sql, &[]).await;
    let version = version.map_err(|error| failed(&location, DOING, &error))?;
    if version.get::<_, i32>(0) < OLDEST_VERSION {
        let version: String = version.get(1);
        return Err(SyncError::Variable {
            variable: "SOURCE_URI",
            problem: format!("the server is PostgreSQL {version}: 14 or later is needed"),
        });
    }
    Ok(client)
}
