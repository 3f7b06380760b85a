//! Nodes in the vocabulary of schema.org, from JSON-LD, microdata or RDFa → the posts that they describe: those that stand
//! alone, and those of lists (Blog, ItemList, CollectionPage, DataFeed). Breadcrumbs, menus, products, questions and people
//! are none.

use std::collections::{HashMap, HashSet};

use super::record::{Form, List, Record, date, minutes, plain};
use super::value::Value;

/// Types that are one post.
const POSTS: &[&str] = &[
    "BlogPosting",
    "Article",
    "NewsArticle",
    "TechArticle",
    "SocialMediaPosting",
    "DiscussionForumPosting",
    "LiveBlogPosting",
    "Report",
    "ScholarlyArticle",
    "MedicalScholarlyArticle",
    "AdvertiserContentArticle",
    "SatiricalArticle",
    "AnalysisNewsArticle",
    "AskPublicNewsArticle",
    "BackgroundNewsArticle",
    "OpinionNewsArticle",
    "ReportageNewsArticle",
    "ReviewNewsArticle",
    "PodcastEpisode",
];
/// Types whose parts are none of the page's posts.
const CLOSED: &[&str] = &[
    "BreadcrumbList",
    "SiteNavigationElement",
    "FAQPage",
    "HowTo",
    "Product",
    "OfferCatalog",
    "Menu",
    "Person",
    "Organization",
    "Recipe",
    "Course",
    "Event",
    "Book",
];
/// Types of list items that may be posts, if their other parts say so.
const OPEN: &[&str] = &[
    "CreativeWork",
    "WebPage",
    "Thing",
    "ListItem",
    "DataFeedItem",
];
/// Names that hold a list, and whether it is one of posts by that alone.
const LISTS: &[(&str, bool)] = &[
    ("blogPost", true),
    ("blogPosts", true),
    ("itemListElement", false),
    ("dataFeedElement", false),
    ("hasPart", false),
    ("episode", true),
    ("episodes", true),
];
/// Names that hold what a page is about.
const MAIN: &[&str] = &["mainEntity", "mainContentOfPage"];
/// Nesting that is followed.
const MAX_DEPTH: usize = 12;

/// What a page's nodes describe.
#[derive(Debug, Default)]
pub(super) struct Described {
    /// Posts that stand alone: the page itself, or a list without a name.
    pub(super) alone: Vec<Record>,
    /// Posts of lists.
    pub(super) lists: Vec<List>,
}

/// The posts that `nodes` describe.
pub(super) fn read(nodes: &[Value], form: Form) -> Described {
    let mut graph = Graph {
        nodes: HashMap::new(),
        form,
        found: Described::default(),
    };
    for node in nodes {
        graph.index(node, 0);
    }
    for node in nodes {
        graph.visit(node, false, 0);
    }
    // what a list refers to stands in the graph too
    let Described { alone, lists } = &mut graph.found;
    let listed: HashSet<&Record> = lists.iter().flat_map(|list| &list.records).collect();
    alone.retain(|record| !listed.contains(record));
    graph.found
}

struct Graph<'v> {
    /// The fullest node of each `@id`.
    nodes: HashMap<&'v str, &'v Value>,
    form: Form,
    found: Described,
}

impl<'v> Graph<'v> {
    fn index(&mut self, value: &'v Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(id) = value.get("@id").and_then(Value::as_text)
            && value.members().len() > 1
            && self
                .nodes
                .get(id)
                .is_none_or(|known| known.members().len() < value.members().len())
        {
            self.nodes.insert(id, value);
        }
        for (_, member) in value.members() {
            self.index(member, depth + 1);
        }
        for element in value.elements() {
            self.index(element, depth + 1);
        }
    }

