//! What is to be previewed: an address, a file, a configured source, or a page that was kept of one.

use std::path::Path;

use agg::config::{self, Config};
use agg::model::{Document, Kept, Source, SourceId, SourceKind, Validators};
use agg::{fetch, pipeline, store};
use url::Url;

use super::super::archive;
use super::super::failure::Failure;
use super::super::global::{Global, load};
use super::super::screen::Screen;
use super::arguments::{Arguments, Stored};

/// What was given, ready to be read.
pub(super) struct Given {
    /// Where it is from, and how it is to be read.
    pub(super) source: Source,
    /// The document; `None`: it is to be fetched.
    pub(super) document: Option<Document>,
    /// True if the source stands in the configuration.
    pub(super) is_configured: bool,
    /// How to fetch.
    pub(super) options: fetch::Options,
}

/// Finds what the command line names.
pub(super) fn find(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<Given, Failure> {
    let config = Config::load(&global.config);
    let configured = config.as_ref().ok().and_then(|config| {
        config
            .sources
            .iter()
            .find(|source| source.id.as_str() == arguments.what)
            .cloned()
    });
    let is_configured = configured.is_some() || arguments.stored.is_some();
    let (mut source, document) = match (arguments.stored, configured, address(&arguments.what)) {
        (Some(which), ..) => stored(arguments, which, global, screen)?,
        (None, Some(source), _) => (source, None),
        (None, None, Some(url)) => (unconfigured(url), None),
        (None, None, None) => file(arguments, config.is_err(), screen)?,
    };
    source.enrich = arguments.enrich;
    let options = config.map(|config| config.fetch).unwrap_or_default();
    Ok(Given {
        source,
        document,
        is_configured,
        options,
    })
}

fn address(what: &str) -> Option<Url> {
    Url::parse(what)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// A source that stands in no configuration.
fn unconfigured(url: Url) -> Source {
    let id = config::source_id(&url)
        .or_else(|| SourceId::new("preview"))
        .expect("`preview` is an id");
    Source {
        id,
        url,
        title: None,
        kind: SourceKind::Auto,
        select: None,
        enrich: false,
        robots: true,
        pages: 1,
        interval: None,
        timezone: None,
        tags: Vec::new(),
        access: std::sync::Arc::default(),
    }
}

/// The kept page of a configured source.
fn stored(
    arguments: &Arguments,
    which: Stored,
    global: &Global,
    screen: &mut Screen,
) -> Result<(Source, Option<Document>), Failure> {
    let config = load(&global.config)?;
    let source = archive::source(&config, &arguments.what)?.clone();
    let which = match which {
        Stored::Good => Kept::Good,
        Stored::Bad => Kept::Bad,
    };
    let kept = match archive::open(&config)?.kept_page(&source.id, which) {
        Ok(Some(kept)) => kept,
        Ok(None) | Err(store::Error::UnknownSource { .. }) => {
            return Err(Failure::new(format!(
                "no {} page of {} is kept",
                which.as_str(),
                source.id
            ))
            .help(match which {
                Kept::Good => "one is kept when `agg fetch` has read the page; feeds are not kept",
                Kept::Bad => "one is kept when a page cannot be read as it was before",
            }));
        }
        Err(error) => return Err(pipeline::Error::from(error).into()),
    };
    let at = kept.at.format("%Y-%m-%d %H:%M UTC");
    screen.remark(format!(
        "the {} page of {}, as it was on {at}",
        which.as_str(),
        source.id
    ));
    if kept.is_cut {
        screen.warning(
            "only the beginning of this page was kept: what stood further down is missing",
        );
    }
    Ok((source, Some(kept.document)))
}

/// The document in a file, at the address it was taken from.
fn file(
    arguments: &Arguments,
    no_configuration: bool,
    screen: &mut Screen,
) -> Result<(Source, Option<Document>), Failure> {
    let path = Path::new(&arguments.what);
    let body = std::fs::read(path).map_err(|error| {
        let known = if no_configuration {
            " and there is no configuration to look it up in"
        } else {
            ""
        };
        Failure::new(format!("cannot read {}: {error}{known}", path.display())).help(
            "give an address with http:// or https://, a file, or the name of a configured source",
        )
    })?;
    let url = arguments.base_url.clone().unwrap_or_else(|| {
        screen.warning("without --base-url, relative links are shown as if the file stood at http://localhost/");
        Url::parse("http://localhost/").expect("a constant")
    });
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Failure::usage(format!(
            "--base-url {url}: not an http or https address"
        )));
    }
    let document = Document {
        url: url.clone(),
        media_type: None,
        charset: None,
        body: body.into(),
        validators: Validators::default(),
    };
    Ok((unconfigured(url), Some(document)))
}
