//! What machine data says of every post alike is not about the post: the day of the build, the site's own description, the
//! address of the front page, a list of key words for search engines.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::super::address;
use super::super::links::Links;
use super::record::Record;

/// So many records that agree to the letter are no chance.
const AGREEING: usize = 3;
/// So many tags are not shared by all posts of a page.
const MANY_TAGS: usize = 4;

/// Takes out of the records of one form what cannot be true.
pub(super) fn doubt(records: &mut [Record]) {
    let posts: HashSet<Option<String>> = records.iter().map(Record::folded_title).collect();
    let posts = posts.len();
    if posts >= AGREEING {
        // one instant for all is that of the build; a day may be shared by a few
        clear_shared(records, posts, |record| &mut record.published);
        clear_shared(records, posts, |record| &mut record.updated);
        let tags = records[0].tags.clone();
        if tags.len() >= MANY_TAGS && records.iter().all(|record| record.tags == tags) {
            for record in records.iter_mut() {
                record.tags.clear();
            }
        }
    }
    if posts >= 2 {
        let mut summaries: HashMap<String, HashSet<Option<String>>> = HashMap::new();
        for record in records.iter() {
            if let Some(summary) = &record.summary {
                summaries
                    .entry(summary.clone())
                    .or_default()
                    .insert(record.folded_title());
            }
        }
        for record in records {
            if record
                .summary
                .as_ref()
                .is_some_and(|summary| summaries[summary].len() > 1)
            {
                record.summary = None;
            }
        }
    }
}

/// Empties a field that says the same in all records.
fn clear_shared(
    records: &mut [Record],
    posts: usize,
    field: fn(&mut Record) -> &mut Option<String>,
) {
    let first = records.first_mut().and_then(|record| field(record).clone());
    if first.is_some()
        && posts >= AGREEING
        && records.iter_mut().all(|record| *field(record) == first)
    {
        for record in records {
            *field(record) = None;
        }
    }
}

/// Finds the address of each record: the first of those written that leads to a page, not to this one, and that no record
/// of another post has too.
pub(super) fn locate(records: &mut [Record], links: &Links, page: &Url) {
    let page = address::key(page);
    let mut owners: HashMap<String, HashSet<Option<String>>> = HashMap::new();
    for record in records.iter() {
        for key in record.urls.iter().filter_map(|url| key_of(url, links)) {
            owners.entry(key).or_default().insert(record.folded_title());
        }
    }
    for record in records {
        let own = record.urls.iter().find_map(|url| {
            let key = key_of(url, links)?;
            (key != page && owners[&key].len() == 1).then(|| (key, home(url, links)))
        });
        if let Some((key, url)) = own {
            record.key = Some(key);
            record.url = Some(url);
        }
    }
}

/// `url` where it leads: a page that was built on somebody's own machine names that machine.
fn at_home(url: &str, links: &Links) -> Option<Url> {
    let to = links.base.join(url.trim()).ok()?;
    let is_local = |url: &Url| match url.host() {
        Some(url::Host::Domain(name)) => {
            name == "localhost" || name.rsplit('.').next() == Some("local")
        }
        Some(url::Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if !is_local(&to) || is_local(&links.base) {
        return Some(to);
    }
    let mut home = links.base.clone();
    home.set_path(to.path());
    home.set_query(to.query());
    home.set_fragment(to.fragment());
    Some(home)
}

/// `url` as written, unless it names a machine that nobody can reach.
fn home(url: &str, links: &Links) -> String {
    let written = links.base.join(url.trim()).ok();
    match at_home(url, links) {
        Some(home) if Some(&home) != written.as_ref() => home.to_string(),
        _ => url.to_owned(),
    }
}

/// The folded form of an address; `None` for those that lead to no page.
pub(super) fn key_of(url: &str, links: &Links) -> Option<String> {
    let to = at_home(url, links)?;
    let is_site = to.path() == "/"
        && to.query().is_none()
        && to.fragment().is_none_or(|f| !f.starts_with(['/', '!']));
    (matches!(to.scheme(), "http" | "https") && !is_site).then(|| address::key(&to))
}
