//! MongoDB, the order store of production.

use mongodb::options::ConnectionString;

use super::value::{Variables, problem};
use super::{ConfigError, Secret};

/// The database that other programs write the orders to.
pub const DATABASE: &str = "shopstream";

const EXPECTED: &str = "expected mongodb://USER:PASSWORD@HOST:PORT/?OPTION=VALUE, or mongodb+srv:// \
     with one host and no port, with options that the driver knows; in the user and the password, \
     write % as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23";

/// A MongoDB server or cluster.
#[derive(Clone, Debug)]
pub struct MongoConfig {
    /// `MONGODB_URI`: `mongodb://` or `mongodb+srv://` with any option of the driver: TLS,
    /// authentication, replica set, read preference. A database in it is the one that knows the
    /// user, not the one with the orders.
    pub uri: Secret,
    /// [`DATABASE`], except in tests, which share a server.
    pub database: String,
}

impl MongoConfig {
    /// Reads the variable; `None` if it is not set. Does not connect.
    pub(super) fn read(variables: &Variables<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(uri) = variables.secret("MONGODB_URI")? else {
            return Ok(None);
        };
        if !is_valid(uri.expose()) {
            return Err(problem("MONGODB_URI", EXPECTED));
        }
        Ok(Some(Self {
            uri,
            database: DATABASE.to_owned(),
        }))
    }
}

/// Whether the driver accepts `uri`. Its own error is not shown: it may quote the password.
fn is_valid(uri: &str) -> bool {
    // The driver panics at some characters after a %.
    let is_encoded = uri.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    let has_space = uri.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    is_encoded && !has_space && ConnectionString::parse(uri).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_that_the_driver_accepts_are_valid() {
        for uri in [
            "mongodb://localhost",
            "mongodb://127.0.0.1:27017/",
            "mongodb://[::1]:27017/shopstream",
            "mongodb://u:p%40ss@a:1,b:2/admin?replicaSet=rs0&readPreference=secondaryPreferred",
            "mongodb://u:p@h/?tls=true&tlsCAFile=%2Fetc%2Fca.pem&authSource=admin",
            "mongodb+srv://u:p@cluster0.example.mongodb.net/?retryWrites=true&w=majority&appName=x",
        ] {
            assert!(is_valid(uri), "{uri}");
        }
    }

    #[test]
    fn other_uris_are_not() {
        for uri in [
            "localhost:27017",
            "postgres://u:p@h",
            "mongodb://u:p@h\n",
            "mongodb://u:p p@h",
            "mongodb://",
            "mongodb://u:p@/admin",
            "mongodb://u:p@h:port",
            "mongodb://u:p@h:65536",
            "mongodb://u:p@x@h",
            "mongodb://u:p/x@h",
            "mongodb://u:p?x@h",
            "mongodb://u:p:x@h",
            "mongodb://u:p%@h",
            "mongodb://u:p%€@h",
            "mongodb://u:p%ff@h",
            "mongodb+srv://u:p@h:27017",
            "mongodb+srv://u:p@a,b",
            "mongodb://u:p@h/?tls=perhaps",
            "mongodb://u:p@h/?sslmode=1",
        ] {
            assert!(!is_valid(uri), "{uri}");
        }
    }
}
