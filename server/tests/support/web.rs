//! The whole server over real stores, asked without sockets.

use std::ops::Deref;

use server::archive::ArchiveJob;
use server::order::Order;

pub use super::asked::Answer;
use super::asked::Asked;
use super::lesson;
use super::stage::Stage;

pub struct Server {
    pub stage: Stage,
    pub job: ArchiveJob,
    asked: Asked,
}

impl Server {
    /// The lesson's orders at the lesson's time, in UTC.
    pub async fn lesson() -> Self {
        Self::open("UTC", lesson::NOW, lesson::orders()).await
    }

    pub async fn open(zone: &str, now: &str, orders: Vec<Order>) -> Self {
        let stage = Stage::open(zone, now, orders).await;
        Self {
            job: stage.assembly.job.clone(),
            asked: Asked::new(&stage.assembly),
            stage,
        }
    }
}

impl Deref for Server {
    type Target = Asked;

    fn deref(&self) -> &Asked {
        &self.asked
    }
}
