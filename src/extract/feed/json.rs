//! JSON Feed 1.0 and 1.1 (<https://www.jsonfeed.org/version/1.1/>) → raw entries. feed-rs refuses a feed for one field of a
//! wrong type, so each field is taken alone here: what has another type than it should counts as absent.

use serde_json::{Map, Value};

use super::bounded::first_value;
use super::date;
use super::error::FeedError;
use super::explain;
use super::mended;
use super::read::{NO_ENTRY, Read, provenance};

use crate::lexicon::date::Order;
use crate::model::{Explanation, RawEnclosure, RawEntry, RawPerson, SourceMeta, Text, UpdateHints};

/// How many entries are read.
const MAX_ENTRIES: usize = 10_000;

/// True if `text` is JSON that calls itself a JSON Feed, is called one, or has the keys of one.
pub(in crate::extract) fn is_json_feed(text: &str, media_type: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let has = |key| text.contains(key);
    text.starts_with('{')
        && (has("jsonfeed.org/version")
            || has("jsonfeed.org\\/version")
            || media_type == "application/feed+json"
            || has("\"items\"") && (has("\"content_html\"") || has("\"content_text\"")))
}

/// Reads a JSON Feed; `notes` take how.
pub(super) fn read(text: &str, mut notes: Option<&mut Explanation>) -> Result<Read, FeedError> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mended = without_lone_surrogates(text);
    let mut warnings = Vec::new();
    let mut is_cut = false;
    let (value, cut) = match first_value(&mended) {
        Ok(read) => read,
        Err(error) => {
            let Some(read) = damaged(&mended) else {
                return Err(FeedError::Unreadable {
                    cause: error.to_string(),
                });
            };
            warnings.push("The feed is damaged; what could be read of it was kept.".to_owned());
            is_cut = true;
            read
        }
    };
    if cut {
        warnings.push("The feed is too large; only its beginning was read.".to_owned());
    }
    let Value::Object(feed) = value else {
        return Err(FeedError::Unreadable {
            cause: "it is no JSON object".to_owned(),
        });
    };
    let language = string(&feed, "language");
    let meta = SourceMeta {
        title: string(&feed, "title"),
        site: string(&feed, "home_page_url"),
        id: string(&feed, "feed_url"),
        language: language.clone(),
        feeds: Vec::new(),
        hints: UpdateHints::default(),
    };
    let authors = authors(&feed);
    let items = items(&feed)?;
    if let Some(notes) = &mut notes {
        explain::describe_json(&feed, items.len(), &warnings, notes);
    }
    let mut skipped = 0;
    let mut entries = Vec::new();
    for item in items.iter().take(MAX_ENTRIES) {
        let Some(object) = item.as_object() else {
            skipped += 1;
            if let Some(notes) = &mut notes {
                notes.left_out.push(explain::empty_item(item));
            }
            continue;
        };
        let mut entry = entry(object);
        if entry.authors.is_empty() {
            entry.authors.clone_from(&authors);
        }
        entry.language = entry.language.or_else(|| language.clone());
        entry.provenance = provenance(&entry);
        if let Some(notes) = &mut notes {
            notes.entries.push(explain::trace_json(object, &entry));
        }
        entries.push(entry);
    }
    if entries.is_empty() && skipped > 0 {
        return Err(FeedError::OnlyEmptyEntries);
    }
    if entries.is_empty() {
        warnings.push(NO_ENTRY.to_owned());
    }
    if skipped > 0 {
        warnings.push(format!("Items that are no objects: {skipped}."));
    }
    if items.len() > MAX_ENTRIES {
        warnings.push(format!("Only the first {MAX_ENTRIES} entries were read."));
    }
    Ok(Read {
        meta,
        entries,
        is_cut,
        warnings,
    })
}

/// What can be read of a document that is no JSON, and whether some of it was left out.
fn damaged(text: &str) -> Option<(Value, bool)> {
    let washed = mended::washed(text);
    first_value(&washed).ok().or_else(|| {
        let whole = mended::with_sound_items(&washed, |part| first_value(part).is_ok())?;
        first_value(&whole).ok()
    })
}

/// The items, in order. A list that had gaps when it was written is an object by PHP's way of writing: its keys are numbers.
fn items(feed: &Map<String, Value>) -> Result<Vec<&Value>, FeedError> {
    let wrong = |what: &str| FeedError::Unreadable {
        cause: format!("its `items` are {what} and no list"),
    };
    match feed.get("items") {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items.iter().collect()),
        Some(Value::Object(numbered)) => {
            let numbers = numbered
                .iter()
                .map(|(key, item)| Some((key.parse::<u64>().ok()?, item)));
            let mut numbers = numbers
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| wrong("an object"))?;
            numbers.sort_by_key(|(number, _)| *number);
            Ok(numbers.into_iter().map(|(_, item)| item).collect())
        }
        Some(Value::Null) => Err(wrong("null")),
        Some(_) => Err(wrong("a single value")),
    }
}

