//! `agg export`: all that the archive knows, as JSON Lines; or its sources, as OPML.

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use agg::config::Config;
use agg::pipeline;
use agg::store::{self, Store};
use clap::Args;

use super::archive;
use super::failure::Failure;
use super::global::{Global, load};
use super::screen::Screen;

/// What the lines of an export are.
const LINES: &str = "\
Each line is an object; `line` says what it is. A field without a value is left out, times are RFC 3339, bodies HTML, \
bytes that are no text {\"hex\": \"…\"}. After {\"format\":\"agg archive\",\"version\":1} come, in this order:
  source            what is configured and was learnt: validators, failures, when it is due, where it has moved
  contract, page    what a healthy reading of its page looks like, and the pages that were kept
  robots            the robots.txt of a site
  entry             the merged article, under the number that `agg list` shows
  sighting          an entry as one source shows it, with its body; `home` is the entry it was at home with before a join
  alias             what an entry is recognised by
  joined, ruling, parted
                    entries that are one, and what people said of that
  pending, held     what the publisher has to look at, and what is held back
  ledger            what was published: id, date, and when
  feed, publication, archive, archive_document, output
                    feeds, what stands where in them, closed pages with their bytes, files that were written
  fetch             the fetch log
  end               how many lines there are between the first and this one";

#[derive(Args)]
#[command(after_help = LINES)]
pub(super) struct Arguments {
    /// Where to write it; without one, to stdout.
    file: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long, requires = "file")]
    force: bool,
    /// The list of sources as OPML, for other readers: what is published as sources.opml.
    #[arg(long)]
    opml: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    if arguments.opml {
        return sources(arguments, &config, screen);
    }
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

/// The list of sources as OPML.
fn sources(arguments: &Arguments, config: &Config, screen: &mut Screen) -> Result<u8, Failure> {
    // before the first run there is none
    let is_there = config.database.exists();
    let store = is_there.then(|| archive::open(config)).transpose()?;
    let list = pipeline::opml(store.as_ref(), config)?;
    if let Some(file) = &arguments.file {
        let size = Store::write_beside(&config.database, file, arguments.force, &list.body)
            .map_err(pipeline::Error::from)?;
        screen.line(format!("{}: {size} bytes", file.display()))?;
    } else {
        screen.line(String::from_utf8_lossy(&list.body).trim_end())?;
    }
    Ok(0)
}
