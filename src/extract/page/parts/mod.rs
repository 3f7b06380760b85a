//! The lines of an item → what each says: dates, read time, tags, authors, prose, or nothing of use.

mod part;
mod prose;
mod ranges;
mod reader;
mod tokens;
mod when;

use std::ops::Range;

use super::dates;
use super::facts;
use super::item::Item;
use super::lines::{Line, Piece};
use super::links::Links;
use super::read_times;
use super::tree::Tree;
use super::words;
use reader::LineReader;

pub(super) use part::Part;
pub(super) use when::is_updated_element;

/// A shorter title may stand in any words.
const SHORTEST_TITLE: usize = 8;
/// From this weight (words) on, a line is prose.
const PROSE_WEIGHT: usize = 6;
/// A line with a date or a read time in it is prose only if it weighs this much beside them.
const DATED_PROSE_WEIGHT: usize = 8;

/// Reads the lines of an item, but for the words of its title.
pub(super) fn read(
    tree: &Tree<'_>,
    links: &Links,
    item: &Item,
    rows: Vec<Line>,
    title_nodes: &Range<usize>,
    shown: &str,
) -> Vec<Part> {
    let mut out = Vec::new();
    let mut expects = None;
    for line in rows {
        for line in without_title(line, title_nodes) {
            let mut part = Part {
                nodes: line.pieces.first().map_or(0, |p| p.node)
                    ..line.pieces.last().map_or(0, |p| p.node + 1),
                block: line.block,
                ..Part::default()
            };
            LineReader {
                tree,
                links,
                item,
                part: &mut part,
                expects: &mut expects,
                title: shown,
            }
            .read(&line);
            // a label speaks of its own line, or of the next where it stands alone
            if !words::is_label(&line.text) {
                expects = None;
            }
            part.text = line.text;
            out.push(part);
        }
    }
    // a link to the post behind the excerpt leads on; before it, it may be the excerpt itself
    if let Some(told) = out.iter().position(|part| part.prose.is_some()) {
        for part in &mut out[told + 1..] {
            if part.leads_on && part.prose.is_none() && !part.is_meta() {
                part.idle = true;
                part.may_be_body = false;
            }
        }
    }
    // a date inside later words, where the item has told its own, is a part of them
    if let Some(told) = out
        .iter()
        .position(|part: &Part| part.dates.iter().any(|date| date.own && !date.updated))
    {
        for part in &mut out[told + 1..] {
            let glued =
                !part.dates.is_empty() && part.dates.iter().all(|date| !date.own && !date.strong);
            if glued && part.facts == 0 && words::weight(&part.text) >= PROSE_WEIGHT {
                part.dates.clear();
                part.prose = Some(part.text.clone());
            }
        }
    }
    out
}

/// The stretches of a line before and after the title's words.
fn without_title(line: Line, title: &Range<usize>) -> Vec<Line> {
    if title.is_empty() || !line.touches(title) {
        return vec![line];
    }
    let first = line
        .pieces
        .iter()
        .position(|p| title.contains(&p.node))
        .unwrap_or(0);
    let last = line
        .pieces
        .iter()
        .rposition(|p| title.contains(&p.node))
        .unwrap_or(0);
    [0..first, last + 1..line.pieces.len()]
        .into_iter()
        .filter_map(|range| cut(&line, range))
        .collect()
}

/// Some of the pieces of a line as a line of their own.
fn cut(line: &Line, range: Range<usize>) -> Option<Line> {
    let pieces = line.pieces.get(range)?;
    let start = pieces.first()?.range.start;
    let end = pieces.last()?.range.end;
    let shift = |p: &Piece| Piece {
        range: p.range.start - start..p.range.end - start,
        node: p.node,
    };
    Some(Line {
        text: line.text[start..end].to_owned(),
        pieces: pieces.iter().map(shift).collect(),
        block: line.block,
    })
}

