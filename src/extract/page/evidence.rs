//! A candidate and its cards → the figures that speak for or against its being the list of posts, and what they are worth.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::card::Card;
use super::cards::Cards;
use super::claim::Claim;
use super::dates;
use super::facts;
use super::item::Item;
use super::links::{Links, Target};
use super::title::Title;
use super::tree::Tree;
use super::words;
use crate::model::Sign;

/// So much running text before a list makes the page an article.
const ESSAY_CHARS: usize = 700;
/// From so many words on, a title may be one of a post.
const SENTENCE_WORDS: f64 = 2.5;
/// From this weight (words) on, an excerpt is prose.
const PROSE_WEIGHT: usize = 7;

/// What is the same for all candidates of a page.
pub(super) struct Whole {
    /// Visible characters outside its chrome, at least 1.
    chars: usize,
    /// What it says it is.
    claim: Claim,
}

impl Whole {
    /// Counts the page's text.
    pub(super) fn new(tree: &Tree<'_>, claim: Claim) -> Self {
        let chars: usize = (0..tree.nodes.len())
            .filter(|&i| !tree.nodes[i].chrome)
            .map(|i| tree.char_count(i..i + 1))
            .sum();
        Self {
            chars: chars.max(1),
            claim,
        }
    }
}

/// Shares (0 to 1) of a candidate's items, and figures of the whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    n: f64,
    pub(super) titled: f64,
    pub(super) headed: f64,
    numbered: f64,
    pub(super) dated: f64,
    pub(super) prose: f64,
    timed: f64,
    tagged: f64,
    posty: f64,
    same_host: f64,
    pub(super) chrome: f64,
    repeats: f64,
    twins: f64,
    inline: f64,
    pub(super) crowded: f64,
    words: f64,
    coverage: f64,
    late: f64,
    linked: f64,
    essay: f64,
    claim: Claim,
    chronicle: f64,
    goods: f64,
    events: f64,
    vacancies: f64,
    peers: f64,
    related: bool,
    /// True if the words right above the items say that they are more of the same.
    pub(super) more: bool,
    mixed: f64,
}

