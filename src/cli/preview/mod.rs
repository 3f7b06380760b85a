//! `agg preview`: what would be taken from a page or feed, and from where in it; stores nothing.

mod arguments;
mod explain;
mod json;
mod reasons;
mod rules;
mod table;
mod what;

use agg::fetch::{self, Fetcher};
use agg::pipeline::{self, Explained, Preview, PreviewError};

use super::failure::Failure;
use super::fetch::door;
use super::global::{Global, runtime};
use super::screen::{BOLD, DIM, Screen};
use arguments::Format;
use json::{Json, Unread};
use what::Given;

pub(super) use arguments::Arguments;

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    if arguments.explain && matches!(arguments.format, Format::Toml) {
        return Err(Failure::usage(
            "--explain cannot go with --format toml: rules hold no reasons",
        )
        .help("leave one of them out, or use `--format json`"));
    }
    let Given {
        source,
        document,
        is_configured,
        options,
    } = what::find(arguments, global, screen)?;
    let failed = |error: PreviewError| Failure::from(error).place(source.url.as_str());
    let runtime = runtime()?;
    let fetcher = runtime.block_on(async {
        (document.is_none() || arguments.enrich)
            .then(|| Fetcher::new(&options, door(arguments.replay.as_ref())?, None).map_err(client))
            .transpose()
    })?;
    if arguments.explain {
        let explained = pipeline::explain(&source, document, fetcher.as_ref());
        let explained = runtime
            .block_on(explained)
            .map_err(|error| failed(error.into()))?;
        show_explained(&explained, arguments.format, screen)?;
        explained.preview.map_err(|error| failed(error.into()))?;
        return Ok(0);
    }
    let preview = pipeline::preview(&source, document, fetcher.as_ref());
    let preview = runtime.block_on(preview).map_err(failed)?;
    match arguments.format {
        Format::Json => screen.json(&Json::new(&preview, None))?,
        Format::Toml => screen.line(rules::toml(&preview, is_configured)?.trim_end())?,
        Format::Table => table::print(&preview, usize::MAX, screen)?,
    }
    if !matches!(arguments.format, Format::Json) {
        remarks(&preview, screen);
    }
    Ok(0)
}

/// The first `most` entries of what was taken.
pub(super) fn beginning(
    preview: &Preview,
    most: usize,
    screen: &mut Screen,
) -> std::io::Result<()> {
    table::print(preview, most, screen)
}

/// What was taken, or that nothing was, and why.
fn show_explained(
    explained: &Explained,
    format: Format,
    screen: &mut Screen,
) -> std::io::Result<()> {
    let explanation = &explained.explanation;
    match (&explained.preview, format) {
        (Ok(preview), Format::Json) => screen.json(&Json::new(preview, Some(explanation))),
        (Err(error), Format::Json) => screen.json(&Unread::new(explained, error.to_string())),
        (Ok(preview), _) => {
            table::head(preview, screen)?;
            explain::print(explanation, screen)?;
            remarks(preview, screen);
            Ok(())
        }
        (Err(_), _) => {
            screen.line(format!(
                "{BOLD}{}{BOLD:#} {DIM}({}, {} bytes){DIM:#}",
                explained.url, explanation.found, explained.bytes
            ))?;
            explain::print(explanation, screen)
        }
    }
}

/// What was odd, and where there is more.
fn remarks(preview: &Preview, screen: &mut Screen) {
    for warning in &preview.warnings {
        screen.warning(warning);
    }
    for feed in &preview.feeds {
        screen.remark(format!(
            "this page advertises a feed, which says more than a page: {feed}"
        ));
    }
    if let Some(next) = &preview.next {
        screen.remark(format!(
            "older posts are at {next}; `pages = 5` in its [[source]] reads up to 5 such pages the first time"
        ));
    }
}

fn client(error: fetch::Error) -> Failure {
    pipeline::Error::Client(error).into()
}
