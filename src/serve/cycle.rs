//! What a cycle gives the service.

use crate::model::{Document, Outcome};

/// What one cycle came to.
#[derive(Clone, Debug, Default)]
pub struct Cycle {
    /// All that is published now, each with its path (`atom.xml`, `index.html`, `tech/rss.xml`); what is not among it is
    /// published no longer.
    pub documents: Vec<(String, Document)>,
    /// One for each source.
    pub outcomes: Vec<Outcome>,
}

/// Why a cycle could not run at all.
pub type CycleError = Box<dyn std::error::Error + Send + Sync>;
