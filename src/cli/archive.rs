//! The archive, for commands that only look into it.

use agg::config::Config;
use agg::model::{DateKind, Source};
use agg::store::Store;
use chrono::{DateTime, Utc};

use super::failure::Failure;

/// The archive of this configuration, if there is one yet.
pub(super) fn open(config: &Config) -> Result<Store, Failure> {
    if !config.database.exists() {
        return Err(Failure::new(format!(
            "there is no archive yet: {} is not there",
            config.database.display()
        ))
        .help("run `agg fetch` first"));
    }
    Store::open(&config.database).map_err(|error| agg::pipeline::Error::from(error).into())
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

/// A date as exactly as it is known; `~` where the source states none and it is when we first saw the entry.
pub(super) fn day(date: DateTime<Utc>, kind: DateKind) -> String {
    let pattern = match kind {
        DateKind::Instant | DateKind::Day => "%Y-%m-%d",
        DateKind::Month => "%Y-%m",
        DateKind::FirstSeen => "~%Y-%m-%d",
    };
    date.format(pattern).to_string()
}
