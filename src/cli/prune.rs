//! `agg prune`: give up the bodies that `[retain]` does not keep.

use agg::pipeline::{self, GivenUp, Room};
use clap::Args;
use serde::Serialize;

use super::archive::{self, Waiting};
use super::failure::Failure;
use super::global::{Format, Global, load, runtime};
use super::screen::{self, Screen, count};

#[derive(Args)]
pub(super) struct Arguments {
    /// Tell what would be given up, and give up nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write the whole file anew, so that the disk has back all that is free in it. Takes as much room again while it lasts.
    #[arg(long, conflicts_with = "dry_run")]
    compact: bool,
    #[command(flatten)]
    waiting: Waiting,
    /// How to print the result.
    #[arg(long, default_value = "table")]
    format: Format,
}

/// The result for programs.
#[derive(Serialize)]
struct Json<'a> {
    sources: &'a [GivenUp],
    /// Of a dry run there is none.
    #[serde(flatten)]
    room: Option<Room>,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let now = pipeline::now();
    drop(archive::open(&config)?);
    if config.retention.keeps_all() {
        screen.remark("everything is kept: feeds.toml has no [retain], and no source has one");
    }
    if arguments.dry_run {
        let sources = pipeline::prunable(&archive::open(&config)?, &config, now)?;
        tell(&sources, None, arguments.format, screen)?;
        return Ok(0);
    }
    let told = |text| screen.remark(text);
    let claim = arguments.waiting.claim(&config, "agg prune", told);
    let _claim = runtime()?.block_on(claim)?;
    let mut store = archive::open_writable(&config)?;
    let sources = pipeline::prune(&mut store, &config, now)?;
    let room = pipeline::give_back(&mut store, arguments.compact)?;
    tell(&sources, Some(room), arguments.format, screen)?;
    if !room.shrinks && room.free > 0 {
        screen.remark(format!(
            "{} are free in {}, and used again; `agg prune --compact` gives them back to the disk",
            size(room.free),
            config.database.display()
        ));
    }
    Ok(0)
}

fn tell(
    sources: &[GivenUp],
    room: Option<Room>,
    format: Format,
    screen: &mut Screen,
) -> Result<(), Failure> {
    if matches!(format, Format::Json) {
        return Ok(screen.json(&Json { sources, room })?);
    }
    if !sources.is_empty() {
        let mut table = screen::table(&["source", ">entries", ">room"]);
        for it in sources {
            table.add_row([
                it.source.to_string(),
                it.entries.to_string(),
                size(it.bytes),
            ]);
        }
        screen.table(&table, |_| anstyle::Style::new())?;
        screen.line("")?;
    }
    let total = summary(sources);
    let line = match room {
        None if sources.is_empty() => "nothing would be given up".to_owned(),
        None => format!("{total} would be given up"),
        Some(room) if sources.is_empty() && room.returned == 0 => "nothing to give up".to_owned(),
        Some(room) => format!(
            "{total} given up; {} given back to the disk",
            size(room.returned)
        ),
    };
    screen.line(line)?;
    Ok(())
}

/// `the bodies of 12 entries, 34 kB`
pub(super) fn summary(sources: &[GivenUp]) -> String {
    let entries: usize = sources.iter().map(|it| it.entries).sum();
    let bytes: u64 = sources.iter().map(|it| it.bytes).sum();
    let whose = count(entries, "entry", "entries");
    format!("the bodies of {whose}, {},", size(bytes))
}

/// A number of bytes for people.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} bytes");
    }
    let (mut whole, mut tenth, mut unit) = (bytes / 1000, bytes % 1000 / 100, 0);
    while whole >= 1000 && unit + 1 < UNITS.len() {
        (whole, tenth, unit) = (whole / 1000, whole % 1000 / 100, unit + 1);
    }
    if whole < 10 {
        format!("{whole}.{tenth} {}", UNITS[unit])
    } else {
        format!("{whole} {}", UNITS[unit])
    }
}
