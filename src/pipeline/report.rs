//! What a run came to.

use crate::model::{Outcome, SourceId};

use super::error::Error;
use super::prune::GivenUp;
use super::publish::Publication;

/// How sources are asked in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    /// Ask those too that are not due, but for those whose server has said when (`Retry-After`).
    pub force: bool,
    /// Take what their pages show now, though it is unlike what they showed before, and begin their contracts anew.
    pub accept: bool,
}

/// What happens while a run goes on, for whoever watches.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// So many sources will be asked.
    Sources(usize),
    /// This one is being asked now.
    Asking(&'a SourceId),
    /// So many article pages of it are being asked for.
    Articles(&'a SourceId, usize),
    /// This one is done.
    Done(&'a Outcome),
}

/// Told of what goes on.
pub type Watch<'a> = &'a (dyn Fn(Progress<'_>) + Sync);

/// What an update came to: one outcome a source, and what was published.
#[derive(Debug)]
pub struct Report {
    /// One for each source that was chosen, in the configuration's order.
    pub outcomes: Vec<Outcome>,
    /// True if every source failed at the connection: our own network is to blame, and nobody was charged.
    pub network_down: bool,
    /// What was written; `None` if the run was stopped before.
    pub publication: Option<Publication>,
    /// The bodies that were given up, as `[retain]` says, of each source that lost any.
    pub pruned: Vec<GivenUp>,
    /// Why the run could not go on, if so. What is in `outcomes` was stored all the same.
    pub stopped: Option<Error>,
}

impl Report {
    /// How many sources failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.kind.is_failure())
            .count()
    }

    /// How many entries were never seen before, and how many had changed.
    #[must_use]
    pub fn changes(&self) -> (usize, usize) {
        self.outcomes.iter().fold((0, 0), |(new, updated), o| {
            (new + o.new, updated + o.updated)
        })
    }
}
