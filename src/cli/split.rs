//! `agg split`: an entry is several, because a person says so.

use agg::model::SourceId;
use clap::Args;

use super::archive::{self, Waiting};
use super::failure::Failure;
use super::global::{Format, Global, load};
use super::list;
use super::screen::Screen;
use super::which;

#[derive(Args)]
pub(super) struct Arguments {
    /// Its number in `agg list`, its published id, its address, or the beginning of one of these two.
    #[arg(value_name = "ENTRY")]
    entry: String,
    /// Part only what this source shows from the rest; without it, every source's from every other's.
    #[arg(value_name = "SOURCE")]
    source: Option<String>,
    #[command(flatten)]
    waiting: Waiting,
    /// How to print the result.
    #[arg(long, default_value = "table")]
    format: Format,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let store = archive::open(&config)?;
    let entry = which::entry(&config, &store, &arguments.entry, screen)?;
    drop(store);
    let source = match &arguments.source {
        Some(name) => Some(SourceId::new(name).ok_or_else(|| {
            Failure::usage(format!("`{name}` is no name of a source")).help(format!(
                "`agg explain {}` names those that show the entry",
                entry.0
            ))
        })?),
        None => None,
    };
    let waiting = &arguments.waiting;
    let parted = waiting.with_pipeline(&config, "agg split", screen, async |pipeline| {
        pipeline.split(entry, source).await
    });
    let keys = parted?.map_err(|refused| {
        let help = match &refused {
            agg::pipeline::Refused::NotThere { known, .. } => {
                format!("it is shown by: {}", known.join(", "))
            }
            _ => format!("`agg explain {}` names those that show it", entry.0),
        };
        Failure::new(refused.to_string()).help(help)
    })?;
    list::those(&archive::open(&config)?, &keys, arguments.format, screen)?;
    screen.remark("they are entries of their own; the next publication shows it");
    Ok(0)
}