impl Evidence {
    /// Weighs the items of a candidate, of whose links `repeats` lead where another of its items leads.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of a page's parts stay far below 2^52"
    )]
    pub(super) fn of(
        read: &Cards<'_, '_>,
        items: &[Item],
        cards: &[Rc<Card>],
        repeats: usize,
        whole: &Whole,
    ) -> Self {
        let (tree, links) = (read.tree, read.links);
        let n = items.len() as f64;
        let share = |count: usize| count as f64 / n;
        let of_cards =
            |test: &dyn Fn(&Card) -> bool| share(cards.iter().filter(|card| test(card)).count());
        let of_targets = |test: &dyn Fn(&Target) -> bool| {
            let leads = |item: &&Item| test(&links.targets[item.target]);
            share(items.iter().filter(leads).count())
        };
        let of_items =
            |test: &dyn Fn(&Item) -> bool| share(items.iter().filter(|item| test(item)).count());
        let of_titles =
            |test: &dyn Fn(&Title) -> bool| of_cards(&|card| card.title.as_ref().is_some_and(test));
        let covered: usize = items
            .iter()
            .map(|item| tree.char_count(item.range.clone()))
            .sum();
        let inline = items
            .iter()
            .zip(cards)
            .filter(|(item, card)| is_inline(tree, item, card))
            .count();
        let (twins, words) = titles(cards);
        // titles that lead out beside permalinks: where one leads to its permalink, all posts are what these lead to
        let is_led = items.iter().any(|item| leads_itself(tree, links, item));
        Self {
            n,
            titled: of_titles(&|title| words::title_weight(&title.text) > 0),
            headed: of_titles(&|title| title.heading),
            numbered: of_titles(&|title| title.text.contains(char::is_numeric)),
            linked: of_titles(&|title| title.linked),
            dated: of_cards(&|card| card.date.is_some()),
            prose: of_cards(&|card| {
                let summary = card.summary.as_ref();
                summary.is_some_and(|summary| words::weight(summary) >= PROSE_WEIGHT)
            }),
            timed: of_cards(&|card| card.read_time.is_some()),
            tagged: of_cards(&|card| !card.tags.is_empty()),
            posty: of_targets(&|target| target.path.posty),
            goods: of_targets(&|target| target.path.goods).max(of_cards(&|card| {
                let mut shorts = card.shorts.iter();
                shorts.any(|short| facts::is_price(short))
            })),
            peers: of_targets(&|target| target.path.peer),
            events: f64::from(u8::from(are_rising(cards)))
                * of_targets(&|target| target.path.event),
            vacancies: of_targets(&|target| target.path.vacancy),
            related: is_under(tree, items, words::is_related),
            more: is_under(tree, items, words::is_more) && !is_aside(tree, items),
            same_host: of_targets(&|target| target.same_host),
            chrome: of_items(&|item| tree.nodes[item.unit].chrome),
            crowded: of_items(&|item| is_crowded(tree, links, item, is_led)),
            inline: share(inline),
            repeats: repeats as f64 / (n + repeats as f64),
            twins,
            words,
            coverage: (covered as f64 / whole.chars as f64).min(1.0),
            essay: essay(tree, items),
            claim: whole.claim,
            chronicle: share(read.context.over(tree, items)),
            mixed: f64::from(u8::from(is_mixed(tree, items, cards))),
            late: lateness(tree, items),
        }
    }

    /// What an item is worth by itself: each sign with the share of the items that show it, and its worth.
    pub(super) fn quality_terms(&self) -> [Term; 20] {
        let words = match self.words {
            // of a single post, one word may be the title, if it leads there
            w if w < 2.5 && self.n < 2.0 && self.linked >= 1.0 => 0.0,
            w if w < 1.5 => -1.2,
            w if w < 2.5 => -0.3,
            _ => 0.6,
        };
        let beside = self.dated + self.prose + self.timed + self.headed + self.chronicle;
        let bare = f64::from(u8::from(beside < 0.3));
        let undated = 1.0 - self.dated;
        let lone = if self.n < 2.0 { 2.5 } else { 0.0 };
        let unlinked = 1.0 - self.linked;
        // posts may lack all of these, and then their titles are sentences, or numbered: tiles that lead to a site's parts are
        // words
        let posts =
            (self.dated + self.timed + self.chronicle + self.posty + self.numbered).min(1.0);
        let tiles = if self.words < SENTENCE_WORDS {
            1.0 - posts
        } else {
            0.0
        };
        let of = |sign, share, each: f64| (sign, share, each * share);
        [
            of(Sign::Titles, self.titled, 1.0),
            of(Sign::Headings, self.headed, 1.2),
            of(Sign::Dates, self.dated, 1.6),
            of(Sign::Prose, self.prose, 1.0),
            of(Sign::ReadTimes, self.timed, 1.0),
            of(Sign::Tags, self.tagged, 0.2),
            (
                Sign::DateHeadings,
                self.chronicle,
                0.8 * self.chronicle * undated,
            ),
            of(Sign::PostAddresses, self.posty, 0.7),
            of(Sign::OwnSite, self.same_host, 0.4),
            (Sign::TitleWords, self.words, words),
            of(Sign::NothingBeside, bare, -0.4),
            of(Sign::Chrome, self.chrome, -2.6),
            of(Sign::Repeats, self.repeats, -1.5),
            of(Sign::SameTitles, self.twins, -2.0),
            of(Sign::InSentences, self.inline, -2.5),
            of(Sign::SeveralInOne, self.crowded, -2.5),
            of(Sign::Mixed, self.mixed, -1.5),
            // goods have no dates; a programme of events has them, the next one first
            (
                Sign::Goods,
                self.goods.max(self.events).max(self.vacancies),
                -3.2 * self.goods * undated - 6.0 * self.events - 6.0 * self.vacancies,
            ),
            of(Sign::UnlinkedTitles, unlinked.min(1.0), -lone),
            of(Sign::Tiles, tiles, -2.4),
        ]
    }

    /// What an item is worth by itself.
    pub(super) fn quality(&self) -> f64 {
        worth(&self.quality_terms())
    }

    /// True if all items have a heading, a date and an excerpt: whole posts, wherever they stand.
    pub(super) fn is_full(&self) -> bool {
        self.headed.min(self.dated).min(self.prose) >= 1.0
    }

    /// What an item is worth, were it not for the chrome around it.
    pub(super) fn quality_unframed(&self) -> f64 {
        Self {
            chrome: 0.0,
            ..*self
        }
        .quality()
    }

    /// What speaks against the page being an index at all, sign by sign.
    pub(super) fn doubt_terms(&self) -> [Term; 3] {
        // what stands beneath a long text is not its listing, the less so if the page is named like what it lists
        let is_article = self.claim == Claim::Article;
        let each = if is_article || self.peers > 0.5 {
            3.5
        } else {
            1.2
        };
        // nor is what stands in the frame of a page that calls itself one post
        let framed = if is_article { self.chrome } else { 0.0 };
        let related = f64::from(u8::from(self.related));
        let absent = f64::from(u8::from(self.claim == Claim::Absence));
        [
            (
                Sign::Article,
                self.essay.max(framed),
                -(self.essay * each).max(framed * 5.0),
            ),
            (Sign::Related, related, -3.0 * related),
            (Sign::Absence, absent, -4.0 * absent),
        ]
    }

    /// What speaks against the page being an index at all: zero or less.
    pub(super) fn doubt(&self) -> f64 {
        worth(&self.doubt_terms())
    }

    /// What their number and their share of the page are worth, sign by sign.
    pub(super) fn size_terms(&self) -> [Term; 3] {
        [
            (Sign::Number, self.n, 0.45 * self.n.ln().min(4.0)),
            (Sign::Coverage, self.coverage, 2.0 * self.coverage),
            (Sign::Late, self.late, -0.4 * self.late),
        ]
    }

    /// What their number and their share of the page are worth.
    pub(super) fn size(&self) -> f64 {
        worth(&self.size_terms())
    }
}

