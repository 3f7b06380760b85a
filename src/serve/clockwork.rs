//! The scheduler: one job, in UTC, whose firing is only a message. Whether a cycle runs then is decided by who hears it:
//! the scheduler fires in between, starts a job that still runs once more, and may fire after it was shut down.

use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use super::error::Error;
use crate::schedule::Schedule;

/// A running scheduler.
pub(super) struct Clockwork {
    scheduler: JobScheduler,
    fired: mpsc::Receiver<()>,
}

impl Clockwork {
    /// Starts firing by `schedule`.
    pub(super) async fn start(schedule: &Schedule) -> Result<Self, Error> {
        let refused = |cause: JobSchedulerError| Error::Scheduler {
            schedule: schedule.to_string(),
            cause: cause.to_string(),
        };
        // a firing that nobody has heard yet says all that a second one would
        let (fire, fired) = mpsc::channel(1);
        let scheduler = JobScheduler::new().await.map_err(refused)?;
        let job = Job::new_async(schedule.cron(), move |_, _| {
            let fire = fire.clone();
            Box::pin(async move {
                let _ = fire.try_send(());
            })
        })
        .map_err(refused)?;
        scheduler.add(job).await.map_err(refused)?;
        scheduler.start().await.map_err(refused)?;
        Ok(Self { scheduler, fired })
    }

    /// Waits until it fires; for ever, if it does not any more.
    pub(super) async fn fired(&mut self) {
        if self.fired.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }

    /// Stops it.
    pub(super) async fn stop(&mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the scheduler did not shut down");
        }
    }
}
