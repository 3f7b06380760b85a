//! `agg add`: a new source, looked at before it is added to feeds.toml.

use std::fs;
use std::path::{Path, PathBuf};

use agg::config::{self, AddError, NewSource, WithSource};
use agg::fetch::{self, Fetcher};
use agg::model::{DocumentKind, Source, SourceId, SourceKind};
use agg::normalise;
use agg::pipeline::{self, Found, PreviewError};
use clap::{Args, ValueEnum};
use serde::Serialize;
use url::Url;

use super::failure::Failure;
use super::fetch::door;
use super::fix::difference;
use super::global::{Format, Global, runtime};
use super::preview;
use super::screen::Screen;

/// So many entries are shown.
const SHOWN: usize = 5;
/// Some of several addresses could not be added.
const SOME_FAILED: u8 = 3;

#[derive(Args)]
pub(super) struct Arguments {
    /// Addresses of feeds, or of pages that list posts; https where nothing is said.
    #[arg(value_name = "URL", required = true)]
    addresses: Vec<String>,
    /// The name of the source; else one is made from the address.
    #[arg(long, value_name = "NAME")]
    id: Option<String>,
    /// How it is to be read; `page` also where the page advertises a feed.
    #[arg(long, default_value = "auto")]
    kind: Kind,
    /// Show what would be added, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Add it though nothing good could be read there.
    #[arg(long)]
    yes: bool,
    /// Take every answer from this folder, and nothing from the network.
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
    /// How to print the result.
    #[arg(long, default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Auto,
    Feed,
    Page,
}

impl From<Kind> for SourceKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Auto => Self::Auto,
            Kind::Feed => Self::Feed,
            Kind::Page => Self::Page,
        }
    }
}

/// What became of an address, for programs.
#[derive(Serialize)]
struct Json {
    address: String,
    /// Where it was found, after redirects.
    url: Option<Url>,
    /// The name that it was given, or would have been.
    id: Option<SourceId>,
    added: bool,
    kind: Option<&'static str>,
    title: Option<String>,
    entries: usize,
    /// Feeds that the page advertises.
    feeds: Vec<Url>,
    problem: Option<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    if arguments.id.is_some() && arguments.addresses.len() > 1 {
        return Err(Failure::usage("--id is the name of one source")
            .help("add one address at a time, or leave the names to agg"));
    }
    let mut all = Vec::new();
    let mut failures = Vec::new();
    for address in &arguments.addresses {
        let mut told = Json {
            address: address.clone(),
            url: None,
            id: None,
            added: false,
            kind: None,
            title: None,
            entries: 0,
            feeds: Vec::new(),
            problem: None,
        };
        if let Err(failure) = add(address, arguments, &global.config, &mut told, screen) {
            told.problem = Some(failure.lines().join("; "));
            failures.push(failure);
        }
        all.push(told);
    }
    if arguments.format == Format::Json {
        screen.json(&all)?;
    }
    let is_any_fine = failures.len() < all.len();
    let Some(last) = failures.pop() else {
        return Ok(0);
    };
    for failure in &failures {
        screen.failure(failure);
    }
    if is_any_fine {
        screen.failure(&last);
        return Ok(SOME_FAILED);
    }
    Err(last)
}

/// Looks at one address, and adds it if it is fine.
fn add(
    address: &str,
    arguments: &Arguments,
    path: &Path,
    told: &mut Json,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let url = parsed(address)?;
    let wanted = NewSource {
        url: &url,
        id: arguments.id.as_deref(),
        kind: arguments.kind.into(),
    };
    // what cannot be added is not asked for
    let WithSource { config, source, .. } = with_source(path, wanted)?;
    told.id = Some(source.id.clone());
    let found = runtime()?.block_on(async {
        let door = door(arguments.replay.as_ref())?;
        let fetcher = Fetcher::new(&config.fetch, door, None).map_err(client)?;
        Ok::<_, Failure>(pipeline::look(&source, &fetcher).await)
    })?;
    let mut moved = None;
    let doubt = match found {
        Ok(found) => {
            moved.clone_from(&found.moved);
            let others: Vec<&Source> = (config.sources.iter())
                .filter(|it| it.id != source.id)
                .collect();
            tell(&found, told);
            is_new(&found, &others)?;
            if arguments.format == Format::Table {
                show(&found, &url, screen)?;
            }
            doubt(&found, arguments, &others)
        }
        Err(error) => Some(Failure::from(error).place(url.as_str())),
    };
    match doubt {
        Some(failure) if !arguments.yes => return Err(failure),
        Some(failure) => screen.warning(failure.lines().join("; ")),
        None => {}
    }
    // where a site says that it is for good, it is read
    let wanted = NewSource {
        url: moved.as_ref().unwrap_or(&url),
        ..wanted
    };
    told.id = Some(write(path, wanted, arguments, screen)?);
    told.added = !arguments.dry_run;
    Ok(())
}

/// The address as a person gives it.
fn parsed(address: &str) -> Result<Url, Failure> {
    let address = &*config::without_feed_scheme(address);
    let with_scheme = if address.contains("://") {
        address.to_owned()
    } else {
        format!("https://{address}")
    };
    Url::parse(&with_scheme)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| {
            Failure::usage(format!("`{address}` is no address"))
                .help("give one as in https://example.org/blog")
        })
}

