//! Runs cycles by the schedule, never two at once.
//!
//! The scheduler has one job, in UTC, and its firing is only a call: whether a cycle runs is decided here, because the
//! scheduler starts a job that still runs once more, and may fire after it was shut down.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::schedule::Schedule;

use super::cycle::{Cycle, CycleError};
use super::error::Error;
use super::site::Site;
use super::timetable::Timetable;

/// For a cycle under way when we are told to stop; nothing that it has stored is lost if it takes longer.
const DRAIN: Duration = Duration::from_secs(8);

type Run = dyn Fn() -> BoxFuture<'static, Result<Cycle, CycleError>> + Send + Sync;

/// The loop; it ends when its token is cancelled.
pub(super) struct Updates {
    scheduler: JobScheduler,
    updater: Arc<Updater>,
}

struct Updater {
    site: Arc<Site>,
    run: Box<Run>,
    stop: CancellationToken,
    timetable: std::sync::Mutex<Timetable>,
    /// Held while a cycle runs.
    busy: Mutex<()>,
    tasks: TaskTracker,
}

/// Runs the first cycle now, and the others by `schedule`.
pub(super) async fn start<C>(
    schedule: Schedule,
    site: Arc<Site>,
    cycle: C,
    stop: CancellationToken,
) -> Result<Updates, Error>
where
    C: Fn() -> BoxFuture<'static, Result<Cycle, CycleError>> + Send + Sync + 'static,
{
    let refused = |cause: JobSchedulerError| Error::Scheduler {
        schedule: schedule.to_string(),
        cause: cause.to_string(),
    };
    let now = wall_clock();
    let timetable = Timetable::new(schedule.clone(), now);
    site.health.next(timetable.next());
    let updater = Arc::new(Updater {
        site,
        run: Box::new(cycle),
        stop,
        timetable: std::sync::Mutex::new(timetable),
        busy: Mutex::new(()),
        tasks: TaskTracker::new(),
    });
    let scheduler = JobScheduler::new().await.map_err(refused)?;
    let called = Arc::clone(&updater);
    let job = Job::new_async(schedule.cron(), move |_, _| {
        let updater = Arc::clone(&called);
        Box::pin(async move { updater.fired(wall_clock()) })
    })
    .map_err(refused)?;
    scheduler.add(job).await.map_err(refused)?;
    scheduler.start().await.map_err(refused)?;
    updater.begin(now);
    Ok(Updates { scheduler, updater })
}

impl Updates {
    /// Waits until the loop is told to stop, and then for the cycle under way.
    pub(super) async fn stopped(mut self) {
        self.updater.stop.cancelled().await;
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the scheduler did not shut down");
        }
        self.updater.tasks.close();
        self.updater.tasks.wait().await;
    }
}

impl Updater {
    /// The scheduler has fired; it may do so more often than a cycle is due, and late.
    fn fired(self: &Arc<Self>, now: DateTime<Utc>) {
        let due = {
            let mut timetable = self
                .timetable
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let due = timetable.is_due(now);
            self.site.health.next(timetable.next());
            due
        };
        if due {
            self.begin(now);
        }
    }

    /// Begins a cycle in a task of its own, unless we are to stop.
    fn begin(self: &Arc<Self>, now: DateTime<Utc>) {
        if !self.stop.is_cancelled() {
            let updater = Arc::clone(self);
            self.tasks.spawn(async move { updater.cycle(now).await });
        }
    }

    /// One cycle, from start to publication.
    async fn cycle(&self, now: DateTime<Utc>) {
        let Ok(_busy) = self.busy.try_lock() else {
            tracing::warn!("a cycle was due while the last one still ran; it is skipped");
            self.site.health.skipped();
            return;
        };
        let begun = Instant::now();
        // a task of its own, so that a panic ends the cycle and nothing else
        let mut run = tokio::spawn((self.run)());
        let in_time = async {
            self.stop.cancelled().await;
            sleep(DRAIN).await;
        };
        let ended = tokio::select! {
            ended = &mut run => ended,
            () = in_time => {
                tracing::warn!("the cycle under way did not end in time; what it has stored stays");
                run.abort();
                return;
            }
        };
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match ended {
            Ok(Ok(Cycle {
                documents,
                outcomes,
            })) => {
                let site = Arc::clone(&self.site);
                let published =
                    tokio::task::spawn_blocking(move || site.replace(documents, now)).await;
                if let Err(error) = published {
                    self.failed(now, millis, error.to_string());
                    return;
                }
                tracing::info!(millis, sources = outcomes.len(), "cycle ended");
                self.site.health.cycle(now, millis, Ok(&outcomes));
            }
            Ok(Err(error)) => self.failed(now, millis, in_one_line(&*error)),
            Err(error) => self.failed(now, millis, error.to_string()),
        }
    }

    fn failed(&self, now: DateTime<Utc>, millis: u64, error: String) {
        tracing::error!(millis, error, "the cycle could not run");
        self.site.health.cycle(now, millis, Err(error));
    }
}

/// An error and its causes.
fn in_one_line(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}

/// The wall clock, read once a cycle.
#[expect(
    clippy::disallowed_methods,
    reason = "the service is where time begins"
)]
fn wall_clock() -> DateTime<Utc> {
    Utc::now()
}
