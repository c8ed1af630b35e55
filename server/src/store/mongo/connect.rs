//! The connection to the servers that `MONGODB_URI` names, made when it is first needed.

use std::time::Duration;

use mongodb::error::Error;
use mongodb::options::{ClientOptions, ConnectionString, HostInfo};
use mongodb::{Client, Database};
use tokio::sync::OnceCell;

use super::StoreError;
use super::failure::unusable;
use crate::config::{MongoConfig, Secret};

const APP_NAME: &str = "shopstream-dashboard";
/// How long an operation looks for a server, and a connection for its handshake. The driver's own
/// 30 s are longer than anybody waits for a page.
const SELECT_WITHIN: Duration = Duration::from_secs(2);
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// A server that is back is found within this time.
const HEARTBEAT: Duration = Duration::from_secs(5);
const CONNECTIONS: u32 = 32;

/// A database on servers that need not be there yet.
pub(super) struct Link {
    uri: Secret,
    name: String,
    location: String,
    database: OnceCell<Database>,
}

impl Link {
    /// Reads the address, and asks nobody: names are resolved later.
    pub fn new(config: &MongoConfig) -> Result<Self, StoreError> {
        // The driver's message may quote parts of the address.
        let address = ConnectionString::parse(config.uri.expose()).map_err(|_| {
            let problem = "MONGODB_URI is not a MongoDB address: expected \
                 mongodb://user:password@host:port/?options or mongodb+srv://…, with the special \
                 characters of user and password percent-encoded";
            unusable(problem.to_owned(), None)
        })?;
        let location = match &address.host_info {
            HostInfo::DnsRecord(host) => format!("mongodb+srv://{host}/{}", config.database),
            HostInfo::HostIdentifiers(hosts) => {
                let hosts: Vec<_> = hosts.iter().map(ToString::to_string).collect();
                format!("mongodb://{}/{}", hosts.join(","), config.database)
            }
            // The driver may learn other kinds.
            _ => format!("mongodb://…/{}", config.database),
        };
        Ok(Self {
            uri: config.uri.clone(),
            name: config.database.clone(),
            location,
            database: OnceCell::new(),
        })
    }

    /// Where the orders are, without user and password.
    pub fn location(&self) -> &str {
        &self.location
    }

    /// The database. Resolves a `mongodb+srv` name the first time, and again until it succeeds.
    pub async fn database(&self) -> Result<&Database, Error> {
        let connect = async || {
            let options = with_defaults(ClientOptions::parse(self.uri.expose()).await?);
            Ok(Client::with_options(options)?.database(&self.name))
        };
        self.database.get_or_try_init(connect).await
    }
}

/// What the address does not say.
fn with_defaults(mut options: ClientOptions) -> ClientOptions {
    let app_name = || APP_NAME.to_owned();
    options.app_name.get_or_insert_with(app_name);
    options
        .server_selection_timeout
        .get_or_insert(SELECT_WITHIN);
    options.connect_timeout.get_or_insert(CONNECT_WITHIN);
    options.heartbeat_freq.get_or_insert(HEARTBEAT);
    options.max_pool_size.get_or_insert(CONNECTIONS);
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::causes::with_causes;

    fn link(uri: &str) -> Result<Link, StoreError> {
        Link::new(&MongoConfig {
            uri: Secret::new(uri),
            database: "shopstream".to_owned(),
        })
    }

    #[test]
    fn the_location_tells_hosts_and_no_secret() {
        for (uri, expected) in [
            (
                "mongodb://user:secret@db1:27018,db2/admin?replicaSet=rs0",
                "mongodb://db1:27018,db2:27017/shopstream",
            ),
            (
                "mongodb+srv://user:secret@cluster.example.net/?retryWrites=true",
                "mongodb+srv://cluster.example.net/shopstream",
            ),
        ] {
            assert_eq!(link(uri).expect("a link").location(), expected);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_quoting_it() {
        for uri in [
            "user:secret@host",
            "mongodb://user:secret@",
            "mongodb://user:sec/ret@host",
            "mongodb://user:secret@host:port",
            "mongodb://host/?authMechanism=secret",
        ] {
            let error = link(uri).err().expect("a refusal");
            let message = with_causes(&error);
            assert!(message.contains("MONGODB_URI"), "{message}");
            assert!(!message.contains("sec"), "{message}");
        }
    }

    #[tokio::test]
    async fn the_address_has_the_last_word() {
        let uri = "mongodb://host/?serverSelectionTimeoutMS=7000&maxPoolSize=3&appName=mine";
        let options = ClientOptions::parse(uri).await.expect("options");
        let options = with_defaults(options);
        let selection = options.server_selection_timeout;
        assert_eq!(selection, Some(Duration::from_secs(7)));
        assert_eq!(options.max_pool_size, Some(3));
        assert_eq!(options.app_name.as_deref(), Some("mine"));
        assert_eq!(options.connect_timeout, Some(CONNECT_WITHIN));
        assert_eq!(options.heartbeat_freq, Some(HEARTBEAT));
    }
}