    /// The node that a reference stands for; others stand for themselves.
    fn see(&self, value: &'v Value) -> &'v Value {
        let id = match value {
            Value::Object(members) if members.len() <= 2 && value.get("name").is_none() => {
                value.get("@id")
            }
            Value::Text(_) => Some(value),
            _ => None,
        };
        let known = id
            .and_then(Value::as_text)
            .and_then(|id| self.nodes.get(id));
        known.copied().unwrap_or(value)
    }

    /// Reads a node; `blog`: it is a part of a blog, so that what it lists are posts without saying so.
    fn visit(&mut self, value: &'v Value, blog: bool, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for element in value.elements() {
            self.visit(element, blog, depth + 1);
        }
        if !value.is_object() {
            return;
        }
        if is_post(value) {
            let record = self.record(value);
            // one without both is the rest of a text that broke off
            if record.title.is_some() || !record.urls.is_empty() {
                self.found.alone.push(record);
            }
            return;
        }
        if CLOSED.iter().any(|closed| has_type(value, closed)) {
            return;
        }
        let blog = blog || has_type(value, "Blog");
        for holder in ["@graph", "@list", "@set"] {
            if let Some(nodes) = value.get(holder) {
                self.visit(nodes, blog, depth + 1);
            }
        }
        for (name, of_posts) in LISTS {
            if let Some(elements) = value.get(name) {
                self.list(elements, *of_posts || blog, depth + 1);
            }
        }
        for name in MAIN {
            if let Some(entity) = value.get(name) {
                let entity = self.see(entity);
                if entity.elements().len() > 1 {
                    self.list(entity, blog, depth + 1);
                } else {
                    self.visit(entity, blog, depth + 1);
                }
            }
        }
    }

    /// Reads the elements of a list; `of_posts`: by its name they are posts, whatever their type.
    fn list(&mut self, elements: &'v Value, of_posts: bool, depth: usize) {
        let mut all = Vec::new();
        flat(elements, &mut all, 0);
        let mut records = Vec::new();
        let (mut others, mut typed) = (0, 0);
        for element in all {
            let element = self.see(element);
            if let Some((record, is_typed)) = self.element(element) {
                records.push(record);
                typed += usize::from(is_typed);
            } else if element.is_object() {
                // a part that is a list itself
                let before = self.found.lists.len();
                self.visit(element, of_posts, depth + 1);
                others += usize::from(self.found.lists.len() == before);
            }
        }
        if !records.is_empty() && others <= records.len() {
            self.found.lists.push(List {
                explicit: of_posts || typed * 2 > records.len(),
                records,
                form: self.form,
            });
        }
    }

    /// The post that an element of a list is, and whether its type says so.
    fn element(&self, element: &'v Value) -> Option<(Record, bool)> {
        if is_post(element) {
            return Some((self.record(element), true));
        }
        let open = |value: &Value| {
            value.get("@type").is_none() || OPEN.iter().any(|open| has_type(value, open))
        };
        if !element.is_object() || !open(element) {
            return None;
        }
        let item = element.get("item").map(|item| self.see(item));
        let (mut record, typed) = match item {
            Some(item) if is_post(item) => (self.record(item), true),
            Some(item) if item.is_object() && !open(item) => return None,
            Some(item) if item.is_object() => (self.record(item), false),
            Some(Value::Text(url)) => (
                Record {
                    urls: vec![url.clone()],
                    ..Record::default()
                },
                false,
            ),
            _ => (Record::default(), false),
        };
        // what the list says of the item, and where there is none, the item is what has a name
        let outer = self.record(element);
        record.urls.extend(outer.urls.iter().cloned());
        record.complete(&outer);
        (record.title.is_some() && !record.urls.is_empty()).then_some((record, typed))
    }

    /// The fields of a post.
    fn record(&self, node: &'v Value) -> Record {
        let field = |names: &[&str]| names.iter().find_map(|name| text(node.get(name)?));
        let urls = ["url", "mainEntityOfPage", "@id", "link"];
        let mut tags = names(self, node.get("keywords"), &[',', ';', '、', '，']);
        if tags.is_empty() {
            tags = names(self, node.get("articleSection"), &[]);
        }
        Record {
            urls: urls
                .iter()
                .filter_map(|name| address(node.get(name)?))
                .collect(),
            title: field(&["headline", "name", "alternativeHeadline", "title"]),
            published: field(&["datePublished", "dateCreated", "uploadDate"])
                .and_then(|text| date(&text)),
            updated: field(&["dateModified"]).and_then(|text| date(&text)),
            summary: field(&["description", "abstract"]).or_else(|| field(&["articleBody"])),
            tags,
            authors: names(
                self,
                node.get("author").or_else(|| node.get("creator")),
                &[],
            ),
            image: ["image", "thumbnailUrl"]
                .iter()
                .find_map(|name| image(self, node.get(name)?)),
            read_time: node.get("timeRequired").and_then(read_time),
            language: node.get("inLanguage").and_then(language),
            ..Record::default()
        }
    }
}

/// The elements of a list, of `@list` and `@set`, or the one element.
fn flat<'v>(value: &'v Value, out: &mut Vec<&'v Value>, depth: usize) {
    let inner = value.get("@list").or_else(|| value.get("@set"));
    match (inner, value) {
        (Some(inner), _) if depth < MAX_DEPTH => flat(inner, out, depth + 1),
        (None, Value::List(elements)) if depth < MAX_DEPTH => {
            for element in elements {
                flat(element, out, depth + 1);
            }
        }
        _ => out.push(value),
    }
}

