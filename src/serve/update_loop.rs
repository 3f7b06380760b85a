//! The loop: runs cycles by the schedule, never two at once, and reads the configuration again when it is asked to.
//!
//! It waits for one thing after the other and never for a cycle, so whatever it does in between proves that it is alive.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::clockwork::Clockwork;
use super::cycle::{Cycle, CycleError};
use super::error::Error;
use super::health::Counts;
use super::manager::Manager;
use super::plan::{Control, Occasion, Plan, Reload};
use super::pulse::{Pulse, Suspicion, halted};
use super::site::Site;
use super::timetable::Timetable;
use crate::schedule::Schedule;

/// For a cycle under way when we are told to stop; nothing that it has stored is lost if it takes longer.
const DRAIN: Duration = Duration::from_secs(7);

/// So often it is looked whether the clock was set back.
const LOOK: Duration = Duration::from_secs(15);

/// The loop; it ends when its token is cancelled.
pub(super) struct Updates {
    site: Arc<Site>,
    plan: Plan,
    timetable: Timetable,
    clockwork: Clockwork,
    reload: Arc<Reload>,
    hangups: mpsc::Receiver<()>,
    stop: CancellationToken,
    manager: Manager,
    /// When the manager wants to hear that we are alive.
    beats: Option<Interval>,
    suspicion: Suspicion,
    looks: Interval,
    /// What the manager was told last; `None` before the first publication is served.
    told: Option<String>,
    under_way: Option<UnderWay>,
    /// What is to be done when the cycle under way has ended.
    pending: Option<Occasion>,
}

/// A cycle that runs.
struct UnderWay {
    /// A task of its own, so that a panic ends the cycle and nothing else.
    task: JoinHandle<Result<Cycle, CycleError>>,
    pulse: Pulse,
    started: DateTime<Utc>,
    begun: Instant,
}

