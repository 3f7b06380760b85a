//! `agg doctor`: is the archive sound, and what to do where it is not.

use agg::config::Config;
use agg::pipeline::{self, Examined};
use agg::store::{Finding, Salvaged, Store};
use clap::Args;

use super::archive::{self, Waiting};
use super::failure::Failure;
use super::global::{Global, load, runtime};
use super::screen::{GREEN, RED, Screen, YELLOW, count};

/// Something is wrong.
const UNSOUND: u8 = 3;

#[derive(Args)]
pub(super) struct Arguments {
    /// Make anew what follows from the rest: the search index, merged entries; and remove what killed runs left. Of a damaged
    /// file, save all that can be read into a new one, say what is lost, and keep the damaged one beside.
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    waiting: Waiting,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    // is it there, and ours?
    archive::damage(&config)?;
    // even a look takes a claim: a run in the middle of its work leaves things half done
    let told = |text| screen.remark(text);
    let claim = arguments.waiting.claim(&config, "agg doctor", told);
    let _claim = runtime()?.block_on(claim)?;
    let (mut store, mut examined) = look(&config)?;
    let mut has_lost = false;
    if arguments.repair && is_damaged(&examined) {
        drop(store);
        tell(&examined, true, screen)?;
        has_lost = salvage(&config, screen)?;
        (store, examined) = look(&config)?;
    }
    if let Some(store) = store.as_mut().filter(|_| arguments.repair)
        && !is_sound(&examined)
    {
        tell(&examined, true, screen)?;
        pipeline::mend(store, &examined)?;
        examined = pipeline::examine(store, &config)?;
        screen.remark("looked through again:");
    }
    tell(&examined, false, screen)?;
    if !examined.withdrawn.is_empty() {
        screen.remark(format!(
            "not published any more, and removed by the next `agg publish`: {}",
            examined.withdrawn.join(", ")
        ));
    }
    if is_sound(&examined) {
        screen.line(format!(
            "{GREEN}{}: sound{GREEN:#}",
            config.database.display()
        ))?;
        return Ok(if has_lost { UNSOUND } else { 0 });
    }
    advise(&examined, &config, screen);
    Ok(UNSOUND)
}

/// Looks through the archive; without a store, where its file is too damaged for that.
fn look(config: &Config) -> Result<(Option<Store>, Examined), Failure> {
    let damaged = |what| Examined {
        archive: vec![Finding {
            what,
            can_mend: false,
            is_damage: true,
        }],
        ..Examined::default()
    };
    if let Some(what) = archive::damage(config)? {
        return Ok((None, damaged(what)));
    }
    let mut store = archive::open_writable(config)?;
    match pipeline::examine(&mut store, config) {
        Ok(examined) => Ok((Some(store), examined)),
        Err(pipeline::Error::Store(error)) if error.is_damage() => {
            Ok((None, damaged(pipeline::with_causes(&error))))
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts what can be read of the archive into a new file; true if that is not all.
fn salvage(config: &Config, screen: &mut Screen) -> Result<bool, Failure> {
    let Salvaged {
        damaged,
        saved,
        lost,
        rebuilt,
        has_lost_ledger,
        ..
    } = Store::salvage(&config.database).map_err(pipeline::Error::from)?;
    screen.line(format!(
        "{GREEN}saved{GREEN:#}: {saved} rows, in a new file; the damaged one is {}",
        damaged.display()
    ))?;
    for what in &lost {
        screen.line(format!("{RED}lost{RED:#}: {what}"))?;
    }
    for what in &rebuilt {
        screen.line(format!("{YELLOW}made anew{YELLOW:#}: {what}"))?;
    }
    if has_lost_ledger {
        screen.warning(
            "not all that was published is on record any more: it may be published again, under other ids. If there is a \
             copy from before (`agg backup`) or an export (`agg import`), bring it back before the next fetch",
        );
    } else if !lost.is_empty() {
        screen.remark("what sources still show is read again by the next `agg fetch`");
    }
    Ok(!lost.is_empty())
}

fn is_damaged(examined: &Examined) -> bool {
    examined.archive.iter().any(|finding| finding.is_damage)
}

/// What to do about a damaged file.
fn salvation(config: &Config) -> String {
    format!(
        "bring back a copy from before (`agg backup` makes them); or `agg doctor --repair` saves what can be read into a new \
         file, says what is lost, and keeps {} beside",
        config.database.display()
    )
}

fn is_sound(examined: &Examined) -> bool {
    examined.archive.is_empty() && examined.unmerged.is_empty() && examined.leftovers.is_empty()
}

/// What is wrong, a line each; `mends` if what can be mended is going to be.
fn tell(examined: &Examined, mends: bool, screen: &mut Screen) -> Result<(), Failure> {
    let mark = if mends { "repaired" } else { "can be repaired" };
    for finding in &examined.archive {
        if finding.can_mend {
            screen.line(format!("{YELLOW}{mark}{YELLOW:#}: {}", finding.what))?;
        } else if finding.is_damage {
            screen.line(format!("{RED}damaged{RED:#}: {}", finding.what))?;
        } else {
            screen.line(format!("{RED}lasting{RED:#}: {}", finding.what))?;
        }
    }
    if let [first, ..] = examined.unmerged.as_slice() {
        screen.line(format!(
            "{YELLOW}{mark}{YELLOW:#}: {} not what their sources show, the first is number {}",
            count(
                examined.unmerged.len(),
                "merged entry is",
                "merged entries are"
            ),
            first.0
        ))?;
    }
    for path in &examined.leftovers {
        screen.line(format!(
            "{YELLOW}{mark}{YELLOW:#}: a killed run left {}",
            path.display()
        ))?;
    }
    Ok(())
}

/// What to do.
fn advise(examined: &Examined, config: &Config, screen: &mut Screen) {
    if is_damaged(examined) {
        screen.warning(salvation(config));
    } else if examined.archive.iter().any(|finding| !finding.can_mend) {
        screen.warning(format!(
            "what is lasting can only be undone with a copy from before (`agg backup` makes them): keep {} as it is, and \
             put the copy in its place",
            config.database.display()
        ));
    } else {
        screen.remark("`agg doctor --repair` makes it anew from the rest of the archive");
    }
}
