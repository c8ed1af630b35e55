//! Where the orders are kept, if not in the embedded store.

use super::Secret;

/// The database that other programs write the orders to.
pub const DATABASE: &str = "shopstream";

/// A MongoDB server or cluster.
#[derive(Clone, Debug)]
pub struct MongoConfig {
    /// `MONGODB_URI`: `mongodb://` or `mongodb+srv://`, with all the options that a URI can carry.
    pub uri: Secret,
    /// [`DATABASE`]; tests take others, so that one server serves many of them.
    pub database: String,
}
