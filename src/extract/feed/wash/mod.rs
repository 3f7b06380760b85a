//! Any text → what feed-rs can be given. One pass over quick-xml's events with a stack of our own: in come RSS 0.9x to
//! 2.0, RSS 1.0/RDF and Atom 0.3 and 1.0 as they are met (cut, unclosed, with undeclared prefixes, undeclared references,
//! forbidden characters, thousandfold nesting); out go the fields of the feed and of each entry. Complete entries are kept
//! whatever comes after them. Never recurses, never expands an entity twice, never refuses.

mod events;

pub(super) use events::wash;

use quick_xml::events::BytesStart;
use url::Url;

use super::collect;
use super::draft::{Draft, Link};
use super::entities::Entities;
use super::explain::Notes;
use super::leaf::Leaf;
use super::names::{self, Family};
use super::namespaces::{Namespaces, declares_atom};
use super::person;
use super::role::Role;
use super::tag::Attributes;
use crate::model::RawPerson;

/// How deep elements may nest; deeper ones are taken as if only their text were there.
const MAX_DEPTH: usize = 200;
/// How many entries are read.
const MAX_ENTRIES: usize = 10_000;
/// The rank of the authors of the feed that an entry was taken from: they count where it has none of its own.
const OF_SOURCE: u8 = 8;

/// What came out of the wash.
#[derive(Debug, Default)]
pub(super) struct Washed {
    /// What the feed says of itself.
    pub(super) feed: Draft,
    /// Its entries, in document order.
    pub(super) entries: Vec<Draft>,
    /// Whether it is the root of a feed: a channel, or an Atom root by its namespace.
    pub(super) is_feed: bool,
    /// Whether elements that are called entries were passed over, being in another namespace.
    pub(super) strange_entries: bool,
    /// Whether it ends before its root does.
    pub(super) is_cut: bool,
    /// What was odd, in sentences.
    pub(super) warnings: Vec<String>,
    /// What was met on the way, where it was asked for.
    pub(super) notes: Option<Notes>,
}

#[derive(Debug)]
struct Frame {
    /// The name as written.
    name: String,
    role: Role,
    base: Option<Url>,
    language: Option<String>,
    /// How many namespace bindings there were outside.
    bindings: usize,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Wash {
    url: Option<Url>,
    feed: Draft,
    entries: Vec<Draft>,
    entry: Option<Draft>,
    leaf: Option<Leaf>,
    person: RawPerson,
    person_text: String,
    stack: Vec<Frame>,
    namespaces: Namespaces,
    entities: Entities,
    is_atom: bool,
    is_feed: bool,
    strange_entries: bool,
    ended: bool,
    damaged: bool,
    full: bool,
    cut: bool,
    notes: Option<Notes>,
}

impl Wash {
    /// Opens an element; `false` if it is not taken as one.
    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) -> bool {
        let name = tag.name();
        let name: &str = name.as_ref();
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let local = local.to_ascii_lowercase();
        let attributes = Attributes::read(tag);
        let bindings = self.namespaces.mark();
        if self.stack.len() < MAX_DEPTH {
            let is_root = self.stack.is_empty() || (local == "channel" && self.entry.is_none());
            self.namespaces
                .declare(&attributes, is_root.then_some(prefix));
        }
        let mut family = self.family(prefix);
        if self.is_entry(family, &local) {
            if empty && self.entry.is_some() {
                self.namespaces.back_to(bindings);
                return false;
            }
            self.open_entry();
            family = Family::Home;
        } else if self.stack.len() >= MAX_DEPTH {
            return false;
        } else if self
            .leaf
            .as_ref()
            .is_some_and(|leaf| leaf.ends_before(family, &local))
        {
            self.pop_through(|frame| frame.role == Role::Leaf);
        }
        self.strange_entries |=
            family != Family::Home && matches!(local.as_str(), "item" | "entry");
        let (base, language) = self.context(&attributes);
        let role = self.role(family, name, &local, &attributes, base.as_ref());
        self.note_context(role, &attributes, base.as_ref(), language.as_deref());
        if matches!(role, Role::Root | Role::Channel)
            && let Some(language) = &language
        {
            self.feed.language.offer(1, language.clone());
        }
        self.stack.push(Frame {
            name: name.to_owned(),
            role,
            base,
            language,
            bindings,
        });
        true
    }

    /// What relative addresses in an element resolve against, where it or one around it says so, and its language.
    fn context(&self, attributes: &Attributes) -> (Option<Url>, Option<String>) {
        let parent = self.stack.last();
        let outer = parent.and_then(|frame| frame.base.as_ref());
        let base = attributes
            .get("xml:base")
            .and_then(|base| outer.or(self.url.as_ref())?.join(base.trim()).ok())
            .filter(|base| matches!(base.scheme(), "http" | "https"));
        let language = attributes.value(&["xml:lang"]);
        (
            base.or_else(|| outer.cloned()),
            language.or_else(|| parent.and_then(|frame| frame.language.clone())),
        )
    }

