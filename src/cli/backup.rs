//! `agg backup`: a copy of the archive, while agg runs.

use std::path::PathBuf;

use agg::pipeline;
use clap::Args;

use super::archive;
use super::failure::Failure;
use super::global::{Global, load};
use super::screen::Screen;

#[derive(Args)]
pub(super) struct Arguments {
    /// Where to write the copy. To go back to it, stop agg, remove the database with the files beside it (`agg.db-wal`,
    /// `agg.db-shm`), and put the copy in its place.
    file: PathBuf,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let store = archive::open(&config)?;
    let size = store
        .backup(&arguments.file, arguments.force)
        .map_err(pipeline::Error::from)?;
    screen.line(format!("{}: {size} bytes", arguments.file.display()))?;
    Ok(0)
}
