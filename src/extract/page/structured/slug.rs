//! Slugs → addresses: by the links of the page that end in them, by addresses in the data, by where other posts of the list
//! stand, and last by the page's own folder. A slug on a front page without any of these has no address.

use std::collections::HashMap;

use url::Url;

use super::super::address;
use super::super::links::Links;
use super::doubt::key_of;
use super::record::Record;

/// So many addresses with the same last part are compared with a slug.
const MAX_NAMESAKES: usize = 8;
/// Path segments that number the pages of a listing.
const PAGE_WORDS: &[&str] = &["page", "pages", "p"];
/// Last segments of pages below which no posts stand.
const NO_FOLDERS: &[&str] = &[
    "about",
    "about-us",
    "contact",
    "404",
    "projects",
    "cv",
    "resume",
    "uses",
    "now",
    "privacy",
    "imprint",
    "impressum",
];

/// Addresses that slugs are looked for in, by their last part: links of the page first, then those in its data.
pub(super) struct Addresses(HashMap<String, Vec<Url>>);

impl Addresses {
    /// Sorts the links of the page found at `page` and the addresses in its data.
    pub(super) fn new<'k>(known: impl Iterator<Item = &'k str>, links: &Links, page: &Url) -> Self {
        let known = known
            .filter_map(|url| links.base.join(url).ok())
            .filter(|url| is_page(url, page));
        let mut by_name: HashMap<String, Vec<Url>> = HashMap::new();
        for url in links
            .targets
            .iter()
            .map(|target| target.url.clone())
            .chain(known)
        {
            let urls = by_name.entry(name_of(url.as_str()).to_owned()).or_default();
            if urls.len() < MAX_NAMESAKES {
                urls.push(url);
            }
        }
        Self(by_name)
    }
}

/// Gives the records of one list, which have only slugs, their addresses.
pub(super) fn resolve(records: &mut [Record], addresses: &Addresses, links: &Links, page: &Url) {
    let open = |record: &Record| record.key.is_none() && record.slug.is_some();
    let mut shape: Option<(String, String)> = None;
    for record in records.iter_mut().filter(|record| open(record)) {
        let slug = record
            .slug
            .as_deref()
            .unwrap_or("")
            .trim_matches('/')
            .to_owned();
        let mut namesakes = addresses.0.get(name_of(&slug)).into_iter().flatten();
        let found = namesakes.find_map(|url| Some((url, around(url.as_str(), &slug)?)));
        if let Some((url, found)) = found {
            record.key = key_of(url.as_str(), links);
            record.url = Some(url.to_string());
            shape.get_or_insert(found);
        }
    }
    let shape = shape.or_else(|| folder(page));
    for record in records.iter_mut().filter(|record| open(record)) {
        let slug = record.slug.as_deref().unwrap_or("");
        // a slug may be the whole path already
        let whole = shape
            .as_ref()
            .map(|(before, _)| path_of(before))
            .filter(|before| before.len() > 1);
        let url = match (&shape, whole) {
            (_, Some(before)) if slug.starts_with(&before) => Some(slug.to_owned()),
            (Some((before, behind)), _) => {
                Some(format!("{before}{}{behind}", slug.trim_matches('/')))
            }
            (None, _) if slug.starts_with('/') => Some(slug.to_owned()),
            (None, _) => None,
        };
        record.key = url.as_deref().and_then(|url| key_of(url, links));
        record.url = url.filter(|_| record.key.is_some());
    }
}

/// True for the address of a page on this page's host, not of a picture or a programming interface.
fn is_page(url: &Url, page: &Url) -> bool {
    let aside = [
        "api", "wp-json", "_next", "images", "img", "assets", "static", "media", "uploads",
    ];
    let mut segments = url.path().split('/');
    address::host(url) == address::host(page) && !segments.any(|segment| aside.contains(&segment))
}

/// The last part of an address or a slug, without what servers put behind it.
fn name_of(address: &str) -> &str {
    let address = address
        .trim_end_matches("/index.html")
        .trim_end_matches('/');
    let address = address
        .strip_suffix(".html")
        .or_else(|| address.strip_suffix(".htm"))
        .unwrap_or(address);
    address.rsplit(['/', '=']).next().unwrap_or(address)
}

/// What stands before and behind `slug` in an address that ends in it.
fn around(address: &str, slug: &str) -> Option<(String, String)> {
    if slug.is_empty() {
        return None;
    }
    let behind = ["", "/", ".html", "/index.html", ".htm"]
        .iter()
        .find(|behind| {
            let rest = address
                .strip_suffix(*behind)
                .and_then(|rest| rest.strip_suffix(slug));
            rest.is_some_and(|rest| rest.ends_with(['/', '=']))
        })?;
    let before = &address[..address.len() - behind.len() - slug.len()];
    Some((before.to_owned(), (*behind).to_owned()))
}

/// The path of an address, or of a part of one.
fn path_of(address: &str) -> String {
    Url::parse(address).map_or_else(|_| address.to_owned(), |url| url.path().to_owned())
}

/// The folder that the page stands for.
fn folder(page: &Url) -> Option<(String, String)> {
    let mut segments: Vec<&str> = page
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    if let [.., word, number] = segments.as_slice()
        && PAGE_WORDS.contains(word)
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        segments.truncate(segments.len() - 2);
    }
    if segments
        .last()
        .is_some_and(|last| last.starts_with("index."))
    {
        segments.pop();
    }
    let last = segments.pop()?;
    let last = last.strip_suffix(".html").unwrap_or(last);
    if NO_FOLDERS.contains(&last) {
        return None;
    }
    segments.push(last);
    Some((format!("/{}/", segments.join("/")), String::new()))
}
