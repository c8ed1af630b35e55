//! What a contract suite needs of a backend.

use async_trait::async_trait;
use server::store::OrderStore;

/// A fresh, empty store for one case; what it needs ends with it.
#[async_trait]
pub trait Backend: Sized {
    /// Starts the store; `None`, after having said so, where what it needs is not there.
    async fn start() -> Option<Self>;

    /// The store.
    fn store(&self) -> &dyn OrderStore;
}
