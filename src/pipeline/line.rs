//! The line of stages, set up: a configuration with its archive and its way to documents.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, SubsecRound, Utc};

use super::error::Error;
use crate::config::Config;
use crate::fetch::{Door, Fetcher};
use crate::store::Store;

/// A configuration with its archive and its client: all that a run needs. Cheap to clone.
#[derive(Clone)]
pub struct Pipeline {
    pub(super) config: Arc<Config>,
    pub(super) fetcher: Fetcher,
    store: Arc<Mutex<Store>>,
}

impl Pipeline {
    /// Opens the archive (made if it is not there) and the way to documents: the network, or a folder of recordings.
    /// With `record`, every answer is kept there.
    ///
    /// # Errors
    /// [`Error::Store`] or [`Error::Client`].
    pub fn open(config: Config, door: Door, record: Option<PathBuf>) -> Result<Self, Error> {
        let mut store = Store::open(&config.database)?;
        store.register(&config.sources)?;
        let fetcher = Fetcher::new(&config.fetch, door, record).map_err(Error::Client)?;
        Ok(Self {
            config: Arc::new(config),
            store: Arc::new(Mutex::new(store)),
            fetcher,
        })
    }

    /// What it was configured with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Runs `work` with the store on a thread where blocking is allowed.
    pub(super) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || work(&mut lock(&store))).await?
    }
}

/// The store, whoever held it last: its transactions roll back when a holder panics.
fn lock(store: &Mutex<Store>) -> MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The one reading of the clock in a run, in whole seconds, as dates are published.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub(super) fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(0)
}
