//! Rules learnt from a page → the text that goes into `feeds.toml`, with a few words beside each.

use std::fmt::Write as _;

use url::Url;

use crate::model::{Carrier, FieldRule, Wrapper};

/// A `[[source]]` table for the page at `url`, with its `[source.select]`: it can be pasted at the end of `feeds.toml`.
#[must_use]
pub fn source_table(url: &Url, wrapper: &Wrapper) -> String {
    let url = toml::Value::from(url.as_str());
    format!("[[source]]\nurl = {url}\n\n{}", select_table(wrapper))
}

/// A `[source.select]` table, which goes below the `[[source]]` that it speaks of.
#[must_use]
pub fn select_table(wrapper: &Wrapper) -> String {
    let mut rows: Vec<(&str, String, &str)> = Vec::new();
    if wrapper.from == Some(Carrier::Data) {
        let value = toml::Value::from("data").to_string();
        rows.push((
            "from",
            value,
            "its data for machines: the posts are not in the visible page",
        ));
    }
    for (key, rule) in wrapper.rules() {
        let value = toml::Value::from(String::from(rule.clone())).to_string();
        rows.push((key, value, meaning(key, rule, wrapper)));
    }
    let width = |of: fn(&(&str, String, &str)) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let keys = width(|(key, ..)| key.len());
    let values = width(|(_, value, _)| value.chars().count());
    let mut out = "[source.select]\n".to_owned();
    for (key, value, words) in &rows {
        let _ = writeln!(out, "{key:keys$} = {value:values$}  # {words}");
    }
    out
}

/// A rule in a few words.
fn meaning(key: &str, rule: &FieldRule, wrapper: &Wrapper) -> &'static str {
    let is_above = rule.above;
    match key {
        "item" if wrapper.split.is_some() => {
            "what holds the posts, which have no element of their own"
        }
        "item" => "one post each; the rules below look inside it",
        "split" => "begins a post, or parts two",
        "title" => "its title",
        "link" => "its link",
        "date" if is_above => "its date, in the nearest such element above it",
        "date" => "its date",
        "summary" => "its summary",
        "tags" => "its tags, one each",
        "read_time" => "how long it takes to read",
        "author" => "who wrote it, one each",
        "image" => "its image",
        _ => "",
    }
}