    /// Keeps the base and language of the entry: its body's, where that has its own.
    fn note_context(
        &mut self,
        role: Role,
        attributes: &Attributes,
        base: Option<&Url>,
        language: Option<&str>,
    ) {
        let Some(entry) = &mut self.entry else { return };
        let body = self.leaf.as_ref().is_some_and(Leaf::is_new_body);
        if role != Role::Entry && !body {
            return;
        }
        if role == Role::Entry || attributes.get("xml:base").is_some() {
            entry.base = base.cloned();
        }
        if let Some(language) = language {
            let rank = u8::from(role == Role::Entry);
            entry.language.offer(rank, language.to_owned());
        }
    }

    fn family(&self, prefix: &str) -> Family {
        match self.namespaces.family(prefix) {
            Family::Atom if self.is_atom => Family::Home,
            family => family,
        }
    }

    fn is_entry(&self, family: Family, local: &str) -> bool {
        let Some(parent) = self.stack.last() else {
            return false;
        };
        let outermost = matches!(parent.role, Role::Root | Role::Channel);
        let named = match (family, local) {
            (Family::Home, "item") => true,
            (Family::Home, "entry") => self.is_atom || outermost,
            (Family::Atom, "entry") => outermost,
            _ => false,
        };
        named && !self.leaf.as_ref().is_some_and(Leaf::is_xhtml)
    }

    /// Ends whatever is open down to the channel, an unclosed entry too, and begins an entry.
    fn open_entry(&mut self) {
        let outer = self
            .stack
            .iter()
            .rposition(|frame| matches!(frame.role, Role::Root | Role::Channel));
        let keep = outer.map_or(0, |outer| outer + 1);
        while self.stack.len() > keep {
            self.pop();
        }
        self.begin_entry();
    }

    fn begin_entry(&mut self) {
        self.entry = Some(Draft::default());
        if let Some(notes) = &mut self.notes {
            notes.elements += 1;
        }
    }

    /// Notes what an element says of the entry under reading.
    fn note(&mut self, said: (names::Field, u8), name: &str, text: &str) {
        if let Some(notes) = &mut self.notes
            && self.entry.is_some()
        {
            notes.saw(self.entries.len(), said, name, text);
        }
    }

    /// What a new element is, given what it lies in. Fields that are all attributes are taken here.
    fn role(
        &mut self,
        family: Family,
        name: &str,
        local: &str,
        attributes: &Attributes,
        base: Option<&Url>,
    ) -> Role {
        let parent = self.stack.last().map(|frame| frame.role);
        self.is_feed |= parent.is_none_or(|parent| parent == Role::Root)
            && (local == "channel" || local == "feed" && declares_atom(attributes));
        if let Some(leaf) = &mut self.leaf {
            leaf.open(name, attributes, parent == Some(Role::Leaf));
            return Role::Inner;
        }
        let Some(parent) = parent else {
            self.is_atom = local == "feed" || local == "entry";
            return match local {
                "rss" | "rdf" | "feed" => Role::Root,
                "channel" => Role::Channel,
                "entry" => {
                    self.begin_entry();
                    Role::Entry
                }
                _ => Role::Skip,
            };
        };
        match parent {
            Role::Root if local == "channel" => {
                self.feed.about = attributes.value(&["rdf:about", "about"]);
                Role::Channel
            }
            Role::Root | Role::Channel if self.entry.is_some() && self.is_entry(family, local) => {
                let entry = self.entry.get_or_insert_default();
                entry.about = attributes.value(&["rdf:about", "about"]);
                // CDF writes these as attributes
                entry
                    .links
                    .extend(attributes.value(&["href"]).map(|href| Link {
                        href,
                        ..Link::default()
                    }));
                if let Some(changed) = attributes.value(&["lastmod"]) {
                    entry.updated.offer(1, changed);
                }
                Role::Entry
            }
            Role::Root | Role::Channel | Role::Entry | Role::Group => {
                let at_feed = self.entry.is_none();
                let draft = self.entry.as_mut().unwrap_or(&mut self.feed);
                let (role, leaf) = collect::open(
                    draft,
                    family,
                    local,
                    attributes,
                    &collect::Place {
                        base,
                        is_atom: self.is_atom,
                        at_feed,
                    },
                );
                self.leaf = leaf;
                if let Some(said) = names::field(family, local).filter(|_| self.notes.is_some()) {
                    let text = attributes.value(&["href", "url", "rdf:resource", "label", "term"]);
                    self.note(said, name, &text.unwrap_or_default());
                }
                if role == Role::Person {
                    self.person = RawPerson::default();
                    self.person_text.clear();
                }
                role
            }
            Role::Person => self.leaf_of(names::person_field(local)),
            Role::Source => match local {
                "author" => {
                    self.person = RawPerson::default();
                    self.person_text.clear();
                    Role::Person
                }
                "title" => self.leaf_of(Some(names::Field::SourceTitle)),
                _ => Role::Skip,
            },
            Role::Image => self.leaf_of((local == "url").then_some(names::Field::ImageUrl)),
            Role::Skip | Role::Leaf | Role::Inner => Role::Skip,
        }
    }

