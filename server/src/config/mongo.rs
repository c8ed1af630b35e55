//! Where the orders are kept, if not in the embedded store.

use super::value::{Variables, problem};
use super::{ConfigError, Secret};

mod uri;

/// The database that other programs write the orders to.
pub const DATABASE: &str = "shopstream";

/// A MongoDB server or cluster.
#[derive(Clone, Debug)]
pub struct MongoConfig {
    /// `MONGODB_URI`: `mongodb://` or `mongodb+srv://`, with all the options that a URI can carry:
    /// TLS, authentication, replica set, where reads may go. A database in it is where the user is
    /// known, not where the orders are.
    pub uri: Secret,
    /// [`DATABASE`]; tests take others, so that one server serves many of them.
    pub database: String,
}

impl MongoConfig {
    /// Reads the variable; `None` if it is not set. Nobody is asked yet whether a server is there.
    pub(super) fn read(variables: &Variables<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(uri) = variables.secret("MONGODB_URI")? else {
            return Ok(None);
        };
        uri::check(uri.expose()).map_err(|what| problem("MONGODB_URI", what))?;
        Ok(Some(Self {
            uri,
            database: DATABASE.to_owned(),
        }))
    }
}
