//! What a damaged archive has come to.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// What became of an archive whose file was damaged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Where the damaged file is kept.
    pub damaged: PathBuf,
    /// How many rows were saved.
    pub saved: u64,
    /// What is lost, table by table, in sentences.
    pub lost: Vec<String>,
    /// What was lost and made anew, in sentences.
    pub rebuilt: Vec<String>,
    /// True if what was published may not all be on record any more.
    pub has_lost_ledger: bool,
    /// The tables that could not be read to their end.
    pub(super) torn: BTreeSet<String>,
}

impl Salvaged {
    pub(super) fn lose(&mut self, what: impl Into<String>) {
        self.lost.push(what.into());
    }

    pub(super) fn rebuild(&mut self, count: usize, what: &str) {
        if count > 0 {
            self.rebuilt.push(format!("{count} {what}"));
        }
    }
}