    fn leaf_of(&mut self, field: Option<names::Field>) -> Role {
        self.leaf = field.map(|field| Leaf::new(field, 0, super::leaf::Kind::Plain));
        if self.leaf.is_some() {
            Role::Leaf
        } else {
            Role::Skip
        }
    }

    fn text(&mut self, characters: &str) {
        if let Some(leaf) = &mut self.leaf {
            leaf.push(characters);
        } else if self
            .stack
            .last()
            .is_some_and(|frame| frame.role == Role::Person)
            && self.person_text.len() < 4096
        {
            self.person_text.push_str(characters);
        }
    }

    fn end(&mut self, name: &str) {
        let local = name
            .rsplit_once(':')
            .map_or(name, |(_, local)| local)
            .to_ascii_lowercase();
        let structural =
            ["item", "entry", "channel", "rss", "feed", "rdf"].contains(&local.as_str());
        let same = |frame: &Frame| {
            frame.name == name
                || (frame.name.eq_ignore_ascii_case(name))
                || (structural
                    && frame
                        .name
                        .rsplit(':')
                        .next()
                        .is_some_and(|open| open.eq_ignore_ascii_case(&local)))
        };
        if self.stack.iter().any(same) {
            self.pop_through(same);
        }
    }

    /// Closes the innermost element that fits and everything in it.
    fn pop_through(&mut self, fits: impl Fn(&Frame) -> bool) {
        while let Some(frame) = self.stack.last() {
            let last = fits(frame);
            self.pop();
            if last {
                break;
            }
        }
    }

    fn pop(&mut self) {
        let Some(frame) = self.stack.pop() else {
            return;
        };
        self.namespaces.back_to(frame.bindings);
        match frame.role {
            Role::Inner => {
                if let Some(leaf) = &mut self.leaf {
                    leaf.close(&frame.name);
                }
            }
            Role::Leaf => {
                if let Some(leaf) = self.leaf.take() {
                    self.cut |= leaf.cut;
                    self.note((leaf.field, leaf.rank), &frame.name, leaf.text());
                    let draft = self.entry.as_mut().unwrap_or(&mut self.feed);
                    collect::close(draft, &mut self.person, leaf, frame.base.as_ref());
                }
            }
            Role::Person => {
                let mut written = person::read(&self.person_text);
                if !self.person.name.is_empty() || self.person.email.is_some() {
                    let text = std::mem::replace(&mut written, std::mem::take(&mut self.person));
                    if written.name.is_empty() {
                        written.name = text.name;
                    }
                }
                self.note((names::Field::Person, 0), &frame.name, &written.name);
                let of_source = self.stack.last().is_some_and(|it| it.role == Role::Source);
                let rank = if of_source { OF_SOURCE } else { 0 };
                let draft = self.entry.as_mut().unwrap_or(&mut self.feed);
                draft.author(rank, written);
            }
            Role::Entry => self.close_entry(),
            Role::Root => self.ended = true,
            Role::Channel | Role::Image | Role::Group | Role::Source | Role::Skip => {}
        }
    }

    fn close_entry(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.entries.push(entry);
            self.full = self.entries.len() >= MAX_ENTRIES;
        }
    }

    fn finish(mut self) -> Washed {
        self.damaged |= !self.stack.is_empty() && !self.full;
        let is_cut = self.damaged && !self.ended && !self.full;
        if let Some(notes) = self.notes.as_mut().filter(|_| !self.full) {
            notes.unclosed = self.stack.len();
        }
        if self.stack.iter().any(|frame| frame.role == Role::Entry) {
            // the document ends in an entry: the text that was being read is not whole, the ones before it are
            self.leaf = None;
            let alone = self.entries.is_empty();
            let keep = |entry: &Draft| entry.is_recognisable() || alone;
            let last = self.entry.take();
            if let (Some(notes), Some(entry)) =
                (&mut self.notes, last.as_ref().filter(|e| !keep(e)))
            {
                notes.cut = Some(
                    entry
                        .title
                        .get()
                        .map(|title| title.text.clone())
                        .unwrap_or_default(),
                );
            }
            self.entry = last.filter(keep);
        }
        while !self.stack.is_empty() {
            self.pop();
        }
        let mut warnings = Vec::new();
        if self.damaged {
            warnings.push("The feed is damaged; what could be read of it was kept.".to_owned());
        }
        if self.full {
            warnings.push(format!("Only the first {MAX_ENTRIES} entries were read."));
        }
        if self.cut {
            warnings.push("Texts that are too long were cut.".to_owned());
        }
        Washed {
            feed: self.feed,
            entries: self.entries,
            is_feed: self.is_feed,
            strange_entries: self.strange_entries,
            is_cut,
            warnings,
            notes: self.notes,
        }
    }
}
