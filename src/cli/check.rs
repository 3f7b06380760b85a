//! `agg check`: the configuration, with line and column, and whether the secrets that it names are there.

use agg::config;
use agg::fetch::check_access;

use super::failure::{Failure, Part};
use super::global::{Global, load};
use super::screen::{Screen, count};

pub(super) fn run(global: &Global, screen: &mut Screen) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let mut failure: Option<Failure> = None;
    for source in &config.sources {
        for error in check_access(&config.fetch, &source.access) {
            let part = Part {
                what: error.to_string(),
                place: Some(format!("{}: source `{}`", config.path.display(), source.id)),
                help: error.help(),
                ..Part::default()
            };
            match &mut failure {
                Some(failure) => failure.parts.push(part),
                None => failure = Some(Failure::of(part)),
            }
        }
    }
    if let Some(failure) = failure {
        return Err(failure);
    }
    for source in &config.sources {
        if let Some(name) = config::secret_parameter(&source.url) {
            // a name that was made of the address would show it
            let host = source.url.host_str().unwrap_or_default();
            screen.warning(format!(
                "a source at {host}: its address holds `{name}`, and is published in feeds and in sources.opml, and in its \
                 name if that was made of it: if that is a secret, give it as `headers`, `cookies` or `auth` where the site \
                 takes it so, and the source an `id`"
            ));
        }
    }
    screen.line(format!(
        "{}: fine: {}, {}, {}",
        config.path.display(),
        count(config.sources.len(), "source", "sources"),
        count(config.feeds.len(), "feed", "feeds"),
        config.schedule,
    ))?;
    Ok(0)
}
