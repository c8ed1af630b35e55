//! What a contract suite needs from a backend.

use async_trait::async_trait;
use server::store::OrderStore;

/// An empty store for one case. Its servers and files end with it.
#[async_trait]
pub trait Backend: Sized {
    /// Starts the store; prints a note and returns `None` if its server is not installed.
    async fn start() -> Option<Self>;

    fn store(&self) -> &dyn OrderStore;
}
