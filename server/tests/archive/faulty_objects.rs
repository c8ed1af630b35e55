//! A real folder that fails on purpose.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Bytes;
use futures::{StreamExt, TryStreamExt, future, stream};
use server::archive::local::LocalFolder;
use server::archive::{
    ArchiveJob, ByteStream, Label, LeaseStore, ObjectError, ObjectName, ObjectStore, Stored, Tally,
};
use server::store::sqlite::SqliteStore;

use crate::{OCTOBER, archive};

#[derive(Clone, Debug)]
pub enum Fault {
    /// Writes of names that hold this text fail at once.
    Write(&'static str),
    /// Writes of names that hold this text read their content and never return.
    Hang(&'static str),
    /// Writes store only half of the first piece and take that for the whole.
    Cut,
    /// One bit of what is staged is another one on the disk.
    Flip,
    /// The first line of what is staged is there twice on the disk.
    Repeat,
    Read,
    /// What is read of names that hold this text ends with an error after its first piece.
    BreakOnRead(&'static str),
    /// When the run's own object is read first, somebody puts this file there.
    PutBack(PathBuf, Vec<u8>),
    /// This job archives October before the archive of it is opened to be read.
    ArchiveBefore(ArchiveJob),
    /// The same once it is open.
    ArchiveAfter(ArchiveJob),
    Rename,
    /// Whoever renames loses the lease by it, which is kept there.
    RenameAndLose(Arc<SqliteStore>),
    /// Nothing can be deleted either.
    WriteAndDelete,
    RenameAndDelete,
}

#[derive(Debug)]
pub struct FaultyObjects {
    pub objects: Arc<LocalFolder>,
    pub fault: Fault,
}

impl FaultyObjects {
    /// What becomes of content that is to be written.
    async fn faulty(
        &self,
        name: &ObjectName,
        mut content: ByteStream,
    ) -> Result<ByteStream, ObjectError> {
        match self.fault {
            Fault::Write(part) if name.as_str().contains(part) => Err(self.broken("write", name)),
            Fault::WriteAndDelete => Err(self.broken("write", name)),
            Fault::Hang(part) if name.as_str().contains(part) => {
                while content.next().await.is_some() {}
                future::pending().await
            }
            Fault::Cut => {
                let half = |piece: Bytes| piece.slice(..piece.len() / 2);
                Ok(content.take(1).map_ok(half).boxed())
            }
            _ => Ok(content),
        }
    }

    /// What becomes of an object that has been staged.
    fn spoil(&self, name: &ObjectName) {
        let spoil: fn(&mut Vec<u8>) = match self.fault {
            Fault::Flip => |content| content[10] ^= 1,
            Fault::Repeat => |content| {
                let mut lines = content.split_inclusive(|byte| *byte == b'\n');
                let first = lines.next().expect("a line").to_vec();
                content.splice(..0, first);
            },
            _ => return,
        };
        let path = self.location(name);
        let mut content = std::fs::read(&path).expect("an object");
        spoil(&mut content);
        std::fs::write(path, content).expect("a write");
    }

    fn broken(&self, operation: &'static str, name: &ObjectName) -> ObjectError {
        ObjectError::Unavailable {
            destination: self.destination(),
            operation,
            name: name.clone(),
            reason: "broken on purpose".to_owned(),
            source: "broken with a secret".into(),
        }
    }
}

impl fmt::Display for FaultyObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.objects.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for FaultyObjects {
    async fn write(&self, name: &ObjectName, content: ByteStream) -> Result<Stored, ObjectError> {
        let content = self.faulty(name, content).await?;
        self.objects.write(name, content).await
    }

    async fn stage(&self, name: &ObjectName, content: ByteStream) -> Result<Stored, ObjectError> {
        let content = self.faulty(name, content).await?;
        let stored = self.objects.stage(name, content).await?;
        self.spoil(name);
        Ok(stored)
    }

    fn waits_on_a_thread(&self) -> bool {
        self.objects.waits_on_a_thread()
    }

    async fn count(&self, name: &ObjectName) -> Result<io::Result<Tally>, ObjectError> {
        match self.fault {
            // They befall whoever reads.
            Fault::Read | Fault::BreakOnRead(_) | Fault::PutBack(..) => {
                Ok(Tally::of(self.read(name).await?).await)
            }
            _ => self.objects.count(name).await,
        }
    }

    async fn read(&self, name: &ObjectName) -> Result<ByteStream, ObjectError> {
        if let Fault::PutBack(path, content) = &self.fault
            && name.as_str().contains("orders/runs/")
            && !path.exists()
        {
            std::fs::write(path, content).expect("a write");
        }
        if let (Fault::ArchiveBefore(job), OCTOBER) = (&self.fault, name.as_str()) {
            archive(job, Some("2026-10")).await;
        }
        let content = self.objects.read(name).await?;
        if let (Fault::ArchiveAfter(job), OCTOBER) = (&self.fault, name.as_str()) {
            archive(job, Some("2026-10")).await;
        }
        match self.fault {
            Fault::Read => Err(self.broken("read", name)),
            Fault::BreakOnRead(part) if name.as_str().contains(part) => {
                let broken = stream::iter([Err(io::Error::other("broken on purpose"))]);
                Ok(content.take(1).chain(broken).boxed())
            }
            _ => Ok(content),
        }
    }

    async fn stat(&self, name: &ObjectName) -> Result<Option<Stored>, ObjectError> {
        match self.fault {
            Fault::Read => Err(self.broken("read", name)),
            _ => self.objects.stat(name).await,
        }
    }

    async fn rename(
        &self,
        from: &ObjectName,
        generation: i64,
        to: &ObjectName,
        labels: &[Label],
    ) -> Result<Stored, ObjectError> {
        match self.fault {
            Fault::Rename | Fault::RenameAndDelete => Err(self.broken("rename", from)),
            Fault::RenameAndLose(ref leases) => {
                let renamed = self.objects.rename(from, generation, to, labels).await;
                let lease = leases.current().await.expect("an answer").expect("a lease");
                leases.release(&lease.run_id).await.expect("released");
                renamed
            }
            _ => self.objects.rename(from, generation, to, labels).await,
        }
    }

    async fn delete(&self, name: &ObjectName) -> Result<(), ObjectError> {
        match self.fault {
            Fault::WriteAndDelete | Fault::RenameAndDelete => Err(self.broken("delete", name)),
            _ => self.objects.delete(name).await,
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
