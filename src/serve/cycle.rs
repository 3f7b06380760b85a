//! What a cycle gives the service.

use crate::model::{Document, Outcome};
use crate::pipeline::{Archived, Standing};

/// What one cycle came to.
#[derive(Clone, Debug, Default)]
pub struct Cycle {
    /// All that is published now, each with its path (`atom.xml`, `index.html`, `tech/rss.xml`); what is not among it is
    /// published no longer.
    pub documents: Vec<(String, Document)>,
    /// The closed pages of archives, which are served from their files.
    pub archived: Vec<Archived>,
    /// One for each source that this cycle chose.
    pub outcomes: Vec<Outcome>,
    /// How all stands now.
    pub standing: Standing,
}

/// Why a cycle could not run at all.
pub type CycleError = Box<dyn std::error::Error + Send + Sync>;
