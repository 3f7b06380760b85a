//! What the service runs, and when; and what is given to it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::cycle::{Cycle, CycleError};
use super::manager::Manager;
use super::pulse::Pulse;
use crate::schedule::Schedule;

/// Runs one cycle. It is never called while an earlier one runs, and tells the [`Pulse`] whenever it gets on.
pub type RunCycle =
    dyn Fn(Occasion, Pulse) -> BoxFuture<'static, Result<Cycle, CycleError>> + Send + Sync;

/// Reads the configuration again: a new plan, or every problem with its place, a line each. May block.
pub type Reload = dyn Fn() -> Result<Plan, Vec<String>> + Send + Sync;

/// Why a cycle runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The service starts, or the schedule says so: every source that is due is asked.
    Due,
    /// The configuration was read again: what is published follows it at once, and what is new in it is asked.
    Reloaded,
}

/// What the service runs, and when: a configuration as the service needs it.
#[derive(Clone)]
pub struct Plan {
    /// When cycles run.
    pub schedule: Schedule,
    /// How many sources there are.
    pub sources: usize,
    /// What in the configuration does not hold before a restart, a sentence each.
    pub remarks: Vec<String>,
    /// Runs one cycle.
    pub cycle: Arc<RunCycle>,
}

/// How the service is steered from outside.
pub struct Control {
    /// Reads the configuration again.
    pub reload: Arc<Reload>,
    /// A message for each wish that it be read again.
    pub hangups: mpsc::Receiver<()>,
    /// Who is told how we are.
    pub manager: Manager,
    /// Cancelled when it is time to end.
    pub shutdown: CancellationToken,
}
