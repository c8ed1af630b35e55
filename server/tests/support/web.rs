//! The whole server over real stores, without sockets.

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
        Self::over(Stage::open(zone, now, orders).await)
    }

    /// The lesson's orders as synthetic ones.
    pub async fn demonstration() -> Self {
        let orders = lesson::orders();
        Self::over(Stage::demonstration("UTC", lesson::NOW, orders).await)
    }

    fn over(stage: Stage) -> Self {
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
