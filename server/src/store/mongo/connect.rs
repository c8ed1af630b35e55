//! The connection to the servers that `MONGODB_URI` names, made when it is first needed.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::FutureExt;
use mongodb::bson::{Document, doc};
use mongodb::error::Error;
use mongodb::event::EventHandler;
use mongodb::options::{ClientOptions, ConnectionString, HostInfo};
use mongodb::{Client, Database};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::StoreError;
use super::errors::{Sign, met, unusable};
use super::reach::Reach;
use crate::breaker::Breaker;
use crate::config::{MongoConfig, Secret};

const APP_NAME: &str = "shopstream-dashboard";
/// How long an operation looks for a server, and a connection for its handshake; the driver's
/// monitors wait as long for an answer. Long, because a server that is slow is not dead.
const SELECT_WITHIN: Duration = Duration::from_secs(10);
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// A server that does not answer a ping in time is away. A little longer than the driver looks for
/// one, because its error says why.
pub(super) const PING_WITHIN: Duration = Duration::from_millis(10_500);
/// How often the driver's monitors check a server that nobody asks for.
const HEARTBEAT: Duration = Duration::from_secs(5);
const CONNECTIONS: u32 = 32;
/// How many of them may be made at once. With the driver's two, a ping to a slow server would wait in
/// the line behind the panels' queries until it counts as failed.
const CONNECTING: u32 = 16;

/// A database on servers that need not be there yet.
pub(super) struct Link {
    uri: Secret,
    name: String,
    location: String,
    database: OnceCell<Database>,
    pub reach: Reach,
}

impl Link {
    /// Reads the address, and asks nobody: names are resolved later.
    pub fn new(config: &MongoConfig) -> Result<Arc<Self>, StoreError> {
        // The driver's message may quote parts of the address.
        let address = ConnectionString::parse(config.uri.expose()).map_err(|_| {
            let problem = "MONGODB_URI is not a MongoDB address: expected \
                 mongodb://user:password@host:port/?options or mongodb+srv://…, with the special \
                 characters of user and password percent-encoded";
            unusable(problem, None)
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
        Ok(Arc::new_cyclic(|link: &Weak<Self>| {
            let link = link.clone();
            let probe = move || is_there(link.clone()).boxed();
            Self {
                uri: config.uri.clone(),
                name: config.database.clone(),
                reach: Reach::new(Breaker::new(location.clone(), probe)),
                location,
                database: OnceCell::new(),
            }
        }))
    }

    /// Where the orders are, without user and password.
    pub fn location(&self) -> &str {
        &self.location
    }

    /// The database. Resolves a `mongodb+srv` name the first time, and again until it succeeds.
    pub async fn database(&self) -> Result<&Database, Error> {
        let connect = async || {
            let mut options = with_defaults(ClientOptions::parse(self.uri.expose()).await?);
            let reach = self.reach.clone();
            let monitored = EventHandler::callback(move |event| reach.monitored(event));
            options.sdam_event_handler = Some(monitored);
            Ok(Client::with_options(options)?.database(&self.name))
        };
        self.database.get_or_try_init(connect).await
    }
}

/// Runs a command that reads where the address lets reads go. The driver would ask the primary, and
/// without one the metrics may still be read from a secondary.
pub(super) async fn ask(database: &Database, command: Document) -> Result<(), Error> {
    let command = database.run_command(command);
    let answer = match database.selection_criteria() {
        Some(criteria) => command.selection_criteria(criteria.clone()).await,
        None => command.await,
    };
    answer.map(|_| ())
}

/// Whether a server answers, even if that is an error.
async fn is_there(link: Weak<Link>) -> bool {
    let Some(link) = link.upgrade() else {
        return false;
    };
    let ping = async { ask(link.database().await?, doc! { "ping": 1 }).await };
    match timeout(PING_WITHIN, ping).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => met("ping", error).1 == Sign::Answered,
        Err(_) => false,
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
    options.max_connecting.get_or_insert(CONNECTING);
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::causes::with_causes;

    fn link(uri: &str) -> Result<Arc<Link>, StoreError> {
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
