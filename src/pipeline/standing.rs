//! How all stands after a run: what a service tells whoever watches it.

use super::error::Error;
use super::line::Pipeline;
use crate::model::{OutcomeKind, SourceId, SourceState};

/// How all stands: each configured source, and the archive.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The configured sources in their order, each with what was learnt of it.
    pub sources: Vec<(SourceId, SourceState)>,
    /// How many entries the archive holds.
    pub entries: u64,
}

impl Standing {
    /// The sources that failed when they were asked last.
    pub fn failing(&self) -> impl Iterator<Item = &SourceId> {
        self.sources
            .iter()
            .filter(|(_, state)| state.last_outcome.is_some_and(OutcomeKind::is_failure))
            .map(|(id, _)| id)
    }
}

impl Pipeline {
    /// How all stands now.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn standing(&self) -> Result<Standing, Error> {
        let config = std::sync::Arc::clone(&self.config);
        self.with_store(move |store| {
            let mut states = store.states()?;
            let sources = config.sources.iter().map(|source| {
                let state = states.remove(&source.id).unwrap_or_default();
                (source.id.clone(), state)
            });
            Ok(Standing {
                sources: sources.collect(),
                entries: store.totals()?.entries,
            })
        })
        .await
    }
}
