//! Which entry a person means.

use agg::config::Config;
use agg::model::EntryKey;
use agg::normalise;
use agg::pipeline;
use agg::store::{ListQuery, Listed, Store};
use url::Url;

use super::archive;
use super::failure::Failure;
use super::list;
use super::screen::Screen;

/// How many entries are proposed for one that is not there.
const PROPOSED: usize = 3;

/// The entry that `text` means: a number of `agg list`, a published id, an address, or the beginning of one of these two.
/// Where it may mean several, they are shown.
pub(super) fn entry(
    config: &Config,
    store: &Store,
    text: &str,
    screen: &mut Screen,
) -> Result<EntryKey, Failure> {
    let mut found = store.find(text).map_err(pipeline::Error::from)?;
    if found.is_empty()
        && let Ok(url) = Url::parse(text)
    {
        // an address of one of its sources, however it is written
        found = (store.find(&normalise::canonical_key(&url))).map_err(pipeline::Error::from)?;
    }
    match found.as_slice() {
        [] => Err(unknown(config, text)?),
        [only] => Ok(only.key),
        several => {
            list::table(several, screen)?;
            Err(Failure::new(format!("`{text}` may mean any of these"))
                .help("give the number in the first column"))
        }
    }
}

/// There is no such entry; those that share its longest words may be meant.
fn unknown(config: &Config, text: &str) -> Result<Failure, Failure> {
    let store = archive::open_writable(config)?;
    let mut words: Vec<&str> = (text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() > 3 && !matches!(*word, "http" | "https" | "html"))
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut near: Vec<Listed> = Vec::new();
    for word in words {
        let query = ListQuery {
            source: None,
            tags: Vec::new(),
            search: Some(word.to_owned()),
            limit: PROPOSED,
        };
        let found = store.list(&query).map_err(pipeline::Error::from)?;
        near.extend(
            found
                .into_iter()
                .filter(|it| near.iter().all(|other| other.key != it.key))
                .collect::<Vec<_>>(),
        );
    }
    near.truncate(PROPOSED);
    let proposed: Vec<String> = near
        .iter()
        .map(|it| format!("{} ({})", it.key.0, it.title))
        .collect();
    let failure = Failure::new(format!("no entry is known as `{text}`"));
    Ok(if proposed.is_empty() {
        failure.help(
            "`agg list` shows the numbers of the newest; `agg list --search WORDS` finds others",
        )
    } else {
        failure.help(format!("the nearest: {}", proposed.join(", ")))
    })
}