/// A sign, the share of the items that show it (or its figure), and what it is worth.
pub(super) type Term = (Sign, f64, f64);

/// The worth of several signs together.
fn worth(terms: &[Term]) -> f64 {
    terms.iter().map(|(_, _, points)| points).sum()
}

/// Which share of the titles repeat another, and how many words the one in the middle has.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a page's parts stay far below 2^52"
)]
fn titles(cards: &[Rc<Card>]) -> (f64, f64) {
    let titles: Vec<String> = cards
        .iter()
        .filter_map(|card| card.title.as_ref())
        .map(|title| title.text.to_lowercase())
        .collect();
    let distinct: HashSet<&String> = titles.iter().collect();
    let mut weights: Vec<usize> = titles
        .iter()
        .map(|title| words::title_weight(title))
        .collect();
    weights.sort_unstable();
    let twins = 1.0 - (distinct.len() as f64 / titles.len().max(1) as f64);
    let words = weights.get(weights.len() / 2).copied().unwrap_or(0) as f64;
    (twins, words)
}

/// From 0 to 1: how much the page is one long text, with the items only added to it.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a page's parts stay far below 2^52"
)]
fn essay(tree: &Tree<'_>, items: &[Item]) -> f64 {
    let Some(first) = items.first() else {
        return 0.0;
    };
    let ended = |i: usize| tree.nodes[i].end <= first.range.start;
    let running = |i: usize| match tree.name(i) {
        "p" | "pre" | "blockquote" => tree.char_count(tree.extent(i)),
        "li" => {
            let linked: usize = tree
                .extent(i)
                .filter(|&n| tree.name(n) == "a")
                .map(|n| tree.char_count(tree.extent(n)))
                .sum();
            tree.char_count(tree.extent(i)).saturating_sub(linked)
        }
        _ => 0,
    };
    let mut paragraphs = 0;
    let mut at = 0;
    while at < first.range.start {
        let chars = if ended(at) && !tree.nodes[at].chrome {
            running(at)
        } else {
            0
        };
        paragraphs += chars;
        at = if chars > 0 {
            tree.nodes[at].end
        } else {
            at + 1
        };
    }
    let own: usize = items
        .iter()
        .map(|item| tree.char_count(item.range.clone()))
        .sum();
    if paragraphs < ESSAY_CHARS {
        return 0.0;
    }
    (paragraphs as f64 / own.max(1) as f64).min(1.0)
}

/// True if the words right above the items are such a heading.
fn is_under(tree: &Tree<'_>, items: &[Item], heads: fn(&str) -> bool) -> bool {
    /// So many texts above the first item may hold its heading.
    const TEXTS: usize = 2;
    let start = items.first().map_or(0, |item| item.range.start);
    (0..start)
        .rev()
        .filter(|&i| tree.element(i).is_none() && tree.char_count(i..i + 1) > 0)
        .take(TEXTS)
        .any(|i| heads(&tree.text(i..i + 1)))
}

