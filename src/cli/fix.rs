//! `agg fix`: what agg has found out and feeds.toml does not say yet.

use std::fs;

use agg::config;
use agg::model::{ADOPTED_AFTER, Moved, Source};
use agg::normalise;
use agg::pipeline;
use clap::Args;

use super::archive;
use super::failure::Failure;
use super::global::{Global, load};
use super::screen::{Screen, count};

#[derive(Args)]
pub(super) struct Arguments {
    /// Print the changes, and make none.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let path = &config.path;
    let store = archive::open(&config)?;
    let states = store.states().map_err(pipeline::Error::from)?;
    let old = fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
    let mut new = old.clone();
    let (mut changed, mut left) = (0, 0);
    for source in &config.sources {
        let moved = states
            .get(&source.id)
            .and_then(|state| state.moved.as_ref());
        let Some(moved) = moved.filter(|moved| moved.is_adopted()) else {
            continue;
        };
        if let Some(why) = hindrance(source, moved, &config.sources) {
            screen.warning(format!("{} is left as it is: it {why}", source.id));
            left += 1;
            continue;
        }
        match config::with_address(&new, path, &source.id, &moved.to) {
            Ok(text) => {
                new = text;
                changed += 1;
            }
            Err(error) => {
                screen.warning(error.to_string());
                left += 1;
            }
        }
    }
    if changed == 0 {
        if left == 0 {
            screen.remark("nothing to fix: no source has moved for good");
        }
        return Ok(0);
    }
    screen.line(format!("--- {0}\n+++ {0}", path.display()))?;
    for line in difference(&old, &new) {
        screen.line(line)?;
    }
    if arguments.dry_run {
        screen.remark("nothing was changed; without --dry-run it is");
        return Ok(0);
    }
    config::replace(path, &new).map_err(|error| {
        Failure::new(format!("cannot write {}: {error}", path.display()))
            .help("make the change by hand, or give yourself the right to write to the file and its folder")
    })?;
    screen.remark(format!(
        "{} changed; `agg serve` reads it on SIGHUP",
        count(changed, "address", "addresses")
    ));
    Ok(0)
}

/// Why a person has to decide what becomes of a source that has moved for good, and what can be done.
fn hindrance(source: &Source, moved: &Moved, sources: &[Source]) -> Option<String> {
    let to = &moved.to;
    let key = normalise::canonical_key(to);
    let other =
        (sources.iter()).find(|it| it.id != source.id && normalise::canonical_key(&it.url) == key);
    if let Some(other) = other {
        return Some(format!(
            "has moved for good to {to}, which `{}` reads already: remove one of the two from the configuration",
            other.id
        ));
    }
    // who gets a secret is for its owner to say
    if source.access.has_secrets() && to.origin() != source.url.origin() {
        return Some(format!(
            "has moved for good to {to}, another site, where it is asked without its login, cookies and headers: if that \
             site is to have them, change its url in the configuration"
        ));
    }
    None
}

/// The line for `agg status` of a source that is elsewhere than feeds.toml says.
pub(super) fn advice(source: &Source, moved: &Moved, sources: &[Source]) -> String {
    let Moved { to, days, .. } = moved;
    if let Some(why) = hindrance(source, moved, sources).filter(|_| moved.is_adopted()) {
        why
    } else if moved.is_adopted() {
        format!(
            "has moved for good, and is asked at its new address; `agg fix` puts it into the configuration: url = \"{to}\""
        )
    } else if *days == 0 {
        format!(
            "says that it has moved for good to {to}, where something else was found: if that is right, change its url in \
             the configuration"
        )
    } else {
        format!(
            "says that it has moved for good to {to}; after {ADOPTED_AFTER} days ({days} so far) it is asked there"
        )
    }
}

/// The lines in which two texts differ, as in a unified diff without lines around.
pub(super) fn difference(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let (mut at, mut to) = (0, 0);
    let mut out = Vec::new();
    while at < old.len() || to < new.len() {
        if at < old.len() && to < new.len() && old[at] == new[to] {
            at += 1;
            to += 1;
            continue;
        }
        // the nearest lines that are the same again
        let (mut gone, mut come) = (old.len() - at, new.len() - to);
        'near: for apart in 1..=(gone + come) {
            for skipped in 0..=apart.min(old.len() - at) {
                let added = apart - skipped;
                if let (Some(a), Some(b)) = (old.get(at + skipped), new.get(to + added))
                    && a == b
                {
                    (gone, come) = (skipped, added);
                    break 'near;
                }
            }
        }
        out.push(format!("@@ -{},{gone} +{},{come} @@", at + 1, to + 1));
        out.extend(old[at..at + gone].iter().map(|line| format!("-{line}")));
        out.extend(new[to..to + come].iter().map(|line| format!("+{line}")));
        (at, to) = (at + gone, to + come);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_the_lines_and_no_others() {
        let (old, new) = ("a\nb\nc\nd\n", "a\nB\nc\nnew\nd\n");
        assert_eq!(
            difference(old, new),
            ["@@ -2,1 +2,1 @@", "-b", "+B", "@@ -4,0 +4,1 @@", "+new"]
        );
        assert!(difference(old, old).is_empty());
        assert_eq!(difference("a", "a\nb"), ["@@ -2,0 +2,1 @@", "+b"]);
    }
}
