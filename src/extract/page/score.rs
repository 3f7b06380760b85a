//! How much a candidate looks like the list of posts, and which candidates a page's entries come from.

use std::collections::{HashMap, HashSet};

use super::candidates::{Candidate, candidates};
use super::card::{self, Card};
use super::context::Context;
use super::item::Item;
use super::links::Links;
use super::tree::Tree;
use super::words;

/// A candidate with its items read and its worth.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    /// Its items.
    pub(super) items: Vec<Item>,
    /// What was read of each.
    pub(super) cards: Vec<Card>,
    /// What one of its items is worth.
    pub(super) quality: f64,
    /// What all of it is worth.
    pub(super) score: f64,
    /// The figures behind it.
    pub(super) evidence: Evidence,
}

/// Shares (0 to 1) of a candidate's items, and figures of the whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    n: f64,
    titled: f64,
    headed: f64,
    dated: f64,
    prose: f64,
    timed: f64,
    tagged: f64,
    posty: f64,
    same_host: f64,
    chrome: f64,
    repeats: f64,
    twins: f64,
    inline: f64,
    crowded: f64,
    words: f64,
    coverage: f64,
    late: f64,
    linked: f64,
    essay: f64,
    article: bool,
    chronicle: f64,
    goods: f64,
    mixed: f64,
}

/// Below this score no list of links is taken for a list of posts.
const ENOUGH: f64 = 3.7;
/// One or two links need more.
const ENOUGH_FOR_FEW: f64 = 4.3;
/// So much running text before a list makes the page an article.
const ESSAY_CHARS: usize = 700;
/// Misfits are looked for in lists of at least so many items,
const MISFIT_ITEMS: usize = 6;
/// where at least this share (in percent) of them are alike.
const MISFIT_PERCENT: usize = 85;
/// Fewer items do not show what a line above their titles is.
const KICKER_ITEMS: usize = 3;
/// At most so many candidates are read in full.
const MAX_READ: usize = 40;

/// Everything that was found on the page, best first.
///
/// `is_article`: the page calls itself one post.
pub(super) fn rank(tree: &Tree<'_>, links: &Links, is_article: bool) -> Vec<Listing> {
    let context = Context::new(tree);
    let mut rough: Vec<(f64, Candidate)> = candidates(tree, links)
        .into_iter()
        .map(|c| (outline(tree, links, &c), c))
        .collect();
    rough.sort_by(|a, b| b.0.total_cmp(&a.0));
    rough.truncate(MAX_READ);
    let page = tree
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| !node.chrome)
        .map(|(i, _)| tree.char_count(i..i + 1))
        .sum::<usize>()
        .max(1);
    let mut out: Vec<Listing> = rough
        .into_iter()
        .map(|(_, candidate)| judge(tree, links, &context, candidate, page, is_article))
        .collect();
    out.sort_by(|a, b| b.score.total_cmp(&a.score));
    out
}

/// Reads given items as a listing of their own.
pub(super) fn read_items(tree: &Tree<'_>, links: &Links, items: &[Item]) -> Vec<Card> {
    let mut cards: Vec<Card> = items
        .iter()
        .map(|item| card::read(tree, links, item))
        .collect();
    Context::new(tree).complete(tree, items, &mut cards);
    settle(items, &mut cards);
    cards
}

fn is_headed(card: &Card) -> bool {
    card.title.as_ref().is_some_and(|title| title.heading)
}

/// Takes out the few items of a dated list that have no date and lack what the others have or lead to another kind of place:
/// promotions, "see all", a line of navigation built like a post.
fn drop_misfits(links: &Links, items: &mut Vec<Item>, cards: &mut Vec<Card>) {
    let n = items.len();
    let most = |count: usize| n >= MISFIT_ITEMS && count * 100 >= n * MISFIT_PERCENT && count < n;
    let dated = cards.iter().filter(|card| card.date.is_some()).count();
    if !most(dated) {
        return;
    }
    let target = |item: &Item| &links.targets[item.target];
    let own = items.iter().filter(|item| target(item).same_host).count();
    let posty = items.iter().filter(|item| target(item).path.posty).count();
    let full = cards
        .iter()
        .filter(|card| card.date.is_some() && card.summary.is_some())
        .count();
    let headed = cards.iter().filter(|card| is_headed(card)).count();
    let misfit = |item: &Item, card: &Card| {
        card.date.is_none()
            && (most(full) && card.summary.is_none()
                || most(headed) && !is_headed(card)
                || most(own) && !target(item).same_host
                || most(posty) && !target(item).path.posty)
    };
    let keep: Vec<bool> = items
        .iter()
        .zip(cards.iter())
        .map(|(item, card)| !misfit(item, card))
        .collect();
    let mut kept = keep.iter();
    items.retain(|_| kept.next().copied().unwrap_or(true));
    let mut kept = keep.iter();
    cards.retain(|_| kept.next().copied().unwrap_or(true));
}