/// True if an item stands in an element for what is no main matter, whatever classes call the element around it.
fn is_aside(tree: &Tree<'_>, items: &[Item]) -> bool {
    items.iter().any(|item| {
        tree.ancestors(item.unit).any(|a| {
            matches!(tree.name(a), "nav" | "aside" | "footer" | "header" | "menu")
                || tree.attr(a, "role") == Some("complementary")
        })
    })
}

/// True if three or more items all say a day, and these run from earlier to later.
fn are_rising(cards: &[Rc<Card>]) -> bool {
    const FEWEST: usize = 3;
    if cards.len() < FEWEST {
        return false;
    }
    let day = |card: &Rc<Card>| card.date.as_deref().and_then(dates::day);
    let days: Vec<_> = cards.iter().map_while(day).collect();
    days.len() == cards.len() && days.is_sorted() && days.first() < days.last()
}

/// Which share of the page's text stands before the items.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a page's parts stay far below 2^52"
)]
fn lateness(tree: &Tree<'_>, items: &[Item]) -> f64 {
    let all = tree.char_count(0..tree.nodes.len()).max(1) as f64;
    items.first().map_or(0.0, |item| {
        tree.char_count(0..item.range.start) as f64 / all
    })
}

/// True if the items of one place on the page all have dates and those of another have none: two kinds of things.
fn is_mixed(tree: &Tree<'_>, items: &[Item], cards: &[Rc<Card>]) -> bool {
    let mut places: HashMap<usize, (usize, usize)> = HashMap::new();
    for (item, card) in items.iter().zip(cards) {
        let (count, dated) = places.entry(tree.nodes[item.unit].parent).or_default();
        *count += 1;
        *dated += usize::from(card.date.is_some());
    }
    let several = || places.values().filter(|(count, _)| *count >= 2);
    several().any(|(_, dated)| *dated == 0)
        && several().any(|(count, dated)| dated * 10 >= count * 9)
}

/// True if the link stands in the middle of a sentence.
fn is_inline(tree: &Tree<'_>, item: &Item, card: &Card) -> bool {
    let Some(title) = &card.title else {
        return false;
    };
    if title.heading || title.nodes.is_empty() {
        return false;
    }
    let before = tree.char_count(item.range.start..title.nodes.start.max(item.range.start));
    let own = title.text.chars().count();
    let in_paragraph = {
        let before = line_before(tree, title.nodes.start);
        before > 40 && before > own && card.date.is_none()
    };
    in_paragraph || before > 200 && card.date.is_none()
}

/// Visible characters before node `at` in its line, counted as far as it matters.
fn line_before(tree: &Tree<'_>, at: usize) -> usize {
    /// So many characters make a sentence of any title.
    const ENOUGH_CHARS: usize = 400;
    let block_of = |i: usize| tree.ancestors(i).find(|&a| !tree.nodes[a].inline);
    let block = block_of(at);
    let mut chars = 0;
    for i in (block.map_or(0, |block| block + 1)..at).rev() {
        let parts = match tree.element(i) {
            Some(element) => matches!(element.name(), "br" | "hr"),
            None => block_of(i) != block,
        };
        if parts || chars > ENOUGH_CHARS {
            break;
        }
        chars += tree.char_count(i..i + 1);
    }
    chars
}

/// True if the item holds two or more headings that lead to different places: it is a section of posts, not a post.
fn is_crowded(tree: &Tree<'_>, links: &Links, item: &Item, is_led: bool) -> bool {
    let mut targets = HashSet::new();
    for i in item.range.clone() {
        if tree.heading(i) == 0 {
            continue;
        }
        let inside = || tree.extent(i).filter_map(|n| links.at(n));
        let inside = inside()
            .find(|link| is_led && link.target == item.target)
            .or_else(|| inside().next());
        let around = tree
            .ancestors(i)
            .take_while(|&a| a >= item.range.start)
            .find_map(|a| links.at(a));
        if let Some(link) = inside.or(around)
            && !links.targets[link.target].utility
        {
            targets.insert(link.target);
        }
    }
    targets.len() > 1 || !targets.is_empty() && !targets.contains(&item.target)
}

/// True if the first link of a heading of the item leads where the item does, and another of its links does, too.
fn leads_itself(tree: &Tree<'_>, links: &Links, item: &Item) -> bool {
    item.range
        .clone()
        .filter(|&i| tree.heading(i) > 0)
        .any(|i| {
            let mut inside = tree.extent(i).filter_map(|n| links.at(n));
            let mut leads = || inside.next().is_some_and(|link| link.target == item.target);
            leads() && leads()
        })
}
