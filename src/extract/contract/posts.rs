//! Which known post each entry is.

use std::collections::HashMap;

use crate::model::{Entry, KnownPost};

/// A shorter beginning of an excerpt may well be a title.
const MIN_BYTES: usize = 24;

/// What an entry is to the posts that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// The known post of that number: the same link (where both have one).
    Known {
        /// Its place among the posts.
        post: usize,
        /// True if the title is the same too.
        title: bool,
    },
    /// A known link, with its excerpt in place of its title.
    Mixed,
    /// A known title under another link.
    Moved,
    /// Never seen.
    New,
}

/// What each of `entries` is.
pub(super) fn tell(entries: &[Entry], posts: &[KnownPost]) -> Vec<Is> {
    let mut by_key: HashMap<&str, usize> = HashMap::new();
    let mut by_title: HashMap<String, usize> = HashMap::new();
    for (at, post) in posts.iter().enumerate() {
        if let Some(key) = &post.key {
            by_key.entry(key).or_insert(at);
        }
        by_title.entry(letters(&post.title)).or_insert(at);
    }
    entries
        .iter()
        .map(|entry| {
            let title = letters(&entry.title);
            if let Some(&post) = entry.key.as_deref().and_then(|key| by_key.get(key)) {
                let known = &posts[post];
                let summary = known.summary.as_deref().map(letters).unwrap_or_default();
                let same = title == letters(&known.title);
                if !same && title.len() >= MIN_BYTES && summary.starts_with(&title) {
                    return Is::Mixed;
                }
                let title = same;
                return Is::Known { post, title };
            }
            match by_title.get(&title) {
                Some(&post) if entry.key.is_none() || posts[post].key.is_none() => {
                    Is::Known { post, title: true }
                }
                Some(_) => Is::Moved,
                None => Is::New,
            }
        })
        .collect()
}

/// The letters and figures of a title: what is left when only its dress changes.
fn letters(title: &str) -> String {
    title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
