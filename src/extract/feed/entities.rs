//! Text entities that a document declares in its DOCTYPE (`<!ENTITY name "text">`), as old RSS does. Those that need no
//! other are replaced, up to a limit; what is outside the document is never asked for, and nothing is expanded twice.

use super::text;

/// How many entities a document may declare.
const MAX_ENTITIES: usize = 256;
/// How long the text of one may be, in bytes.
const MAX_TEXT_BYTES: usize = 256;
/// How much all replacements together may add, in bytes.
const MAX_ADDED_BYTES: usize = 64 << 10;

/// The entities of one document.
#[derive(Debug, Default)]
pub(super) struct Entities {
    texts: Vec<(String, String)>,
    added_bytes: usize,
}

impl Entities {
    /// Takes what `doctype` declares.
    pub(super) fn declare(&mut self, doctype: &str) {
        let subset = doctype.split_once('[').map_or("", |(_, subset)| subset);
        for declaration in subset.split("<!ENTITY").skip(1) {
            if self.texts.len() >= MAX_ENTITIES {
                return;
            }
            let Some((name, value)) = read(declaration) else {
                continue;
            };
            if !self.texts.iter().any(|(known, _)| known == name) {
                self.texts.push((name.to_owned(), value));
            }
        }
    }

    /// The text that `&name;` stands for.
    pub(super) fn text(&mut self, name: &str) -> Option<&str> {
        let (_, text) = self.texts.iter().find(|(known, _)| known == name)?;
        self.added_bytes += text.len();
        (self.added_bytes <= MAX_ADDED_BYTES).then_some(text)
    }
}

/// Name and text of a declaration; `None` for parameter entities, external ones and those that need others or hold markup.
fn read(declaration: &str) -> Option<(&str, String)> {
    let (name, rest) = declaration.trim_start().split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, _) = rest[1..].split_once(quote)?;
    let plain = name
        .chars()
        .all(|c| c.is_alphanumeric() || "-_.:".contains(c));
    if !plain || value.len() > MAX_TEXT_BYTES || value.contains(['<', '%']) {
        return None;
    }
    let needs_others = value.split('&').skip(1).any(|rest| {
        let end = rest.find(';').unwrap_or(0);
        text::reference(&rest[..end]).is_none()
    });
    (!needs_others).then(|| (name, text::unescape(value).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_that_need_nothing_else_are_replaced() {
        let mut entities = Entities::default();
        entities.declare(
            "rdf:RDF [<!ENTITY % lat1 PUBLIC \"-//X\" \"http://x.example/lat1.ent\"> %lat1; <!ENTITY name 'Jo &amp; Bo &#233;'> \
             <!ENTITY twice \"&name;\"> <!ENTITY file SYSTEM \"file:///etc/passwd\"><!ENTITY tag \"<b>\">]",
        );
        assert_eq!(entities.text("name"), Some("Jo & Bo é"));
        for other in ["twice", "file", "tag", "lat1", "x"] {
            assert_eq!(entities.text(other), None, "{other}");
        }
    }

    #[test]
    fn replacements_end_at_a_limit() {
        let mut entities = Entities::default();
        entities.declare(&format!("r [<!ENTITY a \"{}\">]", "x".repeat(256)));
        let replaced = (0..1000).filter(|_| entities.text("a").is_some()).count();
        assert_eq!(replaced, 256);
    }
}
