//! `agg serve`: cycles on a schedule, and the feeds over HTTP.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agg::config::Config;
use agg::model::Source;
use agg::pipeline::{self, Asking, Pipeline};
use agg::serve::{self, Control, Cycle, CycleError, Manager, Occasion, Plan, Pulse, Site};
use agg::store::Holder;
use clap::Args;
use futures_util::FutureExt;
use tokio::net::TcpListener;

use super::archive::{Waiting, waits_for};
use super::failure::Failure;
use super::fetch::door;
use super::global::{Global, load, runtime};
use super::screen::{Screen, count};
use super::signals;

/// How long a cycle waits for another agg that writes; then it is for the next one to try.
const PATIENCE: Duration = Duration::from_mins(10);
/// For what is still under way on other threads when all else has ended.
const LEFTOVERS: Duration = Duration::from_secs(1);

#[derive(Args)]
pub(super) struct Arguments {
    /// Where to listen instead of where the configuration says. Sockets that a service manager gives come before both.
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
    let given = serve::listeners().map_err(|error| {
        Failure::new(error).help("ListenStream= of its socket unit takes IP:PORT, or a port")
    })?;
    let runtime = runtime()?;
    let done = runtime.block_on(serve(config, given, arguments, global, screen));
    // a cycle that did not end in time may still hold a thread
    runtime.shutdown_timeout(LEFTOVERS);
    done.map(|()| 0)
}

async fn serve(
    config: Config,
    given: Vec<std::net::TcpListener>,
    arguments: &Arguments,
    global: &Global,
    screen: &Screen,
) -> Result<(), Failure> {
    let shutdown = signals::shutdown()?;
    let hangups = signals::hangups()?;
    let manager = Manager::from_environment().map_err(|error| {
        Failure::new(format!("the service manager cannot be reached: {error}"))
            .help("NOTIFY_SOCKET in the environment names its socket; unset it if there is none")
    })?;
    let is_given = !given.is_empty();
    let listen = arguments.listen.unwrap_or(config.listen);
    let listeners = listeners(given, listen).await?;
    let told = |text| screen.remark(text);
    let claim = arguments.waiting.claim(&config, "agg serve", told);
    let claim = tokio::select! {
        claim = claim => claim?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let pipeline = Pipeline::open(config, door(arguments.replay.as_ref())?, None)?;
    let addresses: Vec<String> = listeners
        .iter()
        .filter_map(|listener| listener.local_addr().ok())
        .map(|address| format!("http://{address}/"))
        .collect();
    screen.remark(format!(
        "serving on {} and reading {} {}; Ctrl-C stops it",
        addresses.join(", "),
        count(pipeline.config().sources.len(), "source", "sources"),
        pipeline.config().schedule,
    ));
    let site = Arc::new(Site::new());
    let stored = pipeline.publish().await?;
    site.shelve(stored.archived, stored.at);
    site.replace(stored.documents, stored.at);
    drop(claim);

    let asked = Arc::default();
    let plan = plan(&pipeline, Vec::new(), &asked);
    let configured = (arguments.listen.is_none() && !is_given).then_some(listen);
    let (path, replay) = (global.config.clone(), arguments.replay.clone());
    let current = Mutex::new(pipeline);
    let reload = move || {
        let failed = |failure: Failure| failure.lines();
        let config = load(&path).map_err(failed)?;
        let mut pipeline = current.lock().unwrap_or_else(PoisonError::into_inner);
        let remarks = remarks(&config, configured, pipeline.database());
        let door = door(replay.as_ref()).map_err(failed)?;
        *pipeline = pipeline
            .reconfigured(config, door)
            .map_err(|error| failed(error.into()))?;
        Ok(self::plan(&pipeline, remarks, &asked))
    };
    let control = Control {
        reload: Arc::new(reload),
        hangups,
        manager,
        shutdown,
    };
    serve::run(listeners, plan, site, control)
        .await
        .map_err(|error| Failure::new(pipeline::with_causes(&error)))
}

/// The sockets that the service manager gave, or one that listens where the configuration says.
async fn listeners(
    given: Vec<std::net::TcpListener>,
    listen: SocketAddr,
) -> Result<Vec<TcpListener>, Failure> {
    let refused =
        |error: std::io::Error| Failure::new(format!("cannot listen on {listen}: {error}"));
    if given.is_empty() {
        let listener = TcpListener::bind(listen).await.map_err(|error| {
            let help = way_out(listen, error.kind());
            refused(error).help(help)
        })?;
        return Ok(vec![listener]);
    }
    given
        .into_iter()
        .map(|listener| TcpListener::from_std(listener).map_err(refused))
        .collect()
}

/// What to do where `listen` cannot be had.
fn way_out(listen: SocketAddr, why: ErrorKind) -> String {
    match why {
        ErrorKind::AddrNotAvailable => format!(
            "this machine has no address {}: name one that it has, or 0.0.0.0 for all",
            listen.ip()
        ),
        ErrorKind::PermissionDenied => {
            "ports below 1024 are not for everybody: name a higher one, as in --listen 127.0.0.1:8080"
                .to_owned()
        }
        _ => {
            let port = listen.port().checked_add(1).unwrap_or(8080);
            let other = SocketAddr::new(listen.ip(), port);
            format!("free that port, or name another: --listen {other}")
        }
    }
}

/// What of `config` does not hold before a restart: another place to listen than the configuration gave at the start, and
/// another database than the one that is open.
fn remarks(config: &Config, listen: Option<SocketAddr>, database: &Path) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut changed = |key, new: String, old: String| {
        if new != old {
            remarks.push(format!(
                "`{key}` = \"{new}\" holds after a restart; until then it is \"{old}\""
            ));
        }
    };
    if let Some(listen) = listen {
        changed("listen", config.listen.to_string(), listen.to_string());
    }
    let path = |path: &Path| path.display().to_string();
    changed("database", path(&config.database), path(database));
    remarks
}

