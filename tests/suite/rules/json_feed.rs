//! JSON Feed 1.1.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Broken;

const FEED: [&str; 13] = [
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "authors",
    "language",
    "hubs",
    "items",
];
const ITEM: [&str; 14] = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "authors",
    "tags",
    "language",
];

/// The broken rules of a JSON Feed.
pub(crate) fn check(bytes: &[u8]) -> Vec<String> {
    let mut broken = Broken::default();
    broken.unless(!bytes.starts_with(b"\xef\xbb\xbf"), || {
        "a byte order mark".to_owned()
    });
    match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Object(feed)) => check_feed(&feed, &mut broken),
        Ok(_) => broken.0.push("the top is no object".to_owned()),
        Err(error) => broken.0.push(format!("not JSON: {error}")),
    }
    if let Err(error) = serde_json::from_slice::<Strict>(bytes) {
        broken.0.push(error.to_string());
    }
    broken.0
}

/// JSON in which no object names a key twice.
struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = HashSet::new();
        while let Some((key, _)) = map.next_entry::<String, Self>()? {
            if !keys.insert(key) {
                return Err(serde::de::Error::custom("a key stands twice in one object"));
            }
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self, A::Error> {
        while values.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }
}

fn check_feed(feed: &Map<String, Value>, broken: &mut Broken) {
    let version = feed.get("version").and_then(Value::as_str);
    broken.unless(version == Some("https://jsonfeed.org/version/1.1"), || {
        format!("version {version:?}")
    });
    line(feed, "title", true, broken);
    line(feed, "description", false, broken);
    for key in ["home_page_url", "feed_url"] {
        broken.unless(feed.contains_key(key), || format!("{key} is missing"));
    }
    for key in ["home_page_url", "feed_url", "next_url", "icon", "favicon"] {
        address(feed, key, broken);
    }
    broken.unless(feed.get("next_url") != feed.get("feed_url"), || {
        "next_url is feed_url".to_owned()
    });
    language(feed, broken);
    authors(feed, broken);
    extensions(feed, &FEED, broken);
    let Some(items) = feed.get("items").and_then(Value::as_array) else {
        broken.0.push("items is no array".to_owned());
        return;
    };
    let mut ids = HashSet::new();
    for item in items {
        let Some(item) = item.as_object() else {
            broken.0.push("an item is no object".to_owned());
            continue;
        };
        let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
        broken.unless(!id.trim().is_empty() && ids.insert(id.to_owned()), || {
            format!("id {id:?} is missing, or there twice")
        });
        check_item(item, broken);
    }
}

fn check_item(item: &Map<String, Value>, broken: &mut Broken) {
    line(item, "title", false, broken);
    line(item, "summary", false, broken);
    for key in ["url", "external_url", "image", "banner_image"] {
        address(item, key, broken);
    }
    let contents: Vec<_> = ["content_html", "content_text"]
        .iter()
        .filter_map(|key| item.get(*key))
        .collect();
    broken.unless(
        !contents.is_empty()
            && contents
                .iter()
                .all(|content| content.as_str().is_some_and(|text| !text.trim().is_empty())),
        || "an item has no content, or it is no text".to_owned(),
    );
    if let Some(html) = item.get("content_html").and_then(Value::as_str) {
        broken.html("content_html", html);
    }
    for key in ["date_published", "date_modified"] {
        if let Some(date) = item.get(key) {
            broken.rfc3339(key, date.as_str().unwrap_or_default());
        }
    }
    language(item, broken);
    authors(item, broken);
    if let Some(tags) = item.get("tags") {
        for tag in tags.as_array().into_iter().flatten() {
            broken.one_line("a tag", tag.as_str().unwrap_or_default());
        }
        broken.unless(tags.is_array(), || "tags is no array".to_owned());
    }
    let known: Vec<&str> = ITEM.into_iter().chain(["attachments"]).collect();
    extensions(item, &known, broken);
    if let Some(attachments) = item.get("attachments") {
        broken.unless(attachments.is_array(), || {
            "attachments is no array".to_owned()
        });
        for attachment in attachments.as_array().into_iter().flatten() {
            let Some(attachment) = attachment.as_object() else {
                broken.0.push("an attachment is no object".to_owned());
                continue;
            };
            broken.unless(attachment.contains_key("url"), || {
                "an attachment without url".to_owned()
            });
            address(attachment, "url", broken);
            let kind = attachment.get("mime_type").and_then(Value::as_str);
            broken.media_type("an attachment", kind.unwrap_or_default());
            for key in ["size_in_bytes", "duration_in_seconds"] {
                let number = attachment.get(key);
                broken.unless(number.is_none_or(Value::is_u64), || {
                    format!("{key}: {number:?}")
                });
            }
        }
    }
}

fn line(object: &Map<String, Value>, key: &str, required: bool, broken: &mut Broken) {
    match object.get(key) {
        Some(Value::String(text)) => broken.one_line(key, text),
        Some(other) => broken.0.push(format!("{key} is no string: {other}")),
        None => broken.unless(!required, || format!("{key} is missing")),
    }
}

fn address(object: &Map<String, Value>, key: &str, broken: &mut Broken) {
    if let Some(value) = object.get(key) {
        broken.web_address(key, value.as_str().unwrap_or_default());
    }
}

fn language(object: &Map<String, Value>, broken: &mut Broken) {
    if let Some(value) = object.get("language") {
        broken.language("language", value.as_str().unwrap_or_default());
    }
}

fn authors(object: &Map<String, Value>, broken: &mut Broken) {
    let Some(authors) = object.get("authors") else {
        return;
    };
    broken.unless(
        authors
            .as_array()
            .is_some_and(|authors| !authors.is_empty()),
        || "authors is no array, or empty".to_owned(),
    );
    for author in authors.as_array().into_iter().flatten() {
        let Some(author) = author.as_object() else {
            broken.0.push("an author is no object".to_owned());
            continue;
        };
        let says = ["name", "url", "avatar"]
            .iter()
            .any(|key| author.contains_key(*key));
        broken.unless(says, || "an author says nothing".to_owned());
        line(author, "name", false, broken);
        address(author, "url", broken);
        address(author, "avatar", broken);
        extensions(author, &["name", "url", "avatar"], broken);
    }
}

/// Keys of nobody's begin with `_` and a letter, hold no full stop, and their values are objects.
fn extensions(object: &Map<String, Value>, known: &[&str], broken: &mut Broken) {
    for (key, value) in object {
        if known.contains(&key.as_str()) {
            continue;
        }
        let fits = key.strip_prefix('_').is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains('.')
        });
        broken.unless(fits && value.is_object(), || format!("the key {key:?}"));
    }
}
