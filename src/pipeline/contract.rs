//! An index page is stored only if its reading is like the good ones before; where it is not, other ways of reading it are
//! tried and have to prove themselves on the posts that are known.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::read::{Reading, read, read_knowing};
use crate::dedupe::{self, Shown};
use crate::extract;
use crate::extract::contract::{self, Judgement};
use crate::model::{
    Contract, Document, Entry, EntryKey, KnownPost, PageMemory, Source, Verdict, Wrapper,
};

/// As many titles of held entries are told.
const TOLD: usize = 3;

/// What a good reading leaves behind.
#[derive(Debug)]
pub(super) struct Learnt {
    pub(super) verdict: Verdict,
    pub(super) contract: Contract,
    pub(super) wrapper: Option<Wrapper>,
    /// The new and the old address of posts that have moved: canonical keys.
    pub(super) moved: Vec<(String, String)>,
}

/// What came of a page.
#[derive(Debug)]
pub(super) enum Examined {
    /// It may be stored.
    Good {
        reading: Box<Reading>,
        learnt: Box<Learnt>,
        /// True if the page has changed, and was read all the same.
        healed: bool,
    },
    /// The list is there, and empty.
    Empty,
    /// Nothing of it may be stored.
    Bad(Verdict),
    /// It could not be read, and never was before.
    Unread(extract::Error),
}

/// A reading with its judgement.
struct Tried {
    reading: Reading,
    judgement: Judgement,
    /// The new and the old address of posts that have moved, beyond doubt.
    moved: Vec<(String, String)>,
    /// The places of known links whose other titles are not believed.
    retitled: Vec<usize>,
}

/// Judges what plain inference gave (`first`), and looks for another way where it does not hold.
pub(super) fn examine(
    source: &Source,
    document: &Document,
    first: Result<Reading, extract::Error>,
    memory: &PageMemory,
    now: DateTime<Utc>,
) -> Examined {
    let (plain, error) = match first {
        Ok(reading) => {
            let same = same_items(reading.wrapper.as_ref(), memory);
            (Some(judged(reading, memory, same)), None)
        }
        Err(error) => (None, Some(error)),
    };
    let was_read = memory.contract.as_ref().is_some_and(|it| it.runs > 0);
    if !was_read {
        // posts of a time without contracts, or of a feed in its place, are a measure too
        return match (plain, error) {
            (Some(plain), _) if plain.judgement.verdict.holds() || memory.posts.is_empty() => {
                good(document, plain, None, memory)
            }
            (Some(plain), _) => Examined::Bad(plain.judgement.verdict),
            (None, Some(error)) => Examined::Unread(error),
            (None, None) => unreachable!("a reading or an error"),
        };
    }
    let has_changed = memory.wrapper.is_some()
        && !plain
            .as_ref()
            .is_some_and(|it| same_items(it.reading.wrapper.as_ref(), memory));
    if let Some(tried) = plain.as_ref()
        && tried.is_clean()
        && !has_changed
    {
        return good(document, plain.expect("it is there"), None, memory);
    }

    let by_rules = by_rules(source, document, memory, now);
    match (plain, by_rules) {
        // its selectors read otherwise, but those of old still fit: nothing was redesigned
        (Some(plain), Some(rules)) if plain.is_clean() && rules.holds() => {
            good(document, plain, None, memory)
        }
        (plain, Some(mut rules)) if rules.is_clean() => {
            let holds = plain.as_ref().is_some_and(Tried::holds);
            let why = match &plain {
                Some(plain) if !holds => plain.judgement.verdict.why().unwrap_or_default(),
                _ => "",
            };
            let healed = (!holds).then(|| {
                format!(
                    "healed: the page has changed ({why}); the rules learnt before still read it"
                )
                .replace(" ()", "")
            });
            if healed.is_some() {
                rules.hold_retitled();
            }
            good(document, rules, healed, memory)
        }
        (Some(plain), rules) if plain.holds() => {
            if has_changed && rules.is_none_or(|rules| !rules.holds()) {
                return redesigned(document, plain, memory, "the page was redesigned");
            }
            good(document, plain, None, memory)
        }
        (Some(plain), _) if plain.judgement.is_minor && plain.judgement.is_proved => {
            redesigned(document, plain, memory, "the page was redesigned")
        }
        (plain, _) => {
            if let Some(found) = found_again(source, document, memory, now) {
                return redesigned(document, found, memory, "other lists stand on the page");
            }
            let container = memory
                .contract
                .as_ref()
                .and_then(|it| it.container.as_deref());
            let nothing = plain
                .as_ref()
                .is_none_or(|it| it.reading.entries.is_empty());
            if nothing && container.is_some_and(|it| contract::is_empty_list(document, it)) {
                return Examined::Empty;
            }
            Examined::Bad(match (plain, error) {
                (Some(plain), _) => plain.judgement.verdict,
                (None, error) => Verdict::Broken {
                    why: error.map_or_else(String::new, |error| error.to_string()),
                },
            })
        }
    }
}

