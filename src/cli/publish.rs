//! `agg publish`: the feeds again, from the archive.

use agg::config::Config;
use agg::model::HeldBack;
use agg::pipeline::{self, FeedDifference, Publication, Withdrawn};
use agg::publish::Difference;
use clap::Args;
use serde::Serialize;

use super::archive::{self, Waiting};
use super::failure::{Failure, Part};
use super::global::{Format, Global, load};
use super::screen::{BOLD, RED, Screen, count};

/// A promise to subscribers would be broken.
const WOULD_BREAK: u8 = 3;

#[derive(Args)]
pub(super) struct Arguments {
    /// Write nothing: tell what subscribers would see as new, changed, gone and moved. Exits with 3 if an id or a date that
    /// was published would change.
    #[arg(long)]
    diff: bool,
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
    /// Pages of archives that were written, for good.
    closed: usize,
    /// Files that were not written, each with what is in its place.
    in_the_way: Vec<(&'a str, &'static str)>,
    entered: usize,
    /// Dated in the future.
    held: usize,
    /// Floods, until they are confirmed or released.
    held_back: &'a [HeldBack],
    /// Files that are not published any more.
    removed: &'a [String],
    /// The same, left alone, each with why.
    left: &'a [(String, String)],
}

impl<'a> From<&'a Publication> for Published<'a> {
    fn from(publication: &'a Publication) -> Self {
        Self {
            changed: &publication.changed,
            unchanged: publication.documents.len()
                - publication.changed.len()
                - publication.in_the_way.len(),
            closed: publication.closed,
            in_the_way: (publication.in_the_way.iter())
                .map(|it| (it.path.as_str(), it.what))
                .collect(),
            entered: publication.entered,
            held: publication.held,
            held_back: &publication.held_back,
            removed: &publication.withdrawn.removed,
            left: &publication.withdrawn.left,
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    if arguments.diff {
        return diff(arguments.format, &config, screen);
    }
    let output = config.output.display().to_string();
    let waiting = &arguments.waiting;
    let publication = waiting.with_pipeline(&config, "agg publish", screen, async |pipeline| {
        pipeline.publish().await
    })?;
    match arguments.format {
        Format::Json => screen.json(&Published::from(&publication))?,
        Format::Table => screen.line(summary(&publication, &output))?,
    }
    remarks(&publication, screen);
    all_written(&publication, &output)?;
    Ok(0)
}

/// Tells the files that could not be published, as something else is in their place; all others were.
pub(super) fn all_written(publication: &Publication, output: &str) -> Result<(), Failure> {
    let mut parts = publication.in_the_way.iter().map(|it| Part {
        what: format!(
            "{output}/{} is {}: it is left alone, and was not published",
            it.path, it.what
        ),
        help: Some(
            "move it away, or name another `output` in feeds.toml, then run `agg publish`"
                .to_owned(),
        ),
        ..Part::default()
    });
    let Some(first) = parts.next() else {
        return Ok(());
    };
    let mut failure = Failure::of(first);
    failure.parts.extend(parts);
    Err(failure)
}

/// What would change; nothing does.
fn diff(format: Format, config: &Config, screen: &mut Screen) -> Result<u8, Failure> {
    let differences = pipeline::rehearse(archive::open_writable(config)?, config)?;
    match format {
        Format::Json => screen.json(&differences)?,
        Format::Table => {
            for difference in &differences {
                tell(difference, screen)?;
            }
        }
    }
    let broken: usize = (differences.iter())
        .map(|difference| difference.difference.broken.len())
        .sum();
    if broken == 0 {
        return Ok(0);
    }
    screen.warning(format!(
        "{} that subscribers have would change: is this the database that these files were written from?",
        count(broken, "id or date", "ids and dates")
    ));
    Ok(WOULD_BREAK)
}

/// The difference of one feed, a line an entry.
fn tell(of: &FeedDifference, screen: &mut Screen) -> Result<(), Failure> {
    let Difference {
        new,
        changed,
        gone,
        moved,
        broken,
    } = &of.difference;
    let parts = [
        (new, '+', "new"),
        (changed, '~', "changed"),
        (gone, '-', "gone"),
        (moved, '^', "moved"),
    ];
    let counts: Vec<String> = (parts.iter())
        .filter(|(seen, ..)| !seen.is_empty())
        .map(|(seen, _, word)| format!("{} {word}", seen.len()))
        .collect();
    let what = match (of.was_published, counts.is_empty() && broken.is_empty()) {
        (false, _) => format!("not published yet, {} entries", new.len()),
        (true, true) => "nothing would change".to_owned(),
        (true, false) => counts.join(", "),
    };
    screen.line(format!("{BOLD}{}{BOLD:#} ({}): {what}", of.feed, of.file))?;
    for (seen, sign, _) in parts {
        for entry in seen {
            screen.line(format!("  {sign} {}", entry.title))?;
        }
    }
    for it in broken {
        screen.line(format!(
            "  {RED}! {}{RED:#}: its {} {} would become {}",
            it.title, it.what, it.was, it.becomes
        ))?;
    }
    Ok(())
}

/// What went and what is held back.
pub(super) fn remarks(publication: &Publication, screen: &mut Screen) {
    let Withdrawn { removed, left } = &publication.withdrawn;
    if !removed.is_empty() {
        screen.remark(format!(
            "not published any more, and removed: {}",
            removed.join(", ")
        ));
    }
    for (path, why) in left {
        screen.warning(format!(
            "{path} is not published any more, and was left alone: {why}"
        ));
    }
    warn(&publication.held_back, screen);
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
    let files = publication.documents.len() - publication.in_the_way.len();
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
    if publication.closed > 0 {
        let pages = count(
            publication.closed,
            "page of an archive",
            "pages of archives",
        );
        text = format!("{text}, and {pages}");
    }
    if publication.held > 0 {
        let held = count(publication.held, "entry", "entries");
        text = format!("{text}; {held} dated in the future, held until due");
    }
    text
}
