//! One object of a state → a post, by the names of its parts.

use std::collections::HashMap;

use super::super::flight::Flight;
use super::super::record::{Record, date, instant, minutes, plain};
use super::super::value::Value;

const TITLES: &[&str] = &["title", "headline", "heading", "postTitle", "name"];
const URLS: &[&str] = &[
    "url",
    "href",
    "link",
    "permalink",
    "path",
    "_path",
    "uri",
    "canonicalUrl",
    "canonical_url",
    "relativeUrl",
    "full_slug",
];
const SLUGS: &[&str] = &["slug", "hash", "handle", "slugAsParams"];
const DATES: &[&str] = &[
    "date",
    "publishedAt",
    "published_at",
    "datePublished",
    "pubDate",
    "publishDate",
    "published",
    "firstPublishedAt",
    "first_published_at",
    "publishedDate",
    "published_date",
    "publicationDate",
    "publishedOn",
    "published_on",
    "pubdate",
    "postedAt",
    "posted_at",
    "datetime",
    "createdAt",
    "created_at",
    "created",
    "dateCreated",
    "_createdAt",
];
const UPDATES: &[&str] = &[
    "updatedAt",
    "updated_at",
    "dateModified",
    "modified",
    "updated",
    "lastModified",
    "lastmod",
    "_updatedAt",
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
    "lead",
    "dek",
    "shortDescription",
    "metaDescription",
    "custom_excerpt",
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
const AUTHORS: &[&str] = &["author", "authors", "writer", "by", "byline"];
const IMAGES: &[&str] = &[
    "image",
    "cover",
    "coverImage",
    "cover_image",
    "thumbnail",
    "featuredImage",
    "featured_image",
    "feature_image",
    "heroImage",
    "mainImage",
];
const READ_TIMES: &[&str] = &[
    "readingTime",
    "readTime",
    "reading_time",
    "minutesToRead",
    "read_time",
    "timeToRead",
    "readingMinutes",
    "readingTimeMinutes",
    "minRead",
];
/// Names in which a headless CMS puts the fields one level down.
const INNER: &[&str] = &[
    "node",
    "frontmatter",
    "fields",
    "attributes",
    "data",
    "post",
    "metadata",
    "meta",
    "content",
    "childMdx",
];
/// Parts that a post does not have: prices, places, posts counted, people's addresses, code.
const OTHERS: &[&str] = &[
    "price",
    "prices",
    "sku",
    "currency",
    "inStock",
    "variants",
    "salary",
    "venue",
    "startDate",
    "endDate",
    "startTime",
    "postCount",
    "post_count",
    "postsCount",
    "bio",
    "email",
    "avatar_url",
    "github",
    "githubUrl",
    "stars",
    "repo",
    "repository",
    "demo",
    "technologies",
    "techStack",
    "jobTitle",
    "isbn",
    "latitude",
    "downloads",
    "commentId",
    "parentId",
    "duration_weeks",
];

/// Finds what references stand for.
#[derive(Clone, Copy)]
pub(super) struct Seer<'v> {
    /// Whose rows `$…` stands for.
    pub(super) flight: &'v Flight,
    /// The objects that `__ref` names.
    pub(super) entities: &'v HashMap<&'v str, &'v Value>,
}

