//! Why the service cannot run.

/// Why the service could not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The scheduler did not take the schedule.
    #[error("the scheduler does not take `{schedule}`: {cause}")]
    Scheduler {
        /// The schedule as written.
        schedule: String,
        /// What the scheduler said.
        cause: String,
    },
}