/// The sources of the run that began last.
type Asked = Arc<Mutex<Vec<Source>>>;

/// What the service needs of a configuration.
fn plan(pipeline: &Pipeline, remarks: Vec<String>, asked: &Asked) -> Plan {
    let (schedule, sources) = (
        pipeline.config().schedule.clone(),
        pipeline.config().sources.len(),
    );
    let (pipeline, asked) = (pipeline.clone(), Arc::clone(asked));
    let cycle = move |occasion, pulse| {
        let (pipeline, asked) = (pipeline.clone(), Arc::clone(&asked));
        async move { cycle(&pipeline, occasion, &asked, &pulse).await }.boxed()
    };
    Plan {
        schedule,
        sources,
        remarks,
        cycle: Arc::new(cycle),
    }
}

/// One run, for the service: what is published now, and how each source did.
async fn cycle(
    pipeline: &Pipeline,
    occasion: Occasion,
    asked: &Asked,
    pulse: &Pulse,
) -> Result<Cycle, CycleError> {
    let database = pipeline.database();
    let told = |holder: Option<&Holder>| tracing::info!("{}", waits_for(holder));
    let _claim = pipeline::claim(database, "agg serve", PATIENCE, &told).await?;
    let sources = &pipeline.config().sources;
    let before = std::mem::replace(
        &mut *asked.lock().unwrap_or_else(PoisonError::into_inner),
        sources.clone(),
    );
    let wanted: Vec<String> = match occasion {
        Occasion::Due => Vec::new(),
        Occasion::Reloaded => sources
            .iter()
            .filter(|source| !before.contains(source))
            .map(|source| source.id.to_string())
            .collect(),
    };
    if occasion == Occasion::Reloaded && wanted.is_empty() {
        let publication = pipeline.publish().await?;
        return Ok(Cycle {
            documents: publication.documents,
            archived: publication.archived,
            outcomes: Vec::new(),
            standing: pipeline.standing().await?,
        });
    }
    let report = pipeline
        .update(&wanted, Asking::default(), &|_| pulse.beat())
        .await?;
    if report.network_down {
        tracing::warn!(
            "every source failed at the connection: this machine seems to be offline, so no source was charged"
        );
    }
    match report.publication {
        Some(publication) => Ok(Cycle {
            documents: publication.documents,
            archived: publication.archived,
            outcomes: report.outcomes,
            standing: pipeline.standing().await?,
        }),
        None => Err(report
            .stopped
            .map_or_else(|| "nothing was published".into(), Into::into)),
    }
}
