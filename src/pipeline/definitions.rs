//! Which feeds there are: those of the configuration, and those of single tags, which the archive decides.

use std::collections::BTreeMap;

use super::error::Error;
use crate::config::Config;
use crate::lexicon::pattern::slug;
use crate::model::{FeedDefinition, TagFeeds};
use crate::store::Store;

/// All feeds that are published: the configured ones, and one for each tag where that is wanted.
pub(super) fn definitions(store: &Store, config: &Config) -> Result<Vec<FeedDefinition>, Error> {
    let mut definitions = config.feeds.clone();
    for wanted in &config.tag_feeds {
        let mut tags: BTreeMap<String, (String, u64)> = BTreeMap::new();
        for (tag, entries) in store.tags()? {
            let word = wanted.like.vocabulary.word(&tag).to_owned();
            // of several spellings of one tag the first in the alphabet is its title
            let known = tags.entry(slug(&word)).or_insert_with(|| (word.clone(), 0));
            known.0 = known.0.clone().min(word);
            known.1 += entries;
        }
        for (name, (tag, entries)) in tags {
            let definition = tag_feed(wanted, &name, &tag);
            // what has subscribers stays, even if its tag becomes rare
            if entries >= wanted.least || store.is_published(&definition.id)? {
                definitions.push(definition);
            }
        }
    }
    Ok(definitions)
}

/// The feed of one tag, in the folder `name`.
fn tag_feed(wanted: &TagFeeds, name: &str, tag: &str) -> FeedDefinition {
    let mut definition = wanted.like.clone();
    definition.id = format!("{}/{name}", wanted.like.id);
    definition.title = format!("{}: {tag}", wanted.like.title);
    definition.filter.tag_slug = Some(name.to_owned());
    if let Ok(url) = wanted.like.url.join(&format!("{name}/")) {
        definition.url = url;
    }
    definition
}
