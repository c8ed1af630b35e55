use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use app::model::Timestamp;
use axum::Router;
use chrono::{DateTime, Utc};
use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::output::say;
use super::signals::cancelled_by_signal;
use super::{Outcome, sync};
use crate::assembly::Assembly;
use crate::backends::Backends;
use crate::causes::with_causes;
use crate::clock::{Clock, FixedClock, SystemClock};
use crate::config::Config;
use crate::generate::{Plan, arrive, generate};
use crate::http::{self, Limits, Site, router};
use crate::store::StatusRules;
use crate::sync::follow;

/// How long a client may take for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long open requests may take after the signal to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Serve the dashboard until Ctrl-C or SIGTERM (the default).
///
/// An embedded store without imported orders gets synthetic ones, and new ones arrive while the
/// server runs. MongoDB gets none. MongoDB and Redis need not be up yet.
#[derive(Args, Debug, Default)]
pub struct Serve {
    /// The folder of the page's files [default: beside the executable]
    #[arg(long, value_name = "FOLDER")]
    site: Option<PathBuf>,
    /// Show the dashboard as of this time (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = instant)]
    as_of: Option<DateTime<Utc>>,
    /// Add no synthetic orders
    #[arg(long)]
    no_demonstration: bool,
    /// Follow SOURCE_URI, as `server sync --follow` does
    #[arg(long, conflicts_with = "as_of")]
    sync: bool,
}

impl Serve {
    pub async fn run(self, config: Config) -> Outcome {
        let cancel = cancelled_by_signal()?;
        let site = Site::find(self.site)?;
        let source = self.sync.then(|| sync::source(&config)).transpose()?;
        let listener = bind(config.listen_addr).await?;
        let backends = Backends::open(&config).await?;
        let calendar = config.calendar;
        let clock: Arc<dyn Clock> = match self.as_of {
            Some(instant) => Arc::new(FixedClock(instant)),
            None => Arc::new(SystemClock),
        };

        let tasks = TaskTracker::new();
        // MongoDB belongs to others, and may be down now.
        let may_fill = !self.no_demonstration && !self.sync && backends.mongo.is_none();
        if may_fill && backends.orders.is_demonstration().await? {
            let plan = Plan::DEMONSTRATION;
            generate(backends.orders.as_ref(), plan, clock.as_ref(), |_| {}).await?;
            tasks.spawn(arrive(
                backends.orders.clone(),
                plan,
                clock.clone(),
                cancel.clone(),
            ));
        }
        if let Some(source) = source {
            let names = sync::Names::default();
            let job = sync::job(
                source,
                names,
                &config,
                &backends,
                clock.clone(),
                cancel.clone(),
            );
            tasks.spawn(async move {
                let warn = |problem: &str| tracing::warn!("{problem}; trying again");
                if let Err(error) = Box::pin(follow(&job, warn)).await {
                    let error = with_causes(&error);
                    tracing::error!("the orders no longer follow their source: {error}");
                }
            });
        }
        let rules = StatusRules {
            not_revenue: config.not_revenue_statuses,
        };
        let assembly = Assembly::open(&backends, clock, calendar, rules, cancel.clone()).await?;

        say!("ShopStream dashboard: http://{}", listener.local_addr()?);
        let limits = Limits {
            connections: config.max_connections,
            head: HEAD_TIMEOUT,
        };
        let router = router(assembly.web(site, config.public_url));
        serve_until(listener, router, limits, cancel).await;
        assembly.job.stop().await;
        tasks.close();
        tasks.wait().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// Answers requests until `cancel`, then finishes the open ones.
async fn serve_until(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    cancel: CancellationToken,
) {
    // Rendering needs it. Leptos would set it up for its own list of routes.
    _ = any_spawner::Executor::init_tokio();
    let timeout = async {
        cancel.cancelled().await;
        tokio::time::sleep(SHUTDOWN_TIMEOUT).await;
    };
    tokio::select! {
        () = http::serve(listener, router, limits, &cancel) => {}
        () = timeout => {}
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => format!(
            "LISTEN_ADDR={address} is in use by another program: stop it, or set LISTEN_ADDR to another port"
        ),
        _ => format!("LISTEN_ADDR={address} cannot be used: {error}"),
    })
}

fn instant(text: &str) -> Result<DateTime<Utc>, &'static str> {
    Timestamp::parse(text)
        .map(Timestamp::utc)
        .ok_or("expected an RFC 3339 time like 2026-11-23T09:30:00Z")
}
