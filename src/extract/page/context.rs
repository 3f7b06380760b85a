//! What headings above the items say of their dates: "2024" over "11/4", or a day over all posts of that day.

use std::ops::Range;
use std::rc::Rc;

use super::card::Card;
use super::dates;
use super::item::Item;
use super::lines::{self, Line};
use super::links::Links;
use super::tree::Tree;
use crate::model::Precision;

/// A short line outside all items that states a time.
#[derive(Clone, Debug)]
enum Stated {
    Year(String),
    Month(String),
    Day(String),
}

impl Stated {
    /// The year of a year or month.
    fn year(&self) -> Option<String> {
        match self {
            Self::Year(year) => Some(year.clone()),
            Self::Month(month) => month
                .split(|c: char| !c.is_ascii_digit())
                .find(|n| n.len() == 4)
                .map(str::to_owned),
            Self::Day(_) => None,
        }
    }
}

/// A heading of dates is at most this long.
const MAX_HEADING_CHARS: usize = 40;
/// How many elements above such a line may reach the items it speaks of.
const REACH: usize = 4;

/// So many dated lines above an item are looked at.
const MAX_LOOK_BACK: usize = 200;

/// The short dated lines of a page, in order.
pub(super) struct Context {
    marks: Vec<(usize, usize, Stated)>,
}

impl Context {
    /// Reads the page's short lines once.
    pub(super) fn new(tree: &Tree<'_>) -> Self {
        let mut marks = Vec::new();
        let mut year: Option<String> = None;
        for line in lines::lines(tree, 0..tree.nodes.len(), usize::MAX) {
            if line.text.chars().count() > MAX_HEADING_CHARS {
                continue;
            }
            let Some(first) = line.pieces.first() else {
                continue;
            };
            if tree.nodes[first.node].chrome {
                continue;
            }
            if let Some(stated) = state(tree, &line, year.as_deref()) {
                if let Stated::Year(text) = &stated {
                    year = Some(text.clone());
                }
                marks.push((first.node, line.block, stated));
            }
        }
        Self { marks }
    }

    /// How many of the items stand under a year, month or day of their own or a shared one.
    pub(super) fn over(&self, tree: &Tree<'_>, items: &[Item]) -> usize {
        items
            .iter()
            .filter(|item| {
                let until = self.marks.partition_point(|mark| mark.0 < item.range.start);
                self.marks[..until]
                    .iter()
                    .rev()
                    .take(MAX_LOOK_BACK)
                    .any(|mark| reaches(tree, mark.0, mark.1, &item.range))
            })
            .count()
    }

    /// The year that stands in a heading above `range`, the nearest one.
    pub(super) fn year_over(&self, tree: &Tree<'_>, range: &Range<usize>) -> Option<String> {
        let until = self.marks.partition_point(|mark| mark.0 < range.start);
        self.marks[..until]
            .iter()
            .rev()
            .take(MAX_LOOK_BACK)
            .filter(|mark| reaches(tree, mark.0, mark.1, range))
            .find_map(|mark| mark.2.year())
    }

    /// Completes the dates of the items of one listing.
    pub(super) fn complete(
        &self,
        tree: &Tree<'_>,
        links: &Links,
        items: &[Item],
        cards: &mut [Rc<Card>],
    ) {
        let inside = |node: usize| {
            let at = items.partition_point(|item| item.range.end <= node);
            items.get(at).is_some_and(|item| item.range.contains(&node))
        };
        let outer: Vec<&(usize, usize, Stated)> =
            self.marks.iter().filter(|mark| !inside(mark.0)).collect();
        // one day over a whole page is today's date or that of the last change, not that of every post
        let days = outer
            .iter()
            .filter(|mark| matches!(mark.2, Stated::Day(_)))
            .count();
        let lonely = days < 2 && items.len() > 2;
        let numbered = are_numbered(cards);
        for (item, card) in items.iter().zip(cards) {
            let full = card
                .date_precision
                .is_some_and(|precision| precision >= Precision::Day);
            if full {
                continue;
            }
            let until = outer.partition_point(|mark| mark.0 < item.range.start);
            let over: Vec<&Stated> = outer[..until]
                .iter()
                .rev()
                .take(MAX_LOOK_BACK)
                .filter(|mark| reaches(tree, mark.0, mark.1, &item.range))
                .map(|mark| &mark.2)
                .take(6)
                .collect();
            // the nearest mark of each kind; a year further up does not reach past a nearer year
            if let Some(Stated::Day(date)) = over.first().filter(|_| !lonely) {
                set_date(card, date.clone(), Precision::Day);
                continue;
            }
            let year = over.iter().find_map(|stated| stated.year());
            let composed = year
                .as_deref()
                .and_then(|year| compose(card, year))
                .or_else(|| of_address(links, item, card));
            if let Some(date) = composed {
                set_date(card, date, Precision::Day);
            } else if let (None, Some(Stated::Month(month))) = (&card.date, over.first()) {
                let day = day_of(card).filter(|_| numbered);
                let date = day.and_then(|day| dates::joined(&[&day.to_string(), month], None));
                match date {
                    Some(date) => set_date(card, date, Precision::Day),
                    None => set_date(card, month.clone(), Precision::Month),
                }
            }
        }
    }
}