/// The owner says that the page is right as it is: what was known is no measure any more.
pub(super) fn accept(document: &Document, reading: Reading, memory: &PageMemory) -> Examined {
    let contract = Contract {
        pages: memory.contract.as_ref().map_or(0, |it| it.pages),
        ..Contract::default()
    };
    let nothing = PageMemory {
        posts: memory.posts.clone(),
        contract: Some(contract),
        wrapper: None,
    };
    let mut tried = judged(reading, &nothing, false);
    tried.judgement.odd.clear();
    // the owner says so of those, too, that are not beyond doubt
    for (at, post) in std::mem::take(&mut tried.judgement.moved) {
        let new = tried.reading.entries[at].key.clone();
        (tried.moved).extend(new.zip(memory.posts[post].key.clone()));
    }
    good(document, tried, None, &nothing)
}

/// A further page of the list that `contract` was learnt from, without what is odd in it.
///
/// # Errors
/// The verdict: it is no page of that list.
pub(super) fn further(
    reading: Reading,
    contract: &Contract,
    posts: &[KnownPost],
) -> Result<Reading, Verdict> {
    // which of them have moved is told again when all pages are stored
    let (entries, _) = under_old_names(&reading.entries, posts);
    let judgement = contract::judge_further(contract, posts, &entries);
    let mut tried = Tried {
        reading,
        judgement,
        moved: Vec::new(),
        retitled: Vec::new(),
    };
    if !tried.holds() {
        return Err(tried.judgement.verdict);
    }
    hold_back(&mut tried);
    Ok(tried.reading)
}

impl Tried {
    fn holds(&self) -> bool {
        self.judgement.verdict.holds()
    }

    /// It holds, and there is nothing in it that has to be held back.
    fn is_clean(&self) -> bool {
        self.holds() && self.judgement.odd.is_empty() && self.judgement.moved.is_empty()
    }
}

impl Tried {
    /// On a page that has changed, another title of a known link may be anything.
    fn hold_retitled(&mut self) {
        self.retitled.clone_from(&self.judgement.retitled);
    }
}

fn judged(reading: Reading, memory: &PageMemory, same_rules: bool) -> Tried {
    let (entries, moved) = under_old_names(&reading.entries, &memory.posts);
    let judgement = if moved.is_empty() {
        contract::judge(memory, &reading.entries, same_rules)
    } else {
        // where posts have gone, new ones may stand as well
        let there: HashSet<&str> = moved.iter().map(|(new, _)| new.as_str()).collect();
        let is_there = |it: &&Entry| it.key.as_deref().is_some_and(|key| there.contains(key));
        let here = reading.entries.iter().filter(is_there);
        let memory = PageMemory {
            contract: (memory.contract.as_ref()).map(|it| contract::with_places_of(it, here)),
            ..memory.clone()
        };
        contract::judge(&memory, &entries, same_rules)
    };
    Tried {
        reading,
        judgement,
        moved,
        retitled: Vec::new(),
    }
}

/// The entries as the contract knows them: posts that have moved, beyond doubt, under the addresses that they had. These are
/// given too, the new one with the old one.
fn under_old_names<'a>(
    entries: &'a [Entry],
    posts: &[KnownPost],
) -> (Cow<'a, [Entry]>, Vec<(String, String)>) {
    let by_key: HashMap<&str, EntryKey> = (posts.iter())
        .filter_map(|post| Some((post.key.as_deref()?, post.entry)))
        .collect();
    let shown: Vec<Shown<'_>> = (entries.iter())
        .map(|entry| Shown {
            entry,
            is: entry
                .key
                .as_deref()
                .and_then(|key| by_key.get(key))
                .copied(),
            // posts that come back one by one are known again when they are stored
            is_late: false,
        })
        .collect();
    let mut known = Cow::Borrowed(entries);
    let mut moved = Vec::new();
    for (at, post) in dedupe::migrate(posts, &shown, &BTreeSet::new()).pairs {
        if let (Some(new), Some(old)) = (&entries[at].key, &posts[post].key) {
            known.to_mut()[at].key = Some(old.clone());
            moved.push((new.clone(), old.clone()));
        }
    }
    (known, moved)
}

/// True if the items are found by the same rules as before.
fn same_items(wrapper: Option<&Wrapper>, memory: &PageMemory) -> bool {
    let old = memory.wrapper.as_ref().map(Wrapper::listing);
    old.is_some() && wrapper.map(Wrapper::listing) == old
}

/// What the rules learnt before find. The fields are told by what they are: a selector of theirs is worth less than that.
fn by_rules(
    source: &Source,
    document: &Document,
    memory: &PageMemory,
    now: DateTime<Utc>,
) -> Option<Tried> {
    let select = source.select.clone().unwrap_or_default();
    let listing = memory.wrapper.as_ref()?.listing();
    if select.finds_entries() || !listing.finds_entries() {
        return None;
    }
    let rules = Wrapper {
        from: listing.from,
        item: listing.item,
        split: listing.split,
        link: select.link.or(listing.link),
        ..select
    };
    let mut reading = read(source, document, Some(&rules), now).ok()?;
    reading.wrapper.clone_from(&memory.wrapper);
    Some(judged(reading, memory, true))
}

