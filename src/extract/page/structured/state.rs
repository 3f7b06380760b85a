//! Page state that scripts read: `__NEXT_DATA__`, `application/json`, the React flight payload (`self.__next_f.push`).
//! Looks for lists of objects that have a title, an address and a date or an excerpt.

use serde_json::{Map, Value};

use super::super::tree::collapse;
use super::record::Record;

/// Nesting that is followed.
const MAX_DEPTH: usize = 24;
/// Attempts at reading a list out of the flight payload.
const MAX_TRIES: usize = 400;

const TITLES: &[&str] = &["title", "headline", "heading", "name"];
const URLS: &[&str] = &[
    "url",
    "href",
    "link",
    "permalink",
    "path",
    "uri",
    "canonicalUrl",
    "relativeUrl",
];
const SLUGS: &[&str] = &["slug", "hash", "handle"];
const DATES: &[&str] = &[
    "date",
    "publishedAt",
    "published_at",
    "datePublished",
    "pubDate",
    "publishDate",
    "published",
    "createdAt",
    "created_at",
    "firstPublishedAt",
    "publishedDate",
    "publicationDate",
    "pubdate",
    "postedAt",
    "created",
];
const UPDATES: &[&str] = &[
    "updatedAt",
    "updated_at",
    "dateModified",
    "modified",
    "updated",
    "lastModified",
];
const EXCERPTS: &[&str] = &[
    "excerpt",
    "summary",
    "description",
    "subtitle",
    "preview",
    "abstract",
    "intro",
    "teaser",
    "snippet",
    "desc",
];
const TAGS: &[&str] = &[
    "tags",
    "tagList",
    "categories",
    "keywords",
    "topics",
    "labels",
    "category",
];
const AUTHORS: &[&str] = &["author", "authors", "writer", "by"];
const IMAGES: &[&str] = &[
    "image",
    "cover",
    "coverImage",
    "thumbnail",
    "featuredImage",
    "feature_image",
    "heroImage",
];
const READ_TIMES: &[&str] = &[
    "readingTime",
    "readTime",
    "reading_time",
    "minutesToRead",
    "read_time",
    "timeToRead",
    "readingMinutes",
];

/// The object that a script puts into a global (`window.__STATE__ = {…}`), where it is JSON.
pub(super) fn global(script: &str) -> Option<String> {
    let start = script
        .find("window.__")
        .or_else(|| script.find("window[\"__"))?;
    let equals = start + script[start..].find('=')?;
    let json = script[equals + 1..].trim_start();
    let value = serde_json::Deserializer::from_str(json)
        .into_iter::<Value>()
        .next()?
        .ok()?;
    (value.is_object() || value.is_array()).then(|| value.to_string())
}

/// Adds the strings of `self.__next_f.push([1,"…"])` calls in a script to `flight`.
pub(super) fn unpack_flight(script: &str, flight: &mut String) {
    for call in script.split("self.__next_f.push(").skip(1) {
        let Some(Ok(Value::Array(values))) = serde_json::Deserializer::from_str(call)
            .into_iter::<Value>()
            .next()
        else {
            continue;
        };
        for value in &values {
            if let Value::String(text) = value {
                flight.push_str(text);
            }
        }
    }
}

/// The posts of all states of a page: those of the best list in them.
pub(super) fn read(states: &[String], flight: &str) -> Vec<Record> {
    let mut lists = Vec::new();
    for state in states {
        if let Ok(value) = serde_json::from_str::<Value>(state) {
            walk(&value, 0, &mut lists);
        }
    }
    let mut from = 0;
    for _ in 0..MAX_TRIES {
        let Some(at) = flight[from..].find("[{\"") else {
            break;
        };
        let start = from + at;
        let mut values = serde_json::Deserializer::from_str(&flight[start..]).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                walk(&value, 0, &mut lists);
                from = start + values.byte_offset().max(1);
            }
            _ => from = start + 1,
        }
    }
    // of equal lists the first
    lists
        .into_iter()
        .rev()
        .max_by_key(|list: &Vec<Record>| worth(list))
        .unwrap_or_default()
}

fn worth(list: &[Record]) -> usize {
    list.iter()
        .map(|record| {
            2 + usize::from(record.published.is_some()) * 2
                + usize::from(record.summary.is_some())
                + usize::from(record.url.is_some())
                + usize::from(!record.tags.is_empty())
        })
        .sum()
}

fn walk(value: &Value, depth: usize, lists: &mut Vec<Vec<Record>>) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(values) => {
            let records: Vec<Record> = values
                .iter()
                .filter_map(Value::as_object)
                .filter_map(record)
                .collect();
            let full = records
                .iter()
                .filter(|r| r.published.is_some() || r.summary.is_some())
                .count();
            if !records.is_empty()
                && records.len() * 10 >= values.len() * 6
                && full * 2 >= records.len()
            {
                lists.push(records);
            }
            for value in values {
                walk(value, depth + 1, lists);
            }
        }
        Value::Object(object) => object
            .values()
            .for_each(|value| walk(value, depth + 1, lists)),
        _ => {}
    }
}

fn record(object: &Map<String, Value>) -> Option<Record> {
    // a headless CMS puts the fields one level down
    let inner = [
        "node",
        "frontmatter",
        "fields",
        "attributes",
        "data",
        "post",
    ]
    .iter()
    .find_map(|key| object.get(*key)?.as_object());
    let find = |keys: &[&str]| {
        keys.iter()
            .find_map(|key| text(object.get(*key)).or_else(|| text(inner?.get(*key))))
    };
    let title = find(TITLES)?;
    let url = find(URLS).filter(|url| url.contains('/') && !url.contains(' '));
    let slug = find(SLUGS).or_else(|| match object.get("slug").or_else(|| inner?.get("slug")) {
        Some(Value::Object(slug)) => text(slug.get("current")),
        _ => None,
    });
    if url.is_none() && slug.is_none() {
        return None;
    }
    let value = |keys: &[&str]| {
        keys.iter()
            .find_map(|key| object.get(*key).or_else(|| inner?.get(*key)))
    };
    Some(Record {
        url,
        slug,
        title: Some(title),
        published: find(DATES),
        updated: find(UPDATES),
        summary: find(EXCERPTS),
        tags: names(value(TAGS)),
        authors: names(value(AUTHORS)),
        image: find(IMAGES),
        read_time: value(READ_TIMES).and_then(read_time),
        language: None,
        typed: false,
    })
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        // "$L5" and the like refer to other parts of the payload
        Value::String(text) if !text.starts_with('$') => {
            Some(collapse(text)).filter(|text| !text.is_empty())
        }
        Value::Object(object) => text(object.get("rendered")),
        _ => None,
    }
}

fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(name)) if !name.starts_with('$') => name
            .split(',')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        Some(Value::Array(values)) => values.iter().flat_map(|value| names(Some(value))).collect(),
        Some(Value::Object(object)) => ["name", "title", "label"]
            .iter()
            .find_map(|key| text(object.get(*key)))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

fn read_time(value: &Value) -> Option<String> {
    match value {
        Value::Number(minutes) => Some(format!("{} min read", minutes.as_f64()?.round().max(1.0))),
        Value::String(text) => Some(if text.bytes().all(|b| b.is_ascii_digit()) {
            format!("{text} min read")
        } else {
            text.clone()
        }),
        Value::Object(object) => {
            text(object.get("text")).or_else(|| read_time(object.get("minutes")?))
        }
        _ => None,
    }
}
