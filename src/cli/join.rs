//! `agg join`: two entries are one, because a person says so.

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
    one: String,
    /// The other one. That which was published first goes on; the id of the other is never given again.
    #[arg(value_name = "OTHER")]
    other: String,
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
    let one = which::entry(&config, &store, &arguments.one, screen)?;
    let other = which::entry(&config, &store, &arguments.other, screen)?;
    drop(store);
    let waiting = &arguments.waiting;
    let joined = waiting.with_pipeline(&config, "agg join", screen, async |pipeline| {
        pipeline.join(one, other).await
    });
    let key = joined?.map_err(|refused| {
        Failure::new(refused.to_string()).help(format!("`agg explain {}` says why", one.0))
    })?;
    list::those(&archive::open(&config)?, &[key], arguments.format, screen)?;
    screen.remark("they are one; the next publication shows it");
    Ok(0)
}