impl<'v> Seer<'v> {
    /// What `value` stands for: itself, unless it is a reference.
    pub(super) fn see(self, value: &'v Value) -> &'v Value {
        let seen = self.flight.see(value);
        let id = seen
            .get("__ref")
            .or_else(|| seen.get("id").filter(|_| seen.members().len() <= 4));
        let entity = id
            .and_then(Value::as_text)
            .and_then(|id| self.entities.get(id).copied());
        entity.unwrap_or(seen)
    }

    /// The value of the first of `names` that an object, or the object within it, has.
    fn find<T>(
        self,
        object: &'v Value,
        names: &[&str],
        read: impl Fn(&'v Value) -> Option<T>,
    ) -> Option<T> {
        let inner: Vec<&Value> = INNER
            .iter()
            .filter_map(|name| object.get(name).map(|value| self.see(value)))
            .filter(|value| value.is_object())
            .collect();
        // an edge holds a node, and the node its front matter
        let deeper = inner.iter().flat_map(|value| {
            let parts = INNER.iter().filter_map(|name| value.get(name));
            parts
                .map(|value| self.see(value))
                .filter(|value| value.is_object())
                .take(3)
        });
        let places: Vec<&Value> = std::iter::once(object)
            .chain(inner.iter().copied())
            .chain(deeper)
            .collect();
        names.iter().find_map(|name| {
            places
                .iter()
                .find_map(|place| read(self.see(place.get(name)?)))
        })
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => {
            // `$$` is an escaped `$`, `$L5` and the like refer to what is not there
            let text = match text.strip_prefix('$') {
                Some(escaped) if escaped.starts_with('$') => escaped,
                Some(price)
                    if price.starts_with(|c: char| c.is_ascii_digit())
                        && price.contains([' ', '.']) =>
                {
                    text
                }
                Some(_) => return None,
                None => text,
            };
            Some(plain(text)).filter(|text| !text.is_empty())
        }
        Value::Object(_) => ["rendered", "text", "current", "en", "value", "url", "href"]
            .iter()
            .find_map(|name| match value.get(name)? {
                Value::Text(text) => Some(plain(text)).filter(|text| !text.is_empty()),
                _ => None,
            }),
        _ => None,
    }
}

/// True for an object that is not to be shown: a draft, hidden, not yet published.
pub(super) fn is_withheld(seer: Seer<'_>, object: &Value) -> bool {
    let yes = |value: &Value| match value {
        Value::Bool(is) => Some(*is),
        Value::Text(text) if matches!(text.as_str(), "true" | "yes") => Some(true),
        _ => None,
    };
    let no = |value: &Value| match value {
        Value::Bool(is) => Some(!*is),
        Value::Text(text) if matches!(text.as_str(), "false" | "no") => Some(true),
        _ => None,
    };
    let kept_back = |value: &Value| {
        let status = value.as_text()?.to_ascii_lowercase();
        Some(matches!(
            status.as_str(),
            "draft"
                | "private"
                | "pending"
                | "scheduled"
                | "future"
                | "trash"
                | "archived"
                | "unpublished"
        ))
    };
    let is = |found: Option<bool>| found == Some(true);
    is(seer.find(
        object,
        &[
            "draft", "isDraft", "is_draft", "hidden", "unlisted", "private", "archived",
        ],
        yes,
    )) || is(seer.find(
        object,
        &["published", "isPublished", "is_published", "visible"],
        no,
    )) || is(seer.find(
        object,
        &["status", "_status", "state", "visibility"],
        kept_back,
    ))
}

/// True for an object with parts that no post has.
pub(super) fn is_other(object: &Value) -> bool {
    OTHERS
        .iter()
        .any(|name| object.get(name).is_some_and(|value| *value != Value::Null))
}

/// The post that an object is: it has a title, and an address or a slug.
pub(super) fn record(seer: Seer<'_>, object: &Value) -> Option<Record> {
    let title = seer.find(object, TITLES, text)?;
    let url = seer
        .find(object, URLS, text)
        .filter(|url| url.contains('/') && !url.contains(char::is_whitespace));
    let slug = seer
        .find(object, SLUGS, text)
        .filter(|slug| !slug.contains(char::is_whitespace));
    if url.is_none() && slug.is_none() {
        return None;
    }
    Some(Record {
        urls: url.into_iter().collect(),
        slug,
        title: Some(title),
        published: seer.find(object, DATES, |value| when(seer, value)),
        updated: seer.find(object, UPDATES, |value| when(seer, value)),
        summary: seer.find(object, EXCERPTS, text),
        tags: seer
            .find(object, TAGS, |value| some(names(seer, value, true)))
            .unwrap_or_default(),
        authors: seer
            .find(object, AUTHORS, |value| some(names(seer, value, false)))
            .unwrap_or_default(),
        image: seer.find(object, IMAGES, |value| image(seer, value)),
        read_time: seer.find(object, READ_TIMES, read_time),
        ..Record::default()
    })
}

fn some(names: Vec<String>) -> Option<Vec<String>> {
    (!names.is_empty()).then_some(names)
}

fn when<'v>(seer: Seer<'v>, value: &'v Value) -> Option<String> {
    match value {
        Value::Number(number) => instant(*number),
        // the flight payload writes dates as `$D2024-01-02T…`
        Value::Text(text) => {
            let text = text.strip_prefix("$D").unwrap_or(text);
            date(text).or_else(|| instant(text.parse().ok()?))
        }
        Value::Object(_) => [
            "iso",
            "$date",
            "raw",
            "date",
            "datetime",
            "start",
            "formatted",
            "value",
        ]
        .iter()
        .find_map(|name| match seer.see(value.get(name)?) {
            Value::Object(_) => None,
            value => when(seer, value),
        }),
        _ => None,
    }
}

fn names<'v>(seer: Seer<'v>, value: &'v Value, split: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let nodes = value
        .get("nodes")
        .or_else(|| value.get("edges"))
        .unwrap_or(value);
    let several = match nodes {
        Value::List(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    for value in several {
        let value = seer.see(value);
        let value = value.get("node").unwrap_or(value);
        let name = match value {
            Value::Text(_) => text(value),
            _ => ["name", "title", "label"]
                .iter()
                .find_map(|name| text(seer.see(value.get(name)?))),
        };
        let name = name.unwrap_or_default();
        let marks: &[char] = if split { &[','] } else { &[] };
        for name in name.split(|c| marks.contains(&c)).map(str::trim) {
            if !name.is_empty() && !name.contains("://") && !out.iter().any(|known| known == name) {
                out.push(name.to_owned());
            }
        }
    }
    out
}

fn image<'v>(seer: Seer<'v>, value: &'v Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.trim().to_owned())
            .filter(|url| url.contains(['/', '.']) && !url.contains(' ') && !url.starts_with('$')),
        Value::Object(_) => ["url", "src", "publicURL", "sourceUrl"]
            .iter()
            .find_map(|name| match seer.see(value.get(name)?) {
                text @ Value::Text(_) => image(seer, text),
                _ => None,
            }),
        _ => None,
    }
}

fn read_time(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => minutes(*number),
        Value::Text(written) => match written.trim().parse::<f64>() {
            Ok(number) => minutes(number),
            Err(_) => text(value),
        },
        Value::Object(_) => ["text", "minutes"]
            .iter()
            .find_map(|name| match value.get(name)? {
                Value::Object(_) => None,
                value => read_time(value),
            }),
        _ => None,
    }
}
