//! A fresh bucket behind the fault proxy.

use std::io::Write;
use std::sync::LazyLock;
use std::time::Duration;

use server::config::GcsConfig;
use server::objects::gcs::{GcsBucket, Timeouts};
use server::objects::{Content, Digest, ObjectError, ObjectName, ObjectStore, PutMode};

use crate::support::fault_proxy::FaultProxy;
use crate::support::gcs;

pub const NAME: &str = "shopstream/orders/runs/1.jsonl";
/// Uploaded in one request.
pub const SMALL: usize = 1 << 20;
/// Uploaded in a resumable way.
pub const LARGE: usize = 20 << 20;
pub const FOR_EVER: usize = usize::MAX;

/// For faults that pass, and none at all: whether the machine is busy makes no difference.
pub const PATIENT: Timeouts = Timeouts {
    ping: Duration::from_millis(900),
    silence: Duration::from_secs(60),
    attempts: 12,
    pause: Duration::from_millis(2),
};

pub struct Bucket {
    /// The bucket's own address, past the proxy.
    pub config: GcsConfig,
    pub proxy: FaultProxy,
    pub store: GcsBucket,
}

impl Bucket {
    /// `None` where there is no server.
    pub async fn open(timeouts: Timeouts) -> Option<Self> {
        let config = gcs::bucket().await?;
        let proxy = FaultProxy::start(&config).await;
        let store = GcsBucket::open_with(&proxy.config(), timeouts).expect("a bucket");
        Some(Self {
            config,
            proxy,
            store,
        })
    }

    pub async fn put(&self, content: &[u8], mode: PutMode) -> Result<(), ObjectError> {
        self.store.put(&name(), file(content), mode).await
    }

    /// What is stored, asked past the proxy.
    pub async fn content(&self) -> Option<Vec<u8>> {
        gcs::content(&self.config, NAME).await
    }
}

pub fn name() -> ObjectName {
    ObjectName::new(NAME).expect("a name")
}

fn file(content: &[u8]) -> Content {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(content).expect("a write");
    let mut digest = Digest::default();
    digest.add(content);
    Content::File(file, digest)
}

/// Every four bytes are their own place, so that a part that is left out, repeated or moved is
/// seen.
pub fn numbered(length: usize) -> &'static [u8] {
    static CONTENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let numbers = (0..LARGE as u32 / 4).map(u32::to_be_bytes);
        numbers.flatten().collect()
    });
    &CONTENT[..length]
}
