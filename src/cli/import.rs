//! `agg import`: an export becomes an archive again.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use agg::pipeline;
use agg::store::Store;
use clap::Args;

use super::archive::Waiting;
use super::failure::Failure;
use super::global::{Global, load, runtime};
use super::screen::{Screen, count};

#[derive(Args)]
pub(super) struct Arguments {
    /// What `agg export` wrote, for a database that is empty or not there yet; `-` reads it from stdin.
    file: PathBuf,
    #[command(flatten)]
    waiting: Waiting,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let name = arguments.file.display().to_string();
    let (mut from, name): (Box<dyn BufRead>, String) = if name == "-" {
        (Box::new(io::stdin().lock()), "stdin".to_owned())
    } else {
        let file = File::open(&arguments.file)
            .map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?;
        (Box::new(BufReader::new(file)), name)
    };
    let told = |text| screen.remark(text);
    let claim = arguments.waiting.claim(&config, "agg import", told);
    let _claim = runtime()?.block_on(claim)?;
    let mut store = Store::open(&config.database).map_err(pipeline::Error::from)?;
    store
        .import(&mut from, &name)
        .map_err(pipeline::Error::from)?;
    let totals = store.totals().map_err(pipeline::Error::from)?;
    screen.line(format!(
        "{}: {}, {} published",
        config.database.display(),
        count(
            usize::try_from(totals.entries).unwrap_or(usize::MAX),
            "entry",
            "entries"
        ),
        totals.published,
    ))?;
    screen.remark("`agg publish` writes its feeds");
    Ok(0)
}
