//! `agg check`: the configuration, with line and column.

use super::failure::Failure;
use super::global::{Global, load};
use super::screen::{Screen, count};

pub(super) fn run(global: &Global, screen: &mut Screen) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    screen.line(format!(
        "{}: fine: {}, {}, {}",
        config.path.display(),
        count(config.sources.len(), "source", "sources"),
        count(config.feeds.len(), "feed", "feeds"),
        config.schedule,
    ))?;
    Ok(0)
}
