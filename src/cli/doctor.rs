//! `agg doctor`: is the archive sound, and what to do where it is not.

use agg::config::Config;
use agg::pipeline::{self, Examined};
use clap::Args;

use super::archive::{self, Waiting};
use super::failure::Failure;
use super::global::{Global, load, runtime};
use super::screen::{GREEN, RED, Screen, YELLOW, count};

/// Something is wrong.
const UNSOUND: u8 = 3;

#[derive(Args)]
pub(super) struct Arguments {
    /// Make anew what follows from the rest: the search index, merged entries; and remove what killed runs left.
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
    drop(archive::open(&config)?);
    // even a look takes a claim: a run in the middle of its work leaves things half done
    let told = |text| screen.remark(text);
    let claim = arguments.waiting.claim(&config, "agg doctor", told);
    let _claim = runtime()?.block_on(claim)?;
    let mut store = archive::open_writable(&config)?;
    let mut examined = pipeline::examine(&mut store, &config)?;
    if arguments.repair && !is_sound(&examined) {
        tell(&examined, true, screen)?;
        pipeline::mend(&mut store, &examined)?;
        examined = pipeline::examine(&mut store, &config)?;
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
        return Ok(0);
    }
    advise(&examined, &config, screen);
    Ok(UNSOUND)
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
    if examined.archive.iter().any(|finding| !finding.can_mend) {
        screen.warning(format!(
            "what is lasting can only be undone with a copy from before (`agg backup` makes them): keep {} as it is, and \
             put the copy in its place",
            config.database.display()
        ));
    } else {
        screen.remark("`agg doctor --repair` makes it anew from the rest of the archive");
    }
}