fn has_type(value: &Value, name: &str) -> bool {
    let is = |kind: &str| kind.rsplit(['/', '#', ':']).next() == Some(name);
    match value.get("@type") {
        Some(Value::Text(kind)) => is(kind),
        Some(Value::List(kinds)) => kinds.iter().filter_map(Value::as_text).any(is),
        _ => false,
    }
}

/// True for a node whose type, or what it has beside a vague one, says that it is a post.
fn is_post(value: &Value) -> bool {
    POSTS.iter().any(|post| has_type(value, post))
        || has_type(value, "CreativeWork") && value.get("headline").is_some()
}

/// The text of a value, of the first of several, or of what an object spells.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(plain(text)).filter(|text| !text.is_empty()),
        Value::List(values) => values.iter().find_map(text),
        Value::Object(_) => ["@value", "name", "headline"]
            .iter()
            .find_map(|name| text(value.get(name)?)),
        _ => None,
    }
}

/// An address as written: of a page, not the name of a node.
fn address(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => {
            let text = text.trim();
            let is = text.contains(['/', '.', '?'])
                && !text.starts_with('#')
                && !text.contains(char::is_whitespace);
            is.then(|| text.to_owned())
        }
        Value::List(values) => values.iter().find_map(address),
        Value::Object(_) => ["@id", "url", "@value"]
            .iter()
            .find_map(|name| address(value.get(name)?)),
        _ => None,
    }
}

fn image(graph: &Graph<'_>, value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => address(&Value::from(text.as_str())),
        Value::List(values) => values.iter().find_map(|value| image(graph, value)),
        Value::Object(_) => {
            let id = value.get("@id").and_then(Value::as_text);
            let value = id
                .and_then(|id| graph.nodes.get(id))
                .copied()
                .unwrap_or(value);
            ["url", "contentUrl", "@id"]
                .iter()
                .find_map(|name| address(value.get(name)?))
        }
        _ => None,
    }
}

/// What persons, keywords and the like are called, each once; texts are split at `marks`.
fn names(graph: &Graph<'_>, value: Option<&Value>, marks: &[char]) -> Vec<String> {
    let mut all = Vec::new();
    let mut add = |text: &str| {
        for name in text.split(|c| marks.contains(&c)) {
            let name = plain(name);
            // an address names nobody
            if !name.is_empty() && !name.contains("://") && !all.contains(&name) {
                all.push(name);
            }
        }
    };
    let several = value.map_or(&[][..], |value| match value {
        Value::List(values) => values,
        value => std::slice::from_ref(value),
    });
    for value in several {
        let id = value.get("@id").or(Some(value)).and_then(Value::as_text);
        let value = id
            .and_then(|id| graph.nodes.get(id))
            .copied()
            .unwrap_or(value);
        match value {
            Value::Text(text) => add(text),
            value => {
                if let Some(name) = value
                    .get("name")
                    .or_else(|| value.get("@value"))
                    .and_then(text)
                {
                    add(&name);
                }
            }
        }
    }
    all
}

fn language(value: &Value) -> Option<String> {
    match value {
        Value::Object(_) => ["alternateName", "@id", "name"]
            .iter()
            .find_map(|name| language(value.get(name)?)),
        value => text(value).filter(|tag| tag.len() <= 16 && !tag.contains(' ')),
    }
}

/// A read time: an ISO 8601 duration ("PT7M"), a number of minutes, or words.
fn read_time(value: &Value) -> Option<String> {
    if let Value::Number(number) = value {
        return minutes(*number);
    }
    let written = text(value)?;
    if let Ok(number) = written.parse::<f64>() {
        return minutes(number);
    }
    let Some(parts) = written.strip_prefix('P') else {
        return Some(written);
    };
    let (mut sum, mut digits, mut time) = (0.0, String::new(), false);
    for c in parts.chars() {
        let unit = match c {
            'T' => {
                time = true;
                continue;
            }
            '0'..='9' | '.' => {
                digits.push(c);
                continue;
            }
            'D' => 1440.0,
            'H' => 60.0,
            'M' if time => 1.0,
            'S' => 1.0 / 60.0,
            _ => return None,
        };
        sum += digits.parse::<f64>().ok()? * unit;
        digits.clear();
    }
    minutes(sum)
}