/// A cheap guess at the score, to spare reading a hundred menus.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a page's parts stay far below 2^52"
)]
fn outline(tree: &Tree<'_>, links: &Links, candidate: &Candidate) -> f64 {
    let n = candidate.items.len() as f64;
    let mut sum = 0.0;
    for item in &candidate.items {
        let chars = tree.char_count(item.range.clone());
        if tree.nodes[item.unit].chrome {
            sum -= 2.0;
        }
        if item.range.clone().take(400).any(|i| tree.heading(i) > 0) {
            sum += 1.0;
        }
        if chars > 80 {
            sum += 1.0;
        } else if chars > 16 {
            sum += 0.5;
        }
        if links.targets[item.target].path.posty {
            sum += 0.5;
        }
    }
    sum / n + n.ln()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a page's parts stay far below 2^52"
)]
fn judge(
    tree: &Tree<'_>,
    links: &Links,
    context: &Context,
    candidate: Candidate,
    page: usize,
    is_article: bool,
) -> Listing {
    let Candidate { mut items, repeats } = candidate;
    let mut cards: Vec<Card> = items
        .iter()
        .map(|item| card::read(tree, links, item))
        .collect();
    context.complete(tree, &items, &mut cards);
    drop_misfits(links, &mut items, &mut cards);
    settle(&items, &mut cards);

    let n = items.len() as f64;
    let share = |count: usize| count as f64 / n;
    let count =
        |test: &dyn Fn(&Card) -> bool| share(cards.iter().filter(|card| test(card)).count());
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
    let covered: usize = items
        .iter()
        .map(|item| tree.char_count(item.range.clone()))
        .sum();
    let evidence = Evidence {
        n,
        titled: count(&|card| {
            card.title
                .as_ref()
                .is_some_and(|title| words::title_weight(&title.text) > 0)
        }),
        headed: count(&|card| card.title.as_ref().is_some_and(|title| title.heading)),
        dated: count(&|card| card.date.is_some()),
        prose: count(&|card| {
            card.summary
                .as_ref()
                .is_some_and(|summary| words::weight(summary) >= 7)
        }),
        timed: count(&|card| card.read_time.is_some()),
        tagged: count(&|card| !card.tags.is_empty()),
        posty: share(
            items
                .iter()
                .filter(|item| links.targets[item.target].path.posty)
                .count(),
        ),
        same_host: share(
            items
                .iter()
                .filter(|item| links.targets[item.target].same_host)
                .count(),
        ),
        chrome: share(
            items
                .iter()
                .filter(|item| tree.nodes[item.unit].chrome)
                .count(),
        ),
        repeats: repeats as f64 / (n + repeats as f64),
        twins: 1.0 - (distinct.len() as f64 / titles.len().max(1) as f64),
        inline: share(
            items
                .iter()
                .zip(&cards)
                .filter(|(item, card)| is_inline(tree, item, card))
                .count(),
        ),
        crowded: share(
            items
                .iter()
                .filter(|item| is_crowded(tree, links, item))
                .count(),
        ),
        words: weights.get(weights.len() / 2).copied().unwrap_or(0) as f64,
        coverage: (covered as f64 / page as f64).min(1.0),
        linked: count(&|card| card.title.as_ref().is_some_and(|title| title.linked)),
        essay: essay(tree, &items),
        article: is_article,
        chronicle: share(context.over(tree, &items)),
        mixed: f64::from(u8::from(is_mixed(tree, &items, &cards))),
        goods: share(
            items
                .iter()
                .filter(|item| links.targets[item.target].path.goods)
                .count(),
        ),
        late: lateness(tree, &items),
    };
    let quality = evidence.quality();
    Listing {
        items,
        cards,
        quality,
        score: quality + evidence.size() - evidence.doubt(),
        evidence,
    }
}

impl Listing {
    /// True if this is the other listing again, or a few of its posts shown as cards of their own.
    pub(super) fn is_echo_of(&self, other: &Self) -> bool {
        self.evidence.headed >= 0.5
            && self.evidence.chrome < 0.5
            && self.evidence.crowded == 0.0
            && self.quality >= other.quality * 0.5
            && self.items.len() <= other.items.len()
            && {
                let known: HashSet<usize> = other.items.iter().map(|item| item.target).collect();
                self.items.iter().all(|item| known.contains(&item.target))
            }
    }
}