/// The configuration as it is now, with the source.
fn with_source(path: &Path, wanted: NewSource<'_>) -> Result<WithSource, Failure> {
    let text = fs::read_to_string(path).map_err(|cause| {
        Failure::from(config::Error::Unreadable {
            path: path.to_owned(),
            cause,
        })
    })?;
    config::with_source(&text, path, wanted).map_err(|error| match error {
        AddError::Invalid(error) => error.into(),
        AddError::Known { ref id, .. } => Failure::new(error.to_string())
            .place(path.display().to_string())
            .help(format!(
                "nothing is to be done; `agg preview {id}` shows what it gives"
            )),
        AddError::Name(_) => {
            Failure::usage(error.to_string()).help("use up to 64 characters of a-z, 0-9, -, _ and ., a letter or digit among them, and no . in front")
        }
        AddError::Text(_) => Failure::new(error.to_string()).place(path.display().to_string()),
        AddError::Taken(_) => Failure::new(error.to_string()).help("give it another --id"),
    })
}

fn tell(found: &Found, told: &mut Json) {
    told.url = Some(found.url.clone());
    told.feeds.clone_from(&found.feeds);
    if let Ok(preview) = &found.preview {
        told.kind = Some(match preview.kind {
            DocumentKind::Feed => "feed",
            DocumentKind::Page => "page",
        });
        told.title.clone_from(&preview.title);
        told.entries = preview.entries.len();
    }
}

/// Refuses an address that leads to what is read already.
fn is_new(found: &Found, others: &[&Source]) -> Result<(), Failure> {
    match known(&found.url, others) {
        Some(id) => Err(Failure::new(format!(
            "it leads to {}, which is read already, as `{id}`",
            found.url
        ))),
        None => Ok(()),
    }
}

fn known<'a>(url: &Url, others: &[&'a Source]) -> Option<&'a SourceId> {
    let key = normalise::canonical_key(url);
    let same = |it: &&&Source| normalise::canonical_key(&it.url) == key;
    others.iter().find(same).map(|it| &it.id)
}

/// What it would give.
fn show(found: &Found, asked: &Url, screen: &mut Screen) -> Result<(), Failure> {
    if let Some(moved) = &found.moved {
        screen.remark(format!(
            "{asked} has moved for good to {moved}, which is added instead"
        ));
    } else if found.url != *asked {
        screen.remark(format!("{asked} leads to {}", found.url));
    }
    if let Ok(preview) = &found.preview {
        preview::beginning(preview, SHOWN, screen)?;
        for warning in &preview.warnings {
            screen.warning(warning);
        }
    }
    for feed in &found.feeds {
        screen.remark(format!("it advertises a feed: {feed}"));
    }
    Ok(())
}

/// Why it should not be added as it is.
fn doubt(found: &Found, arguments: &Arguments, others: &[&Source]) -> Option<Failure> {
    if !matches!(arguments.kind, Kind::Page)
        && let Some(feed) = found.feeds.first()
    {
        let failure = Failure::new(format!(
            "{} is a page that advertises a feed, which says more than a page",
            found.url
        ));
        return Some(match known(feed, others) {
            Some(id) => failure.help(format!("nothing is to be done: `{id}` reads that feed")),
            None => failure.help(format!(
                "`agg add {feed}` adds the feed, `--kind page` the page itself"
            )),
        });
    }
    let preview = match &found.preview {
        Ok(preview) => preview,
        Err(error) => {
            return Some(
                Failure::from(PreviewError::from(error.clone())).place(found.url.as_str()),
            );
        }
    };
    if let Some(error) = &found.disallowed {
        let failure = Failure::new(error.to_string()).place(found.url.as_str());
        return Some(match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        });
    }
    preview.entries.is_empty().then(|| {
        Failure::new("there is nothing in it yet")
            .place(found.url.as_str())
            .help("`--yes` adds it all the same")
    })
}

/// Puts the source into the file, which may have changed while we looked; gives its name.
fn write(
    path: &Path,
    wanted: NewSource<'_>,
    arguments: &Arguments,
    screen: &mut Screen,
) -> Result<SourceId, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(format!("cannot write {}: {error}", path.display())).help(
            "make the change by hand, or give yourself the right to write to the file and its folder",
        )
    };
    let old = fs::read_to_string(path).map_err(cannot)?;
    let WithSource { text, source, .. } = with_source(path, wanted)?;
    if arguments.format == Format::Table {
        screen.line("")?;
        screen.line(format!("--- {0}\n+++ {0}", path.display()))?;
        for line in difference(&old, &text) {
            screen.line(line)?;
        }
    }
    if arguments.dry_run {
        screen.remark("nothing was changed; without --dry-run it is");
        return Ok(source.id);
    }
    config::replace(path, &text).map_err(cannot)?;
    screen.remark(format!(
        "added; `agg fetch {}` reads it now, `agg serve` when it is told to reload",
        source.id
    ));
    Ok(source.id)
}

fn client(error: fetch::Error) -> Failure {
    pipeline::Error::Client(error).into()
}
