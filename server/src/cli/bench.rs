use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::model::{Filter, Panel};
use app::ports::{Dashboard, Read};
use axum::Router;
use axum::routing::get;
use clap::Args;
use serde_json::{Map, Value};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Outcome;
use super::output::say;
use crate::assembly::Assembly;
use crate::backends::Backends;
use crate::bench::{Served, Times};
use crate::calendar::Calendar;
use crate::clock::{Clock, FixedClock};
use crate::config::Config;
use crate::generate::{Plan, generate};
use crate::http::{Site, router};
use crate::store::StatusRules;

/// The last millisecond of a month, so that all its 31 days are in one archive.
const NOW: &str = "2026-10-31T23:59:59.999Z";
const DAYS: u32 = 31;
/// How long the page is asked for when its throughput is measured.
const ASKED_FOR: Duration = Duration::from_secs(4);
/// From one change of an order to the next, while the page is asked for.
const CHANGE_INTERVAL: Duration = Duration::from_secs(1);

/// Measure the page, the cache, the metrics and an archive.
///
/// Uses synthetic orders in embedded stores in a temporary folder.
#[derive(Args, Debug)]
pub struct Bench {
    /// How often to measure the cache and the page
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rounds: u32,
    /// How many orders to generate
    #[arg(long, default_value_t = 20_000)]
    orders: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The folder of the page's files [default: beside the executable]
    #[arg(long, value_name = "FOLDER")]
    site: Option<PathBuf>,
}

type Measured = Result<(), Box<dyn Error + Send + Sync>>;

impl Bench {
    pub async fn run(self, config: Config) -> Outcome {
        let plan = Plan::new(42, self.orders, DAYS)?;
        let site = Site::find(self.site)?;
        _ = any_spawner::Executor::init_tokio();
        let folder = tempfile::Builder::new()
            .prefix("shopstream-bench")
            .tempdir()?;
        let config = Config {
            data_dir: folder.path().to_owned(),
            mongo: None,
            redis: None,
            gcs: None,
            ..config
        };
        let backends = Backends::open(&config).await?;
        let clock = Arc::new(FixedClock(NOW.parse()?));
        let (calendar, cancel) = (Calendar::UTC, CancellationToken::new());
        let mut report = Report::default();

        let started = Instant::now();
        generate(backends.orders.as_ref(), plan, clock.as_ref(), |_| {}).await?;
        report.add("orders", self.orders as f64);
        report.seconds("generated", started);
        let assembly = Assembly::open(
            &backends,
            clock.clone(),
            calendar,
            StatusRules::default(),
            cancel,
        )
        .await?;
        report.metrics(assembly.dashboard.as_ref()).await?;
        let started = Instant::now();
        let run = assembly.job.begin(None).await?.run()?;
        let run = assembly.job.follow(run, |_| {}).await?;
        if let Some(error) = run.error {
            return Err(error.into());
        }
        report.seconds("archived and read back", started);
        if let Some(peak) = peak_mib() {
            report.add("peak memory of the process, MiB", peak);
        }
        report
            .cached(assembly.dashboard.as_ref(), self.rounds)
            .await?;
        let changes = async {
            let order: Vec<_> = plan.initial(clock.now()).take(1).collect();
            // While somebody listens, every change is a recomputation.
            let _listener = assembly.live.listen().await;
            loop {
                let orders = order.clone();
                backends.orders.upsert_synthetic(orders, true).await?;
                sleep(CHANGE_INTERVAL).await;
            }
        };
        let router = router(assembly.web(site, None));
        Box::pin(report.page(router, self.rounds, changes)).await?;

        if self.json {
            let figures: Map<String, Value> = report.0.into_iter().collect();
            say!("{}", serde_json::to_string_pretty(&figures)?);
        } else {
            for (what, value) in report.0 {
                say!("{what:56} {:12.3}", value.as_f64().unwrap_or_default());
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Figures and what they are, in the order in which they were measured.
#[derive(Debug, Default)]
struct Report(Vec<(String, Value)>);

impl Report {
    fn add(&mut self, what: impl Into<String>, figure: f64) {
        self.0.push((what.into(), figure.into()));
    }

    fn seconds(&mut self, what: &str, started: Instant) {
        self.add(format!("{what}, s"), started.elapsed().as_secs_f64());
    }

    fn times(&mut self, what: &str, times: &Times) {
        self.add(format!("{what}, average ms"), times.average_ms());
        self.add(format!("{what}, p50 ms"), times.percentile_ms(50));
        self.add(format!("{what}, p99 ms"), times.percentile_ms(99));
    }

    /// Each metric, computed once.
    async fn metrics(&mut self, dashboard: &dyn Dashboard) -> Measured {
        for panel in Panel::ALL {
            let answer = dashboard.panel(*panel, Read::Fresh).await?;
            self.add(format!("{} computed, ms", panel.title()), answer.took_ms);
        }
        Ok(())
    }

    /// A computed metric beside a cached one.
    async fn cached(&mut self, dashboard: &dyn Dashboard, rounds: u32) -> Measured {
        let all = Filter::default();
        let revenue = async |read| {
            Times::of(rounds, async || {
                dashboard.category_revenue(&all, read).await
            })
            .await
        };
        let (computed, cached) = (revenue(Read::Fresh).await?, revenue(Read::Cached).await?);
        self.times("category revenue from the database", &computed);
        self.times("category revenue from the cache", &cached);
        let ratio = computed.average_ms() / cached.average_ms().max(f64::MIN_POSITIVE);
        self.add("database / cache", ratio);
        Ok(())
    }

    /// The cached page, without and with `changes`, beside the same bytes from a plain handler, all
    /// over loopback.
    async fn page(
        &mut self,
        router: Router,
        rounds: u32,
        changes: impl Future<Output = Measured>,
    ) -> Measured {
        let page = Served::start(router).await?;
        let bytes = page.get("/").await?;
        let memory = Router::new().route("/", get(async move || bytes.clone()));
        let memory = Served::start(memory).await?;
        memory.get("/").await?;
        let one_by_one = Times::of(rounds, async || page.get("/").await).await?;
        self.times("cached page", &one_by_one);
        let memory = memory.per_second("/", ASKED_FOR).await?;
        let still = page.per_second("/", ASKED_FOR).await?;
        let changing = tokio::select! {
            rate = page.per_second("/", ASKED_FOR) => rate?,
            ended = changes => return ended,
        };
        self.add("the same bytes from memory, requests/s", memory);
        self.add("cached page, requests/s", still);
        self.add("page / memory", still / memory);
        self.add("page with a change a second, requests/s", changing);
        self.add("changing page / memory", changing / memory);
        Ok(())
    }
}

/// The peak of the resident set; `None` where there is no `/proc`.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1_024.0)
}