impl LineReader<'_, '_> {
    /// True for a short line of links to the post, each with its own words, and of counts: "read the recipe 12".
    fn leads_on(&self, line: &Line) -> bool {
        /// Longer words say something.
        const WEIGHT: usize = 4;
        /// So deep in a link its words may stand.
        const LINK_DEPTH: usize = 4;
        let text = line.text.trim_end();
        if words::weight(text) > WEIGHT || text.ends_with(['.', '…', '!', '?', '。']) {
            return false;
        }
        let own = |piece: &Piece| {
            let mut above = self.tree.ancestors(piece.node).take(LINK_DEPTH);
            let anchor = above.find(|&a| self.tree.name(a) == "a");
            anchor.is_some_and(|anchor| {
                self.links
                    .at(anchor)
                    .is_some_and(|link| link.target == self.item.target)
                    && self.tree.char_count(self.tree.extent(anchor))
                        == self.tree.char_count(piece.node..piece.node + 1)
            })
        };
        let count = |piece: &Piece| !line.piece(piece).contains(char::is_alphabetic);
        line.pieces.iter().any(|piece| own(piece) && !count(piece))
            && line.pieces.iter().all(|piece| own(piece) || count(piece))
    }

    /// True for a short line that is a link to somewhere else, on its own and not in a paragraph or list: "Download (PDF)".
    fn leads_away(&self, line: &Line) -> bool {
        /// Longer words say something.
        const WEIGHT: usize = 6;
        let authored = matches!(
            self.tree.name(line.block),
            "p" | "li" | "td" | "dd" | "blockquote"
        );
        let away = |piece: &Piece| {
            let mut around = self.tree.ancestors(piece.node).take(3);
            let anchor = around.find(|&a| self.tree.name(a) == "a");
            let leads = anchor.and_then(|anchor| self.links.at(anchor));
            leads.is_some_and(|link| link.target != self.item.target)
        };
        !authored && words::weight(&line.text) <= WEIGHT && line.pieces.iter().all(away)
    }

    /// True for a call that names what it leads to, which may be long: "Continue reading The lamp goes out".
    fn calls_by_title(&self, text: &str) -> bool {
        if self.title.len() < SHORTEST_TITLE || !text.contains(self.title) {
            return false;
        }
        let rest = text.replace(self.title, " ");
        rest.contains(char::is_alphanumeric) && words::is_call(&rest)
    }

    fn read(&mut self, line: &Line) {
        let text = line.text.as_str();
        if std::iter::once(line.block)
            .chain(self.tree.ancestors(line.block))
            .take(4)
            .any(|a| self.tree.name(a) == "pre")
        {
            // code tells no facts, whatever it looks like
            self.part.prose = Some(text.to_owned()).filter(|text| !dates::is_date(text));
            self.part.idle = self.part.prose.is_none();
            return;
        }
        let says_when = || !dates::all(text).is_empty() || read_times::find(text).is_some();
        let is_call = words::is_call(text)
            || self.calls_by_title(text)
            || words::is_invitation(text)
            || line
                .pieces
                .iter()
                .all(|p| words::is_call(line.piece(p)) || self.is_in_button(p.node));
        let holds_facts = || {
            line.pieces.iter().any(|piece| {
                let around = self.around(piece.node);
                around.link.and_then(|a| self.collection(a)).is_some()
            })
        };
        if is_call && !says_when() && !holds_facts() || text == self.title {
            self.part.idle = true;
            self.part.may_be_body = !is_call;
            self.take_label(text);
            return;
        }
        self.part.leads_on = self.leads_on(line) || self.leads_away(line);
        if self.expects.is_none() {
            *self.expects = self
                .column(line.block)
                .and_then(|head| words::expects(&head));
        }
        let weight = words::weight(text);
        let mut taken: Vec<Range<usize>> = Vec::new();
        self.take_read_time(line, weight, &mut taken);
        self.take_dates(line, weight, &mut taken);
        taken.sort_by_key(|range| range.start);

        let rest = ranges::remains(text, &taken);
        let rest_weight = words::weight(&rest);
        let tagged = self.all_marked(line, &taken);
        self.part.facts = self.row_of_pieces(line, &taken);
        let floor = if taken.is_empty() {
            PROSE_WEIGHT
        } else {
            DATED_PROSE_WEIGHT
        };
        let sentence = rest
            .trim_end()
            .ends_with(['.', '…', '!', '?', '。', '！', '？'])
            && rest_weight >= 3;
        if !tagged
            && !facts::is_row(text)
            && self.part.facts == 0
            && (rest_weight >= floor || sentence && !self.has_hint(line))
            && !self.is_list_of_tokens(line, &taken)
        {
            self.part.prose = self.prose(line, &taken);
            if self.part.prose.is_some() {
                *self.expects = None;
                return;
            }
        }
        self.tokens(line, &taken);
    }
}