/// The list that leads to the known posts, where something else on the page looks more like one; if it proves itself.
fn found_again(
    source: &Source,
    document: &Document,
    memory: &PageMemory,
    now: DateTime<Utc>,
) -> Option<Tried> {
    let known: Vec<&str> = memory
        .posts
        .iter()
        .filter_map(|post| post.key.as_deref())
        .collect();
    if known.is_empty() || source.select.as_ref().is_some_and(Wrapper::finds_entries) {
        return None;
    }
    let reading = read_knowing(source, document, &known, now).ok()?;
    let tried = judged(reading, memory, false);
    let is_good = tried.holds() || tried.judgement.is_minor;
    Some(tried).filter(|tried| is_good && tried.judgement.is_proved)
}

/// A new way of reading is adopted if it finds the known posts again; what is new on the page has to be just like them.
fn redesigned(document: &Document, mut tried: Tried, memory: &PageMemory, what: &str) -> Examined {
    tried.hold_retitled();
    let unlike = std::mem::take(&mut tried.judgement.unlike);
    // where only a field is gone for all, its absence is no mark of one
    if !tried.judgement.is_minor {
        tried.judgement.odd.extend(unlike);
    }
    let Judgement { found, of, .. } = tried.judgement;
    if !tried.judgement.is_proved {
        return Examined::Bad(Verdict::Redesigned {
            why: format!("{found} of {of} posts listed last were found again, too few to be sure"),
        });
    }
    let told = match tried.judgement.verdict.why() {
        Some(why) => format!("healed: {why}; {found} of {of} known posts were found again"),
        None => {
            format!("healed: {what}; {found} of {of} known posts were found again")
        }
    };
    good(document, tried, Some(told), memory)
}

/// Takes a reading, without what is odd in it, and learns from it; from one that was `healed`, anew.
fn good(
    document: &Document,
    mut tried: Tried,
    healed: Option<String>,
    memory: &PageMemory,
) -> Examined {
    hold_back(&mut tried);
    let Tried {
        mut reading,
        judgement,
        moved,
        ..
    } = tried;
    let old_rules = memory.wrapper.is_some() && reading.wrapper == memory.wrapper;
    let is_healed = healed.is_some();
    let old = memory.contract.as_ref().filter(|_| !is_healed || old_rules);
    let mut contract = contract::learn(old, &reading.entries, &memory.posts);
    if let Some(before) = &memory.contract {
        (contract.pages, contract.pages_failed) = (before.pages, before.pages_failed);
        contract.unread.clone_from(&before.unread);
        let was = |key: &&String| before.redated.contains(*key);
        let renamed = (moved.iter()).filter_map(|(new, old)| was(&old).then_some(new));
        let all = before.redated.iter().chain(renamed).cloned();
        contract.redated.extend(all);
    }
    // the first reading is right by definition, whatever was known
    if contract.runs == 1 {
        let redated = contract::redated(&reading.entries, &memory.posts, &moved);
        contract.redated.extend(redated);
    }
    if contract.runs == 1 || !old_rules && memory.wrapper != reading.wrapper {
        contract.container = contract::container(document, &reading.entries);
    }
    reading.warnings.extend(healed);
    reading.warnings.extend(judgement.remark);
    let verdict = if judgement.verdict.holds() {
        judgement.verdict
    } else {
        Verdict::Healthy
    };
    let learnt = Box::new(Learnt {
        verdict,
        contract,
        wrapper: reading.wrapper.clone(),
        moved,
    });
    Examined::Good {
        reading: Box::new(reading),
        learnt,
        healed: is_healed,
    }
}

/// Takes out what may not be stored, and says so.
fn hold_back(tried: &mut Tried) {
    let Tried {
        reading,
        judgement,
        retitled,
        ..
    } = tried;
    let mut held = HashSet::new();
    let moved: Vec<usize> = judgement.moved.iter().map(|(at, _)| *at).collect();
    for (places, why) in [
        (&moved, "known under other addresses"),
        (&*retitled, "known under other titles"),
        (&judgement.odd, "unlike the posts of this page"),
    ] {
        let mut places: Vec<usize> = places.clone();
        places.retain(|at| held.insert(*at));
        places.sort_unstable();
        if !places.is_empty() {
            let (count, told) = (places.len(), titles(reading, &places));
            let warning = format!("held back, being {why}: {count} ({told})");
            reading.warnings.push(warning);
        }
    }
    let mut at = 0;
    reading.entries.retain(|_| {
        at += 1;
        !held.contains(&(at - 1))
    });
}

fn titles(reading: &Reading, places: &[usize]) -> String {
    let titles: Vec<&str> = places
        .iter()
        .take(TOLD)
        .map(|at| reading.entries[*at].title.as_str())
        .collect();
    let more = if places.len() > TOLD { ", …" } else { "" };
    format!("{}{more}", titles.join(", "))
}
