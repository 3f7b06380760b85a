//! `agg serve`: cycles on a schedule, and the feeds over HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use agg::pipeline::{self, Asking, Pipeline};
use agg::serve::{self, Cycle, CycleError, Site};
use agg::store::Holder;
use clap::Args;
use futures_util::FutureExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::archive::{Waiting, waits_for};
use super::failure::Failure;
use super::fetch::door;
use super::global::{Global, load, runtime};
use super::screen::{Screen, count};

/// How long a cycle waits for another agg that writes; then it is for the next one to try.
const PATIENCE: Duration = Duration::from_mins(10);

#[derive(Args)]
pub(super) struct Arguments {
    /// Where to listen instead of where the configuration says.
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<SocketAddr>,
    /// Take every answer from this folder, and nothing from the network.
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
    #[command(flatten)]
    waiting: Waiting,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let door = door(arguments.replay.as_ref())?;
    let listen = arguments.listen.unwrap_or(config.listen);
    let schedule = config.schedule.clone();
    let sources = config.sources.len();
    let runtime = runtime()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(listen).await.map_err(|error| {
            Failure::new(format!("cannot listen on {listen}: {error}"))
                .help("free that port, or name another: --listen 127.0.0.1:8081")
        })?;
        let told = |text| screen.remark(text);
        let claim = arguments.waiting.claim(&config, "agg serve", told).await?;
        let pipeline = Pipeline::open(config, door, None)?;
        let address = listener.local_addr().unwrap_or(listen);
        screen.remark(format!(
            "serving on http://{address}/ and reading {} {schedule}; Ctrl-C stops it",
            count(sources, "source", "sources"),
        ));
        let site = Arc::new(Site::new());
        let stored = pipeline.publish().await?;
        site.replace(stored.documents, stored.at);
        drop(claim);
        let shutdown = CancellationToken::new();
        tokio::spawn(cancel_on_signal(shutdown.clone()));
        let cycle = move || {
            let pipeline = pipeline.clone();
            async move { cycle(&pipeline).await }.boxed()
        };
        serve::run(listener, schedule, site, cycle, shutdown)
            .await
            .map_err(|error| Failure::new(agg::pipeline::with_causes(&error)))
    })?;
    Ok(0)
}

/// One update, for the service: what is published now, and how each source did.
async fn cycle(pipeline: &Pipeline) -> Result<Cycle, CycleError> {
    let database = &pipeline.config().database;
    let told = |holder: Option<&Holder>| tracing::info!("{}", waits_for(holder));
    let _claim = pipeline::claim(database, "agg serve", PATIENCE, &told).await?;
    let report = pipeline.update(&[], Asking::default(), &|_| {}).await?;
    match report.publication {
        Some(publication) => Ok(Cycle {
            documents: publication.documents,
            outcomes: report.outcomes,
        }),
        None => Err(report
            .stopped
            .map_or_else(|| "nothing was published".into(), Into::into)),
    }
}

/// Cancels when the terminal says Ctrl-C or the system says that it is time to go.
async fn cancel_on_signal(shutdown: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
    shutdown.cancel();
}
