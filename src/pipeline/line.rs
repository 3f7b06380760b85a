//! The line of stages, set up: a configuration with its archive and its way to documents.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, SubsecRound, Utc};

use super::archive::Archive;
use super::error::Error;
use super::merging;
use super::robots::{Gatekeeper, Memo};
use crate::config::Config;
use crate::fetch::{Door, Fetcher};
use crate::model::Source;
use crate::store::{self, Store, Write};

/// What tells the time: read once a run. Whoever goes through years in a minute brings a clock of their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A configuration with its archive and its client: all that a run needs. Cheap to clone.
#[derive(Clone)]
pub struct Pipeline {
    pub(super) config: Arc<Config>,
    pub(super) fetcher: Fetcher,
    store: Arc<Archive>,
    database: Arc<Path>,
    /// Whether the archive knows the configured sources.
    registered: Arc<AtomicBool>,
    robots: Memo,
    clock: Clock,
}

impl Pipeline {
    /// Opens the archive (made if it is not there) and the way to documents: the network, or a folder of recordings.
    /// With `record`, every answer is kept there.
    ///
    /// # Errors
    /// [`Error::Store`], [`Error::Client`] or [`Error::Thread`].
    pub fn open(config: Config, door: Door, record: Option<PathBuf>) -> Result<Self, Error> {
        let mut store = Store::open(&config.database)?;
        merging::register(&mut store, &config.sources, now())?;
        let fetcher = Fetcher::new(&config.fetch, door, record).map_err(Error::Client)?;
        Ok(Self {
            database: config.database.as_path().into(),
            config: Arc::new(config),
            store: Archive::new(store)?,
            registered: Arc::new(AtomicBool::new(true)),
            robots: Memo::default(),
            fetcher,
            clock: Arc::new(now),
        })
    }

    /// The same archive under another configuration, whose `database` is not heeded. Writes nothing: the next run tells the
    /// archive of the new sources. A run under way goes on with what it has.
    ///
    /// # Errors
    /// [`Error::Client`].
    pub fn reconfigured(&self, config: Config, door: Door) -> Result<Self, Error> {
        Ok(Self {
            fetcher: Fetcher::new(&config.fetch, door, None).map_err(Error::Client)?,
            config: Arc::new(config),
            store: Arc::clone(&self.store),
            database: Arc::clone(&self.database),
            registered: Arc::new(AtomicBool::new(false)),
            robots: self.robots.clone(),
            clock: Arc::clone(&self.clock),
        })
    }

    /// Tells the archive of the configured sources, unless it knows them.
    pub(super) async fn register(&self) -> Result<(), Error> {
        if !self.registered.load(Ordering::Acquire) {
            let config = Arc::clone(&self.config);
            let now = self.now();
            self.with_store(move |store| Ok(merging::register(store, &config.sources, now)?))
                .await?;
            self.registered.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// The same with another clock than the system's.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The time of a run that begins now, in whole seconds, as dates are published.
    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)().trunc_subsecs(0)
    }

    /// The archive's file: that of the configuration it was opened with.
    #[must_use]
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// What it is configured with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Who stands before the pages of `source`; nobody where its owner says so, or where no server is asked.
    pub(super) fn gatekeeper(&self, source: &Source, now: DateTime<Utc>) -> Option<Gatekeeper> {
        (source.robots && !self.fetcher.is_replay())
            .then(|| Gatekeeper::new(&self.fetcher, &self.store, &self.robots, source, now))
    }

    /// Runs `work` with the store on a thread where blocking is allowed.
    pub(super) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.store.with(work).await
    }

    /// Runs `change` in a transaction, which it may share with those of other sources; kept when this returns. It may run more
    /// than once, each time on what was there before.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Write<'_>) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.store.write(change).await
    }
}

/// The system's clock, in whole seconds, as dates are published.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(0)
}