/// True if nearly every item opens its facts with a number that may be a day.
fn are_numbered(cards: &[Rc<Card>]) -> bool {
    let with = cards.iter().filter(|card| day_of(card).is_some()).count();
    with > 0 && with * 10 >= cards.len() * 9
}

/// The day of the month that stands first among the short texts of a card ("11th", "3.").
fn day_of(card: &Card) -> Option<u8> {
    let first = card.shorts.first()?.trim_end_matches('.');
    let end = first
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(first.len());
    let day = first[..end]
        .parse()
        .ok()
        .filter(|day| (1..=31).contains(day))?;
    matches!(&first[end..], "" | "st" | "nd" | "rd" | "th" | "日" | "일").then_some(day)
}

fn set_date(card: &mut Rc<Card>, date: String, precision: Precision) {
    let card = Rc::make_mut(card);
    card.date = Some(date);
    card.date_precision = Some(precision);
}

/// The day and month that a card shows, with the year of its address, if that has the month, too: "March 9" of
/// "/2024/03/09/lamp/".
fn of_address(links: &Links, item: &Item, card: &Card) -> Option<String> {
    let path = links.targets.get(item.target)?.url.path();
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let figures =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let (year, month) = segments
        .windows(2)
        .map(|two| (two[0], two[1]))
        .find(|(year, month)| {
            figures(year, 4)
                && (year.starts_with("19") || year.starts_with("20"))
                && figures(month, 2)
        })?;
    let date = from_shorts(card, year)?;
    let day = dates::day(&date)?;
    (day.format("%m").to_string() == month).then_some(date)
}

fn from_shorts(card: &Card, year: &str) -> Option<String> {
    card.shorts.iter().find_map(|short| {
        dates::partial(short, year)
            .filter(|(range, _)| range.end + 2 >= short.len())
            .map(|(_, date)| date)
    })
}

fn compose(card: &mut Rc<Card>, year: &str) -> Option<String> {
    let shown = from_shorts(card, year);
    if shown.is_some() {
        return shown;
    }
    let title = card.title.as_ref()?;
    let (rest, date) = before(&title.text, year).or_else(|| behind(&title.text, year))?;
    if rest.is_empty() {
        return None;
    }
    let rest = rest.to_owned();
    if let Some(title) = &mut Rc::make_mut(card).title {
        title.text = rest;
    }
    Some(date)
}

/// "March 30 - The title"
fn before<'t>(title: &'t str, year: &str) -> Option<(&'t str, String)> {
    let (range, date) = dates::partial(title, year)?;
    let rest = title[range.end..].trim_start();
    let rest = rest.strip_prefix(['-', '–', '—', ':', '|', '·', '»', ','])?;
    Some((rest.trim(), date))
}

/// "The title - March 30"
fn behind<'t>(title: &'t str, year: &str) -> Option<(&'t str, String)> {
    let (at, sign) = title.rmatch_indices([' ']).find_map(|(at, _)| {
        let sign = title[at + 1..].chars().next()?;
        matches!(sign, '-' | '–' | '—' | '|' | '·' | '»').then_some((at, sign))
    })?;
    let words = title[at + 1 + sign.len_utf8()..].trim();
    let (range, date) = dates::partial(words, year)?;
    (range.end == words.len()).then(|| (title[..at].trim(), date))
}

fn state(tree: &Tree<'_>, line: &Line, year: Option<&str>) -> Option<Stated> {
    let text = line.text.trim();
    let precision = dates::precision(text);
    if precision.is_some_and(|precision| precision > Precision::Month) {
        return Some(Stated::Day(text.to_owned()));
    }
    // "March 2024" is more than a year, "2024" is not
    if text.len() > 4 && precision.is_some() {
        return Some(Stated::Month(text.to_owned()));
    }
    if let Some(year) = dates::year(text) {
        return Some(Stated::Year(year.to_owned()));
    }
    if let Some(spot) = dates::all(text).into_iter().next()
        && !spot.relative
        && spot.range.len() * 2 > text.len()
    {
        let words = text[spot.range].to_owned();
        return Some(if spot.precision == Precision::Month {
            Stated::Month(words)
        } else {
            Stated::Day(words)
        });
    }
    // "September" under "2024"
    let first = line.pieces.first().map(|piece| line.piece(piece).trim())?;
    let headed = tree
        .ancestors(line.pieces.first()?.node)
        .take(3)
        .any(|a| tree.heading(a) > 0 || tree.name(a) == "li");
    if headed
        && (3..=14).contains(&first.chars().count())
        && first.chars().all(|c| c.is_alphabetic() || c == '.')
    {
        let composed = format!("{first} {}", year?);
        return (dates::precision(&composed) == Some(Precision::Month))
            .then_some(Stated::Month(composed));
    }
    None
}

/// True if the words at node `first`, of `block`, speak of what stands in `range` as a heading does: they stand before it in
/// the element around them, or open that element and stand before it in the next one.
fn reaches(tree: &Tree<'_>, first: usize, block: usize, range: &Range<usize>) -> bool {
    for a in std::iter::once(block)
        .chain(tree.ancestors(block))
        .take(REACH)
    {
        if tree.nodes[a].end >= range.end {
            return true;
        }
        if tree.char_count(a..first) > 0 {
            return false;
        }
    }
    false
}