fn entry(item: &Map<String, Value>) -> RawEntry {
    let id = item.get("id").and_then(|id| match id {
        Value::String(id) => Some(id.trim().to_owned()).filter(|id| !id.is_empty()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    });
    let enclosures = enclosures(item);
    let content = string(item, "content_html")
        .map(Text::Html)
        .or_else(|| string(item, "content_text").map(Text::Plain));
    let url = string(item, "url").or_else(|| string(item, "external_url"));
    RawEntry {
        url: url.or_else(|| id.clone().filter(|id| super::draft::is_web(id))),
        id,
        title: string(item, "title").map(Text::Plain),
        published: dated(item, "date_published"),
        updated: dated(item, "date_modified"),
        summary: string(item, "summary").map(Text::Plain),
        content,
        tags: strings(item, "tags"),
        authors: authors(item),
        language: string(item, "language"),
        image: string(item, "image").or_else(|| string(item, "banner_image")),
        enclosures,
        ..RawEntry::default()
    }
}

fn string(object: &Map<String, Value>, key: &str) -> Option<String> {
    let text = object.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A date as text, or as the number of seconds that a machine counts.
fn dated(object: &Map<String, Value>, key: &str) -> Option<String> {
    let order = Order::default();
    let number = || {
        let number = object.get(key)?.as_u64()?.to_string();
        date::read(&number, order).map(|_| number)
    };
    let written = string(object, key).or_else(number)?;
    Some(date::rfc_3339(&written, order))
}

fn strings(object: &Map<String, Value>, key: &str) -> Vec<String> {
    let list = object
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let mut strings: Vec<String> = Vec::new();
    for text in list.iter().filter_map(Value::as_str).map(str::trim) {
        if !text.is_empty() && !strings.iter().any(|known| known == text) {
            strings.push(text.to_owned());
        }
    }
    strings
}

/// `authors` of 1.1, else `author` of 1.0.
fn authors(object: &Map<String, Value>) -> Vec<RawPerson> {
    let listed = object
        .get("authors")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let people = |value: &Value| {
        let person = value.as_object()?;
        let url = string(person, "url");
        let name = string(person, "name");
        (name.is_some() || url.is_some()).then(|| RawPerson {
            name: name.unwrap_or_default(),
            url,
            email: None,
        })
    };
    let listed: Vec<RawPerson> = listed.iter().filter_map(people).collect();
    if listed.is_empty() {
        object.get("author").and_then(people).into_iter().collect()
    } else {
        listed
    }
}

fn enclosures(item: &Map<String, Value>) -> Vec<RawEnclosure> {
    let list = item
        .get("attachments")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let mut enclosures: Vec<RawEnclosure> = Vec::new();
    for attachment in list.iter().filter_map(Value::as_object) {
        let Some(url) = string(attachment, "url") else {
            continue;
        };
        if enclosures.iter().any(|known| known.url == url) {
            continue;
        }
        enclosures.push(RawEnclosure {
            url,
            media_type: string(attachment, "mime_type"),
            length: whole(attachment, "size_in_bytes"),
            duration_seconds: whole(attachment, "duration_in_seconds"),
        });
    }
    enclosures
}

/// A number without its fraction; negative ones count as absent.
fn whole(object: &Map<String, Value>, key: &str) -> Option<u64> {
    let number = object.get(key)?;
    number.as_u64().or_else(|| {
        let number = number
            .as_f64()
            .filter(|number| (0.0..1e15).contains(number))?;
        format!("{:.0}", number.floor()).parse().ok()
    })
}

/// `text` with each `\uD800`–`\uDFFF` escape that is not one of a pair replaced: serde_json refuses them.
fn without_lone_surrogates(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("\\u") {
        return text.into();
    }
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut at = 0;
    while let Some(next) = text[at..].find('\\') {
        at += next;
        let Some(first) = unit(at) else {
            // a backslash and what it escapes
            at = text.ceil_char_boundary((at + 2).min(text.len()));
            continue;
        };
        let paired = (0xd800..0xdc00).contains(&first)
            && unit(at + 6).is_some_and(|second| (0xdc00..0xe000).contains(&second));
        if (0xd800..0xe000).contains(&first) && !paired {
            out.push_str(&text[copied..at]);
            out.push_str("\\ufffd");
            copied = at + 6;
        }
        at += if paired { 12 } else { 6 };
    }
    out.push_str(&text[copied..]);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(items: &str) -> Vec<String> {
        let feed = format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\",\"items\":{items}}}"
        );
        let read = read(&feed, None).unwrap();
        let title = |entry: RawEntry| match entry.title {
            Some(Text::Plain(title)) => title,
            other => panic!("{other:?}"),
        };
        read.entries.into_iter().map(title).collect()
    }

    #[test]
    fn one_wrong_character_costs_no_entry() {
        for odd in ["\n", "\t", "\u{b}", "\\x", "\\'"] {
            let items = format!(
                "[{{\"id\":\"1\",\"title\":\"one\"}},{{\"id\":\"2\",\"title\":\"two\",\"summary\":\"a{odd}b\"}},\
                 {{\"id\":\"3\",\"title\":\"three\",\"rank\":NaN}}]"
            );
            assert_eq!(titles(&items), ["one", "two", "three"], "{odd:?}");
        }
    }

    #[test]
    fn an_entry_that_cannot_be_read_or_is_cut_costs_no_other() {
        for items in [
            r#"[{"id":"1","title":"one"},{"id":"2" "title":"two"},{"id":"3","title":"three"}]"#,
            r#"[{"id":"1","title":"one"},{"id":"3","title":"three"},{"id":"4","title":"fo"#,
            r#"{"0":{"id":"1","title":"one"},"2":{"id":"3","title":"three"}}"#,
        ] {
            assert_eq!(titles(items), ["one", "three"], "{items}");
        }
    }

    #[test]
    fn items_that_are_no_list_are_no_empty_feed() {
        for items in ["null", "\"none\"", r#"{"id":"1"}"#] {
            let feed =
                format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":{items}}}");
            let error = read(&feed, None).unwrap_err().to_string();
            assert!(error.contains("no list"), "{items}: {error}");
        }
    }

    #[test]
    fn a_date_may_be_a_number_of_seconds() {
        let feed = r#"{"items":[{"id":"1","content_text":"x","date_published":1736157600}]}"#;
        let entries = read(feed, None).unwrap().entries;
        assert_eq!(
            entries[0].published.as_deref(),
            Some("2025-01-06T10:00:00Z")
        );
    }
}
