//! JSON-LD (schema.org): posts named in a Blog, an ItemList, a @graph or alone.

use serde_json::Value;

use super::record::Record;

/// Types that are one post.
const POSTS: &[&str] = &[
    "BlogPosting",
    "Article",
    "NewsArticle",
    "TechArticle",
    "SocialMediaPosting",
    "LiveBlogPosting",
    "Report",
    "ScholarlyArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "ReportageNewsArticle",
    "PodcastEpisode",
];
/// Nesting that is followed.
const MAX_DEPTH: usize = 12;

/// The posts of one script; none where it is no JSON.
pub(super) fn read(text: &str) -> Vec<Record> {
    let text = text
        .trim()
        .trim_start_matches("<!--")
        .trim_start_matches("//<![CDATA[")
        .trim_end_matches("-->")
        .trim_end_matches("//]]>");
    let mut out = Vec::new();
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        walk(&value, 0, &mut out);
    }
    out
}

fn walk(value: &Value, depth: usize, out: &mut Vec<Record>) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(values) => {
            for value in values {
                walk(value, depth + 1, out);
            }
        }
        Value::Object(object) => {
            if is_post(value) {
                out.push(record(value));
                return;
            }
            if has_type(value, "ListItem") && object.get("item").is_none_or(Value::is_string) {
                let url = text(value.get("url")).or_else(|| text(value.get("item")));
                if url.is_some() && value.get("name").is_some() {
                    out.push(Record {
                        url,
                        title: text(value.get("name")),
                        ..Record::default()
                    });
                }
            }
            for (key, value) in object {
                if !matches!(
                    key.as_str(),
                    "author" | "publisher" | "image" | "logo" | "breadcrumb"
                ) {
                    walk(value, depth + 1, out);
                }
            }
        }
        _ => {}
    }
}

fn has_type(value: &Value, name: &str) -> bool {
    match value.get("@type") {
        Some(Value::String(kind)) => kind == name,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind.as_str() == Some(name)),
        _ => false,
    }
}

/// True for an object typed as one post.
pub(super) fn is_post(value: &Value) -> bool {
    POSTS.iter().any(|post| has_type(value, post))
}

/// The fields of a post.
pub(super) fn record(value: &Value) -> Record {
    let field = |names: &[&str]| names.iter().find_map(|name| text(value.get(*name)));
    Record {
        url: field(&["url", "mainEntityOfPage", "@id"]),
        slug: None,
        title: field(&["headline", "name", "alternativeHeadline"]),
        published: field(&["datePublished", "dateCreated", "uploadDate"]),
        updated: field(&["dateModified"]),
        summary: field(&["description", "abstract"]),
        tags: list(value.get("keywords")),
        authors: people(value.get("author").or_else(|| value.get("creator"))),
        image: value
            .get("image")
            .or_else(|| value.get("thumbnailUrl"))
            .and_then(|image| text(Some(image))),
        read_time: field(&["timeRequired"]).and_then(|time| minutes(&time)),
        language: field(&["inLanguage"]),
        typed: true,
    }
}

/// The text of a value, of the first of several, or of what an object calls itself.
pub(super) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => {
            Some(super::super::tree::collapse(text)).filter(|text| !text.is_empty())
        }
        Value::Array(values) => text(values.first()),
        Value::Object(object) => ["@id", "url", "@value", "name"]
            .iter()
            .find_map(|key| text(object.get(*key))),
        _ => None,
    }
}

/// Keywords: a list, or one text with commas.
fn list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => text
            .split(',')
            .map(str::trim)
            .filter(|tag| !tag.is_empty())
            .map(str::to_owned)
            .collect(),
        Some(Value::Array(values)) => values
            .iter()
            .filter_map(|value| {
                value
                    .as_str()
                    .map(str::to_owned)
                    .or_else(|| text(value.get("name")))
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn people(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(values)) => values
            .iter()
            .flat_map(|value| people(Some(value)))
            .collect(),
        Some(object @ Value::Object(_)) => text(object.get("name")).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// An ISO 8601 duration ("PT7M") in words.
fn minutes(duration: &str) -> Option<String> {
    let minutes = duration.strip_prefix("PT")?.strip_suffix('M')?;
    minutes
        .parse::<u32>()
        .ok()
        .map(|minutes| format!("{minutes} min read"))
}
