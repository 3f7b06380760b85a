//! `agg preview`: what would be taken from a page or feed, and from where in it; stores nothing.

mod arguments;
mod json;
mod rules;
mod table;
mod what;

use agg::fetch::{self, Fetcher};
use agg::pipeline::{self, Preview};

use super::failure::Failure;
use super::fetch::door;
use super::global::{Global, runtime};
use super::screen::Screen;
use arguments::Format;
use json::Json;
use what::Given;

pub(super) use arguments::Arguments;

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let Given {
        source,
        document,
        options,
    } = what::find(arguments, global, screen)?;
    let from_file = document.is_some();
    let preview = runtime()?.block_on(async {
        let fetcher = match (from_file, arguments.enrich) {
            (true, false) => None,
            _ => Some(
                Fetcher::new(&options, door(arguments.replay.as_ref())?, None).map_err(client)?,
            ),
        };
        Ok::<_, Failure>(pipeline::preview(&source, document, fetcher.as_ref()).await)
    })?;
    let preview = preview.map_err(|error| Failure::from(error).place(source.url.as_str()))?;
    match arguments.format {
        Format::Json => screen.json(&Json::from(&preview))?,
        Format::Toml => screen.line(rules::toml(&preview)?.trim_end())?,
        Format::Table => table::print(&preview, screen)?,
    }
    if !matches!(arguments.format, Format::Json) {
        remarks(&preview, screen);
    }
    Ok(0)
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
