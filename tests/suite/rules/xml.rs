//! XML 1.0 with namespaces, read without mercy.

use std::collections::HashSet;

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::Broken;

/// An element.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// The address of its namespace, empty if it has none.
    pub(crate) namespace: String,
    /// Its name without prefix.
    pub(crate) name: String,
    /// Names as written, with their values.
    pub(crate) attributes: Vec<(String, String)>,
    /// Its text, that of its children not included.
    pub(crate) text: String,
    /// What is in it.
    pub(crate) children: Vec<Element>,
}

impl Element {
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// The children of that name.
    pub(crate) fn all<'a>(
        &'a self,
        namespace: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = &'a Element> {
        self.children
            .iter()
            .filter(move |child| child.is(namespace, name))
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The root of `bytes`; every breach of well-formedness is noted.
pub(crate) fn read(bytes: &[u8], broken: &mut Broken) -> Option<Element> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        broken.0.push("the document is not UTF-8".to_owned());
        return None;
    };
    broken.unless(
        text.starts_with("<?xml version=\"1.0\"") && text.contains("utf-8"),
        || "the document does not begin with a declaration".to_owned(),
    );
    check_characters("the document", text, broken);
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut open = vec![Element::default()];
    loop {
        let (namespace, event) = match reader.read_resolved_event() {
            Ok(read) => read,
            Err(error) => {
                broken.0.push(format!("not well-formed: {error}"));
                return None;
            }
        };
        let namespace = match namespace {
            ResolveResult::Bound(name) => name.as_ref().to_owned(),
            ResolveResult::Unbound => String::new(),
            ResolveResult::Unknown(prefix) => {
                broken
                    .0
                    .push(format!("a prefix is not declared: {prefix:?}"));
                String::new()
            }
        };
        match event {
            Event::Start(tag) => open.push(element(&tag, namespace, broken)),
            Event::Empty(tag) => {
                let element = element(&tag, namespace, broken);
                parent(&mut open).children.push(element);
            }
            Event::End(_) => {
                let element = open.pop().unwrap();
                parent(&mut open).children.push(element);
            }
            Event::Text(text) => {
                let raw = text.to_string();
                broken.unless(!raw.contains("]]>"), || format!("]]> in text: {raw:?}"));
                parent(&mut open).text.push_str(&raw);
            }
            Event::CData(text) => {
                parent(&mut open).text.push_str(&text);
            }
            Event::GeneralRef(reference) => {
                let name = reference.to_string();
                let text = resolve(&name, broken);
                parent(&mut open).text.push_str(&text);
            }
            Event::DocType(_) | Event::PI(_) | Event::Comment(_) => {
                broken
                    .0
                    .push("a comment, an instruction or a document type".to_owned());
            }
            Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    let mut document = open.pop()?;
    broken.unless(document.text.trim().is_empty(), || {
        "text outside of the root".to_owned()
    });
    broken.unless(document.children.len() == 1, || {
        format!("{} roots", document.children.len())
    });
    document.children.pop()
}

fn parent(open: &mut [Element]) -> &mut Element {
    open.last_mut().unwrap()
}

fn element(tag: &BytesStart<'_>, namespace: String, broken: &mut Broken) -> Element {
    let name = tag.local_name().as_ref().to_owned();
    let mut attributes = Vec::new();
    let mut names = HashSet::new();
    for attribute in tag.attributes() {
        let Ok(attribute) = attribute else {
            broken
                .0
                .push(format!("<{name}> has a broken attribute: {attribute:?}"));
            continue;
        };
        let key = attribute.key.as_ref().to_owned();
        let raw = attribute.value.to_string();
        broken.unless(names.insert(key.clone()), || {
            format!("<{name} {key}> twice")
        });
        broken.unless(!raw.contains('<'), || format!("<{name} {key}> holds a <"));
        // a parser makes a space of each of them
        broken.unless(!raw.contains(['\n', '\t', '\r']), || {
            format!("<{name} {key}> has a line break or a tab")
        });
        let value = unescaped(&raw, broken);
        attributes.push((key, value));
    }
    Element {
        namespace,
        name,
        attributes,
        ..Element::default()
    }
}

fn unescaped(raw: &str, broken: &mut Broken) -> String {
    let mut parts = raw.split('&');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((name, rest)) = part.split_once(';') else {
            broken.0.push(format!("a bare ampersand: {raw:?}"));
            continue;
        };
        text.push_str(&resolve(name, broken));
        text.push_str(rest);
    }
    text
}

/// What a reference stands for: XML itself knows five names, and numbers.
fn resolve(name: &str, broken: &mut Broken) -> String {
    let known = [
        ("amp", "&"),
        ("lt", "<"),
        ("gt", ">"),
        ("quot", "\""),
        ("apos", "'"),
    ];
    if let Some((_, text)) = known.iter().find(|(known, _)| *known == name) {
        return (*text).to_owned();
    }
    let number = name
        .strip_prefix('#')
        .map(|number| match number.strip_prefix('x') {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        });
    let Some(c) = number.and_then(Result::ok).and_then(char::from_u32) else {
        broken
            .0
            .push(format!("an entity that nobody declared: &{name};"));
        return String::new();
    };
    check_characters("a reference", &c.to_string(), broken);
    c.to_string()
}

/// XML 1.0 §2.2, and what it discourages there.
fn check_characters(what: &str, text: &str, broken: &mut Broken) {
    let forbidden = |c: char| {
        (c.is_control() && !matches!(c, '\t' | '\n'))
            || u32::from(c) & 0xfffe == 0xfffe
            || ('\u{fdd0}'..='\u{fdef}').contains(&c)
    };
    if let Some(c) = text.chars().find(|c| forbidden(*c)) {
        broken
            .0
            .push(format!("{what} holds U+{:04X}", u32::from(c)));
    }
}