impl Evidence {
    /// What an item is worth by itself.
    fn quality(&self) -> f64 {
        let words = match self.words {
            w if w < 1.5 => -1.2,
            w if w < 2.5 => -0.3,
            _ => 0.6,
        };
        let bare = if self.dated + self.prose + self.timed + self.headed + self.chronicle < 0.3 {
            -0.4
        } else {
            0.0
        };
        self.titled
            + 1.2 * self.headed
            + 1.6 * self.dated
            + 1.0 * self.prose
            + 1.0 * self.timed
            + 0.2 * self.tagged
            + 0.8 * self.chronicle * (1.0 - self.dated)
            + 0.7 * self.posty
            + 0.4 * self.same_host
            + words
            + bare
            - 2.6 * self.chrome
            - 1.5 * self.repeats
            - 2.0 * self.twins
            - 2.5 * self.inline
            - 2.5 * self.crowded
            - 1.5 * self.mixed
            - 3.2 * self.goods * (1.0 - self.dated)
            - 1.0 * (1.0 - self.linked).min(1.0) * if self.n < 2.0 { 2.5 } else { 0.0 }
    }

    /// What speaks against the page being an index at all.
    fn doubt(&self) -> f64 {
        self.essay * if self.article { 3.5 } else { 1.2 }
    }

