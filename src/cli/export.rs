//! `agg export`: all that the archive knows, as JSON Lines.

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use agg::pipeline;
use agg::store;
use clap::Args;

use super::archive;
use super::failure::Failure;
use super::global::{Global, load};
use super::screen::Screen;

#[derive(Args)]
pub(super) struct Arguments {
    /// Where to write it; without one, to stdout.
    file: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long, requires = "file")]
    force: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let store = archive::open(&config)?;
    if let Some(file) = &arguments.file {
        let lines = store
            .export_to(file, arguments.force)
            .map_err(pipeline::Error::from)?;
        screen.line(format!("{}: {lines} lines", file.display()))?;
        return Ok(0);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let written = store.export(&mut out).and_then(|_| {
        out.flush()
            .map_err(|source| store::Error::Output { source })
    });
    match written {
        // a reader that went away (`agg export | head`) is no error
        Err(store::Error::Output { source }) if source.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(pipeline::Error::from(error).into()),
        Ok(()) => Ok(0),
    }
}
