//! The archive: for commands that only look into it, and for those that write, one at a time.

use std::path::Path;
use std::time::Duration;

use agg::config::{self, Config};
use agg::fetch::Door;
use agg::model::{DateKind, Source};
use agg::pipeline::{self, Pipeline};
use agg::store::{self, Claim, Holder, Store};
use chrono::{DateTime, Utc};
use clap::Args;

use super::failure::Failure;
use super::global::runtime;
use super::screen::Screen;

/// For commands that write into the archive.
#[derive(Args)]
pub(super) struct Waiting {
    /// How long to wait for another agg that writes into the same archive.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = config::duration)]
    wait: Duration,
}

impl Waiting {
    /// The right to write into the archive, once no other run writes. `told` hears for whom we wait.
    pub(super) async fn claim(
        &self,
        config: &Config,
        command: &str,
        told: impl Fn(String) + Sync,
    ) -> Result<Claim, Failure> {
        let told = |holder: Option<&Holder>| told(waits_for(holder));
        Ok(pipeline::claim(&config.database, command, self.wait, &told).await?)
    }

    /// Does `work`, which asks no network, while no other run writes.
    pub(super) fn with_pipeline<T>(
        &self,
        config: &Config,
        command: &str,
        screen: &Screen,
        work: impl AsyncFnOnce(Pipeline) -> Result<T, pipeline::Error>,
    ) -> Result<T, Failure> {
        runtime()?.block_on(async {
            let told = |text| screen.remark(text);
            let _claim = self.claim(config, command, told).await?;
            let pipeline = Pipeline::open(config.clone(), Door::Network, None)?;
            Ok(work(pipeline).await?)
        })
    }
}

/// For whom we wait, in a sentence.
pub(super) fn waits_for(holder: Option<&Holder>) -> String {
    let who = holder.map_or_else(|| "another agg".to_owned(), Holder::to_string);
    format!("waiting for {who}, which writes into the same archive")
}

/// The archive of this configuration, if there is one yet, to look into.
pub(super) fn open(config: &Config) -> Result<Store, Failure> {
    opened(config, Store::open_to_read)
}

/// The same for questions whose answer takes writing, where the archive can be written: a search indexes first what has come
/// since the last one, and a rehearsal of a publication writes what it then takes back.
pub(super) fn open_writable(config: &Config) -> Result<Store, Failure> {
    opened(config, |path| match Store::open(path) {
        Err(store::Error::ReadOnly { .. } | store::Error::CannotOpen { .. }) => {
            Store::open_to_read(path)
        }
        other => other,
    })
}

/// What is wrong with the file, if it is so damaged that it cannot be opened.
pub(super) fn damage(config: &Config) -> Result<Option<String>, Failure> {
    let mut what = None;
    let sound = opened(config, |path| match Store::open_to_read(path) {
        Err(error) if error.is_damage() => {
            what = Some(pipeline::with_causes(&error));
            Err(error)
        }
        other => other,
    });
    match (sound, what) {
        (_, Some(what)) => Ok(Some(what)),
        (sound, None) => sound.map(|_| None),
    }
}

fn opened(
    config: &Config,
    open: impl FnOnce(&Path) -> Result<Store, store::Error>,
) -> Result<Store, Failure> {
    if !config.database.exists() {
        return Err(Failure::new(format!(
            "there is no archive yet: {} is not there",
            config.database.display()
        ))
        .help("run `agg fetch` first"));
    }
    open(&config.database).map_err(|error| pipeline::Error::from(error).into())
}

/// The configured source of that name.
pub(super) fn source<'a>(config: &'a Config, name: &str) -> Result<&'a Source, Failure> {
    config
        .sources
        .iter()
        .find(|source| source.id.as_str() == name)
        .ok_or_else(|| {
            let known: Vec<&str> = config
                .sources
                .iter()
                .map(|source| source.id.as_str())
                .collect();
            Failure::usage(format!("there is no source called `{name}`"))
                .help(format!("there are: {}", known.join(", ")))
        })
}

/// A date as exactly as it is known; `~` where the source states none, and it is when the entry was last
/// changed, when we first saw it, or where it stands among its neighbours.
pub(super) fn day(date: DateTime<Utc>, kind: DateKind) -> String {
    let pattern = match kind {
        DateKind::Instant | DateKind::Day => "%Y-%m-%d",
        DateKind::Month => "%Y-%m",
        DateKind::Updated | DateKind::FirstSeen | DateKind::Placed => "~%Y-%m-%d",
    };
    date.format(pattern).to_string()
}
