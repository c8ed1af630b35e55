//! A real folder that fails on purpose.

use std::fmt;
use std::fs;
use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, future, stream};
use server::objects::local::LocalFolder;
use server::objects::{ByteStream, Content, ObjectError, ObjectName, ObjectStore, PutMode};
use server::store::LeaseStore;
use server::store::sqlite::SqliteStore;

/// Parts of objects' names.
pub const OWN: &str = "orders/runs/";
pub const RECEIPT: &str = "metadata/runs/";
pub const DATED: &str = "orders_export";
pub const RUN_INFO: &str = "run_info";

/// What happens to objects whose names hold the text.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing is stored.
    Put(&'static str),
    /// The object is stored, and the answer lost.
    LostAnswer(&'static str),
    /// The same, and the store has tried again.
    Exists(&'static str),
    /// Nothing is stored, and there is no answer.
    Hang(&'static str),
    /// The object is stored, and there is no answer.
    HangAfter(&'static str),
    /// What is on the disk is changed as soon as it is stored.
    Spoil(&'static str, fn(&mut Vec<u8>)),
    /// Nothing can be read.
    Read(&'static str),
    /// Reading ends with an error after the first piece.
    BreakOff(&'static str),
    /// The lease, which is kept there, is taken away before the object is stored.
    LoseLease(&'static str, Arc<SqliteStore>),
}

#[derive(Debug)]
pub struct FaultyObjects {
    pub objects: Arc<LocalFolder>,
    pub fault: Fault,
}

fn broken(operation: &'static str, name: &ObjectName) -> ObjectError {
    ObjectError::Unavailable {
        destination: "the archive".to_owned(),
        attempt: format!("{operation} {name}"),
        reason: "broken on purpose".to_owned(),
        source: "broken with a secret".into(),
    }
}

impl fmt::Display for FaultyObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.objects.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for FaultyObjects {
    async fn put(
        &self,
        name: &ObjectName,
        content: Content,
        mode: PutMode,
    ) -> Result<(), ObjectError> {
        let is = |part: &str| name.as_str().contains(part);
        match &self.fault {
            Fault::Put(part) if is(part) => return Err(broken("write", name)),
            Fault::Hang(part) if is(part) => future::pending().await,
            Fault::LoseLease(part, leases) if is(part) => {
                let lease = leases.current().await.expect("an answer").expect("a lease");
                leases.release(&lease.run_id).await.expect("released");
            }
            _ => {}
        }
        self.objects.put(name, content, mode).await?;
        match &self.fault {
            Fault::LostAnswer(part) if is(part) => Err(broken("write", name)),
            Fault::Exists(part) if is(part) => {
                Err(ObjectError::AlreadyExists { name: name.clone() })
            }
            Fault::HangAfter(part) if is(part) => future::pending().await,
            Fault::Spoil(part, spoil) if is(part) => {
                let path = self.location(name);
                let mut content = fs::read(&path).expect("an object");
                spoil(&mut content);
                fs::write(path, content).expect("a write");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn read(&self, name: &ObjectName) -> Result<(ByteStream, i64), ObjectError> {
        let is = |part: &str| name.as_str().contains(part);
        let (content, generation) = self.objects.read(name).await?;
        match self.fault {
            Fault::Read(part) if is(part) => Err(broken("read", name)),
            Fault::BreakOff(part) if is(part) => {
                let broken = stream::iter([Err(broken("read", name))]);
                Ok((content.take(1).chain(broken).boxed(), generation))
            }
            _ => Ok((content, generation)),
        }
    }

    fn location(&self, name: &ObjectName) -> String {
        self.objects.location(name)
    }

    fn destination(&self) -> String {
        self.objects.destination()
    }

    async fn ping(&self) -> Result<(), ObjectError> {
        self.objects.ping().await
    }
}
