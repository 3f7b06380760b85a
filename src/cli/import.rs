//! `agg import`: an export becomes an archive again; the sources of an OPML file go into feeds.toml.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use agg::config;
use agg::pipeline;
use agg::store::Store;
use clap::Args;
use url::Url;

use super::archive::Waiting;
use super::failure::Failure;
use super::global::{Global, load, runtime};
use super::screen::{Screen, count};

#[derive(Args)]
pub(super) struct Arguments {
    /// What `agg export` wrote, for a database that is empty or not there yet: all of it is taken, or nothing. Or OPML, as
    /// other readers export it: its sources are added to feeds.toml, with their folders as tags. `-` reads from stdin.
    file: PathBuf,
    #[command(flatten)]
    waiting: Waiting,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let name = arguments.file.display().to_string();
    let (mut from, name): (Box<dyn BufRead>, String) = if name == "-" {
        (Box::new(io::stdin().lock()), "stdin".to_owned())
    } else {
        let file = File::open(&arguments.file)
            .map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?;
        (Box::new(BufReader::new(file)), name)
    };
    if begins_as_xml(&mut from)
        .map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?
    {
        return add_sources(&mut from, &name, global, screen);
    }
    let config = load(&global.config)?;
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

/// True if what is to be read begins with a tag, in one or in several bytes a character.
fn begins_as_xml(from: &mut dyn BufRead) -> io::Result<bool> {
    let mut begin = from.fill_buf()?.iter();
    // byte order marks, and what fills up wide characters
    let first = begin.find(|byte| {
        !byte.is_ascii_whitespace() && !matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xff | 0xfe)
    });
    Ok(first == Some(&b'<'))
}

/// An address without the login that may be in it, for the screen.
fn shown(url: &Url) -> Url {
    let mut url = url.clone();
    // what cannot have a login has none
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url
}

/// Adds the sources of an OPML file to feeds.toml.
fn add_sources(
    from: &mut dyn BufRead,
    name: &str,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?;
    let wanted =
        config::outlines(&bytes).map_err(|error| Failure::new(format!("{name}: {error}")))?;
    let path = &global.config;
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::new(format!("cannot read {}: {error}", path.display()))
            .help("`agg init` writes one to start from; --config FILE names another")
    })?;
    let added = config::with_sources(&text, path, &wanted)
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    if !added.added.is_empty() {
        config::replace(path, &added.text).map_err(|error| {
            Failure::new(format!("cannot write {}: {error}", path.display()))
                .help("give yourself the right to write to the file and its folder")
        })?;
    }
    for outline in &added.added {
        let title = outline.title.as_deref().unwrap_or_default();
        screen.line(format!("added {} {title}", outline.url).trim_end())?;
    }
    for (outline, why) in &added.skipped {
        screen.remark(format!("left out {}: {why}", shown(&outline.url)));
    }
    screen.remark(format!(
        "{}: {} added, {} left out",
        path.display(),
        count(added.added.len(), "source", "sources"),
        added.skipped.len()
    ));
    Ok(0)
}
