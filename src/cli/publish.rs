//! `agg publish`: the feeds again, from the archive.

use agg::fetch::Door;
use agg::model::HeldBack;
use agg::pipeline::{Pipeline, Publication};
use clap::Args;
use serde::Serialize;

use super::archive::Waiting;
use super::failure::Failure;
use super::global::{Format, Global, load, runtime};
use super::screen::{Screen, count};

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    waiting: Waiting,
    /// How to print the result.
    #[arg(long, default_value = "table")]
    format: Format,
}

/// What was published, for programs.
#[derive(Serialize)]
pub(super) struct Published<'a> {
    changed: &'a [String],
    unchanged: usize,
    entered: usize,
    /// Dated in the future.
    held: usize,
    /// Floods, until they are confirmed or released.
    held_back: &'a [HeldBack],
}

impl<'a> From<&'a Publication> for Published<'a> {
    fn from(publication: &'a Publication) -> Self {
        Self {
            changed: &publication.changed,
            unchanged: publication.documents.len() - publication.changed.len(),
            entered: publication.entered,
            held: publication.held,
            held_back: &publication.held_back,
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let output = config.output.display().to_string();
    let runtime = runtime()?;
    let publication = runtime.block_on(async {
        let told = |text| screen.remark(text);
        let _claim = arguments
            .waiting
            .claim(&config, "agg publish", told)
            .await?;
        let pipeline = Pipeline::open(config, Door::Network, None)?;
        Ok::<_, Failure>(pipeline.publish().await?)
    })?;
    match arguments.format {
        Format::Json => screen.json(&Published::from(&publication))?,
        Format::Table => screen.line(summary(&publication, &output))?,
    }
    warn(&publication.held_back, screen);
    Ok(0)
}

/// What is held back, and what to do.
pub(super) fn warn(held_back: &[HeldBack], screen: &mut Screen) {
    for held in held_back {
        screen.warning(format!(
            "{}: {} came at once and {} held back since {}: they are published when a later run still finds them \
             there, or now by `agg release {}`",
            held.source,
            count(held.entries, "new entry", "new entries"),
            if held.entries == 1 { "is" } else { "are" },
            held.since.format("%Y-%m-%d %H:%M"),
            held.source,
        ));
    }
}

/// What was written, in a sentence.
pub(super) fn summary(publication: &Publication, output: &str) -> String {
    let files = publication.documents.len();
    let changed = publication.changed.len();
    let mut text = match changed {
        0 => format!("{output}: {}, all unchanged", count(files, "file", "files")),
        _ if changed == files => format!("{output}: {} written", count(files, "file", "files")),
        _ => format!(
            "{output}: {} written ({}), {} unchanged",
            changed,
            publication.changed.join(", "),
            files - changed
        ),
    };
    if publication.held > 0 {
        let held = count(publication.held, "entry", "entries");
        text = format!("{text}; {held} dated in the future, held until due");
    }
    text
}