    /// What their number and their share of the page are worth.
    fn size(&self) -> f64 {
        0.45 * self.n.ln().min(4.0) + 2.0 * self.coverage - 0.4 * self.late
    }
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
fn is_mixed(tree: &Tree<'_>, items: &[Item], cards: &[Card]) -> bool {
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
    let block_of = |i: usize| {
        tree.ancestors(i)
            .find(|&a| !super::tree::is_inline(tree.name(a)))
    };
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
fn is_crowded(tree: &Tree<'_>, links: &Links, item: &Item) -> bool {
    let mut targets = HashSet::new();
    for i in item.range.clone() {
        if tree.heading(i) == 0 {
            continue;
        }
        let inside = tree.extent(i).find_map(|n| links.at(n));
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

/// What only the comparison of the items shows: a label before every title, a text that every item repeats.
fn settle(items: &[Item], cards: &mut [Card]) {
    let n = items.len();
    if n >= 2 {
        let label = cards
            .first()
            .and_then(|card| card.title.as_ref())
            .and_then(|title| {
                let end = title.text.find([':', '：'])?;
                let width = title.text[end..].chars().next().map_or(1, char::len_utf8);
                Some(title.text[..end + width].to_owned())
            });
        if let Some(label) = label
            && cards.iter().all(|card| {
                card.title.as_ref().is_some_and(|title| {
                    title.text.starts_with(&label) && title.text.len() > label.len()
                })
            })
        {
            for card in cards.iter_mut() {
                if let Some(title) = &mut card.title {
                    title.text = title.text[label.len()..].trim().to_owned();
                }
            }
        }
    }
    tags_from_tokens(cards);
    tags_from_kickers(cards);
}

/// A short line above most titles that repeats from item to item is their category.
fn tags_from_kickers(cards: &mut [Card]) {
    let kickers: Vec<&String> = cards
        .iter()
        .filter_map(|card| card.kicker.as_ref())
        .collect();
    let distinct: HashSet<&&String> = kickers.iter().collect();
    let repeat = distinct.len() >= 2 && distinct.len() * 10 <= cards.len() * 7;
    if cards.len() < KICKER_ITEMS || kickers.len() * 10 < cards.len() * 7 || !repeat {
        return;
    }
    for card in cards.iter_mut().filter(|card| card.tags.is_empty()) {
        card.tags.extend(card.kicker.clone());
    }
}

/// True for two words or more in capitals: a person, more likely than a tag.
fn is_named(token: &str) -> bool {
    token.split_whitespace().count() >= 2
        && token
            .split_whitespace()
            .all(|word| word.starts_with(char::is_uppercase))
}

/// In how many items each unexplained text stands.
fn distinct_tokens(cards: &[Card]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for card in cards {
        for token in card.maybe_tags.iter().collect::<HashSet<_>>() {
            *counts.entry(token.clone()).or_default() += 1;
        }
    }
    counts
}

/// Short unexplained texts beside a date or read time are tags where an item has several, or where they are plain words
/// that change from item to item; a name in capitals that stands alone is more likely a person.
fn tags_from_tokens(cards: &mut [Card]) {
    // a text that most items repeat is the author or a word of the page; one that few items have is chance
    let n = cards.len();
    let common: HashSet<String> = distinct_tokens(cards)
        .into_iter()
        .filter(|(_, count)| cards.len() > 2 && count * 10 >= cards.len() * 8)
        .map(|(token, _)| token)
        .collect();
    let varying: usize = cards
        .iter()
        .map(|card| {
            card.maybe_tags
                .iter()
                .filter(|token| !common.contains(*token))
                .count()
        })
        .sum();
    for card in cards.iter_mut() {
        // beside several that change, a common tag is a tag
        card.maybe_tags
            .retain(|token| !common.contains(token) || varying >= n && !is_named(token));
    }
    let with: Vec<&Card> = cards
        .iter()
        .filter(|card| !card.maybe_tags.is_empty())
        .collect();
    if with.len() * 2 < cards.len() {
        return;
    }
    let tokens: usize = with.iter().map(|card| card.maybe_tags.len()).sum();
    let distinct: HashSet<&String> = with.iter().flat_map(|card| &card.maybe_tags).collect();
    if with.is_empty() || with.len() > 1 && distinct.len() < 2 {
        return;
    }
    let several = tokens * 2 >= with.len() * 3;
    for card in cards.iter_mut().filter(|card| card.tags.is_empty()) {
        card.tags = card
            .maybe_tags
            .iter()
            .filter(|token| several || !is_named(token))
            .cloned()
            .collect();
    }
}

/// The listings whose items are the page's entries: the best, and those of its kind.
pub(super) fn choose<'l>(links: &Links, ranked: &'l [Listing]) -> Vec<&'l Listing> {
    let Some(best) = ranked.first().filter(|best| {
        let enough = if best.items.len() < 3 {
            ENOUGH_FOR_FEW
        } else {
            ENOUGH
        };
        best.score >= enough && best.evidence.titled > 0.5
    }) else {
        return Vec::new();
    };
    let mut chosen: Vec<&Listing> = vec![best];
    for listing in &ranked[1..] {
        let near = listing.quality >= best.quality * 0.75
            && listing.quality + listing.evidence.size() >= best.score * 0.6
            && listing.evidence.chrome < 0.5;
        let apart = |other: &Listing| are_apart(&listing.items, &other.items);
        // of the same kind: dated like the best, or leading to the same place
        let siblings = listing
            .items
            .iter()
            .filter(|item| is_sibling(links, item, best))
            .count();
        let dated = listing.evidence.dated.min(best.evidence.dated) > 0.8;
        let near = near
            && if listing.items.len() > 2 {
                dated || siblings * 10 >= listing.items.len() * 6
            } else {
                siblings == listing.items.len()
            };
        if near && listing.evidence.titled > 0.7 && chosen.iter().all(|other| apart(other)) {
            chosen.push(listing);
        }
    }
    chosen
}

/// True if no item of one listing overlaps one of the other; both stand in page order.
fn are_apart(one: &[Item], other: &[Item]) -> bool {
    let (mut a, mut b) = (0, 0);
    while a < one.len() && b < other.len() {
        if one[a].range.end <= other[b].range.start {
            a += 1;
        } else if other[b].range.end <= one[a].range.start {
            b += 1;
        } else {
            return false;
        }
    }
    true
}

/// True if the item's address is built like those of the best listing: the same folder, or the same host and depth where
/// that listing has no folder of its own.
fn is_sibling(links: &Links, item: &Item, best: &Listing) -> bool {
    let shape = |target: usize| {
        let url = &links.targets[target].url;
        let segments: Vec<&str> = url
            .path()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let folder = if segments.len() > 1 {
            segments[0].to_owned()
        } else {
            String::new()
        };
        let folder = if folder.starts_with(|c: char| c.is_ascii_digit()) {
            "#".to_owned()
        } else {
            folder
        };
        (super::links::host(url).to_owned(), folder)
    };
    let own = shape(item.target);
    let alike = best
        .items
        .iter()
        .filter(|other| shape(other.target) == own)
        .count();
    alike * 10 >= best.items.len() * 3
}

/// Why the best candidate was not enough, in words.
pub(super) fn refusal(ranked: &[Listing]) -> String {
    match ranked.first() {
        None => "it has no links to other pages that could be posts".to_owned(),
        Some(best) => {
            let e = &best.evidence;
            let kind = if e.chrome > 0.5 {
                "stand in its navigation"
            } else if e.dated + e.prose < 0.3 {
                "have neither dates nor text beside them"
            } else {
                "do not look like posts"
            };
            format!(
                "the {} links that repeat most alike {kind}",
                best.items.len()
            )
        }
    }
}