impl UnderWay {
    /// Waits for its end.
    async fn ended(&mut self) -> Result<Cycle, String> {
        match (&mut self.task).await {
            Ok(Ok(cycle)) => Ok(cycle),
            Ok(Err(error)) => Err(in_one_line(&*error)),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// What happens next.
enum Event {
    Fired,
    HangUp,
    Ended(Result<Cycle, String>),
    Beat,
    Look,
    Stop,
}

impl Updates {
    /// A loop that will run the first cycle at once, and the others by the plan's schedule.
    pub(super) async fn new(plan: Plan, site: Arc<Site>, control: Control) -> Result<Self, Error> {
        let now = wall_clock();
        let updates = Self {
            timetable: Timetable::new(plan.schedule.clone(), now),
            clockwork: Clockwork::start(&plan.schedule).await?,
            site,
            plan,
            reload: control.reload,
            hangups: control.hangups,
            stop: control.shutdown,
            beats: control.manager.beat().map(every),
            suspicion: Suspicion::default(),
            looks: every(LOOK),
            manager: control.manager,
            told: None,
            under_way: None,
            pending: None,
        };
        updates.site.health.next(updates.timetable.next());
        updates.site.health.planned(&updates.plan, now);
        Ok(updates)
    }

    /// Runs until it is told to stop, and then for a cycle under way.
    pub(super) async fn run(mut self) {
        self.begin(Occasion::Due, wall_clock());
        loop {
            self.tell();
            match self.event().await {
                Event::Fired => self.fired(wall_clock()),
                Event::HangUp => self.read_again().await,
                Event::Ended(result) => self.ended(result),
                Event::Beat => self.beat(wall_clock()),
                Event::Look => self.look(wall_clock()).await,
                Event::Stop => break,
            }
        }
        self.drain().await;
    }

    /// Gives a cycle under way a few seconds to end.
    async fn drain(&mut self) {
        self.manager.stopping("stopping");
        self.clockwork.stop().await;
        self.pending = None;
        let Some(cycle) = &mut self.under_way else {
            return;
        };
        let words = "stopping: the cycle under way may end";
        self.manager.status(words);
        tracing::info!("{words}");
        if let Ok(result) = timeout(DRAIN, cycle.ended()).await {
            self.ended(result);
        } else {
            tracing::warn!("the cycle under way did not end in time; what it has stored stays");
            cycle.task.abort();
        }
    }

    async fn event(&mut self) -> Event {
        let beat = async {
            match &mut self.beats {
                Some(beats) => beats.tick().await,
                None => std::future::pending().await,
            }
        };
        let ended = async {
            match &mut self.under_way {
                Some(cycle) => cycle.ended().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.stop.cancelled() => Event::Stop,
            result = ended => Event::Ended(result),
            Some(()) = self.hangups.recv() => Event::HangUp,
            () = self.clockwork.fired() => Event::Fired,
            _ = beat => Event::Beat,
            _ = self.looks.tick() => Event::Look,
        }
    }

    /// Tells the manager how we are, if that has changed; the first time, as soon as something is served.
    fn tell(&mut self) {
        let (published, status) = self.site.health.summary();
        if !published || self.told.as_ref() == Some(&status) {
            return;
        }
        match self.told {
            None => self.manager.ready(&status),
            Some(_) => self.manager.status(&status),
        }
        self.told = Some(status);
    }

    /// Tells the manager that we are alive, if we are: this loop turns, the schedule fires, and a cycle gets on.
    fn beat(&mut self, now: DateTime<Utc>) {
        let age = self.under_way.as_ref().map(|cycle| cycle.pulse.age());
        let next = self.timetable.next();
        match self.suspicion.confirm(halted(next, now, age), next) {
            None => self.manager.alive(),
            Some(what) => tracing::error!("{what}; the watchdog will end this service"),
        }
    }

    /// Looks whether the clock was set back: the scheduler would fire when it expected to by the old one, hours late perhaps.
    async fn look(&mut self, now: DateTime<Utc>) {
        if !self.timetable.was_set_back(now) {
            return;
        }
        self.site.health.next(self.timetable.next());
        match self.wind_up(&self.plan.schedule.clone()).await {
            Ok(()) => tracing::info!("the clock was set back; the schedule goes on by it"),
            Err(error) => {
                tracing::error!(%error, "the clock was set back, and the scheduler cannot be told");
            }
        }
    }

    /// Has the scheduler fire by `schedule` and the clock as it is.
    async fn wind_up(&mut self, schedule: &Schedule) -> Result<(), Error> {
        let clockwork = Clockwork::start(schedule).await?;
        std::mem::replace(&mut self.clockwork, clockwork)
            .stop()
            .await;
        Ok(())
    }

    /// The scheduler has fired; it may do so more often than a cycle is due, and late.
    fn fired(&mut self, now: DateTime<Utc>) {
        let due = self.timetable.is_due(now);
        self.site.health.next(self.timetable.next());
        if !due {
            return;
        }
        if self.under_way.is_some() {
            tracing::warn!("a cycle was due while the last one still ran; it is skipped");
            self.site.health.skipped();
        } else {
            self.begin(Occasion::Due, now);
        }
    }

    /// Begins a cycle, from start to publication.
    fn begin(&mut self, occasion: Occasion, now: DateTime<Utc>) {
        let pulse = Pulse::default();
        let run = (self.plan.cycle)(occasion, pulse.clone());
        let site = Arc::clone(&self.site);
        let task = tokio::spawn(async move {
            let mut cycle = run.await?;
            let documents = std::mem::take(&mut cycle.documents);
            site.shelve(std::mem::take(&mut cycle.archived), now);
            tokio::task::spawn_blocking(move || site.replace(documents, now)).await?;
            Ok(cycle)
        });
        self.under_way = Some(UnderWay {
            task,
            pulse,
            started: now,
            begun: Instant::now(),
        });
    }

    /// The cycle under way has ended; what waited for its end is done now.
    fn ended(&mut self, result: Result<Cycle, String>) {
        if let Some(cycle) = self.under_way.take() {
            let millis = u64::try_from(cycle.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            match &result {
                Ok(cycle) => {
                    let counts = Counts::of(&cycle.outcomes);
                    let (asked, failed) = (counts.asked(), counts.failed);
                    let (new, updated) = (counts.new, counts.updated);
                    let sources = counts.sources;
                    tracing::info!(millis, sources, asked, failed, new, updated, "cycle ended");
                }
                Err(error) => tracing::error!(millis, error, "the cycle could not run"),
            }
            self.site.health.cycle(cycle.started, millis, result);
        }
        if let Some(occasion) = self.pending.take() {
            self.begin(occasion, wall_clock());
        }
    }

    /// Reads the configuration again. Where it cannot be used, all goes on as before, and whoever asks is told why.
    async fn read_again(&mut self) {
        tracing::info!("reading the configuration again");
        if self.told.is_some() {
            self.manager.reloading();
        }
        let reload = Arc::clone(&self.reload);
        let read = tokio::task::spawn_blocking(move || reload())
            .await
            .unwrap_or_else(|error| Err(vec![error.to_string()]));
        let adopted = match read {
            Ok(plan) => self
                .adopt(plan)
                .await
                .map_err(|error| vec![error.to_string()]),
            Err(problems) => Err(problems),
        };
        if let Err(problems) = adopted {
            for problem in &problems {
                tracing::error!(
                    problem,
                    "the configuration cannot be used; the old one stays"
                );
            }
            self.site.health.refused(problems);
        }
        if self.told.is_some() {
            let (_, status) = self.site.health.summary();
            self.manager.ready(&status);
            self.told = Some(status);
        }
    }

    /// Goes on by another plan. A cycle under way ends by the old one.
    async fn adopt(&mut self, plan: Plan) -> Result<(), Error> {
        let now = wall_clock();
        if plan.schedule != self.plan.schedule {
            self.wind_up(&plan.schedule).await?;
            self.timetable = Timetable::new(plan.schedule.clone(), now);
            self.site.health.next(self.timetable.next());
        }
        for remark in &plan.remarks {
            tracing::warn!("{remark}");
        }
        tracing::info!(sources = plan.sources, schedule = %plan.schedule, "the new configuration holds");
        self.site.health.planned(&plan, now);
        self.plan = plan;
        if self.under_way.is_some() {
            self.pending = Some(Occasion::Reloaded);
        } else {
            self.begin(Occasion::Reloaded, now);
        }
        Ok(())
    }
}

/// A beat so often, however long one was waited for.
fn every(span: Duration) -> Interval {
    let mut beats = interval(span);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats
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
