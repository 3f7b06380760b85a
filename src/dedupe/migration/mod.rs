//! Posts that stand under other ids and addresses than before: a new domain, another system, a feed in the place of a page.
//!
//! Takes the posts that the archive has from a source and what one of its documents shows; gives which of the entries that no
//! alias recognises are which of the posts that the document does not show under their old names. One to one, by title,
//! date and text. Pure. When in doubt an entry is new: two of one article are a nuisance, two articles in one are a loss.
//!
//! A title alone is little evidence: "Weekly links" comes again. So a single post is known again only by its title *and*
//! its very date, or by its whole text where there is no date; by less only where most of what is shown is new and much of it
//! is known, or where several that were listed are gone and back at once, since that is what a source looks like that has
//! moved, and nothing else does.
mod agreement;
mod redating;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use self::agreement::{Agreement, Grade, is_apart, is_near, letters};
pub use self::redating::days_of_moves;
use super::likeness::{Words, is_same_title, title_likeness, title_numbers, words};
use crate::model::{Date, Entry, EntryKey, KnownPost, Precision};

/// Of fewer entries that nothing recognises nobody can say that most of them are new: a calm source brings one or two.
const FEWEST: usize = 3;
/// So many posts, known by title and date or text, are no coincidence any more.
const PROOF: usize = 2;
/// Titles that share so much are of one post if the rest agrees, and
const MOST_WORDS: f64 = 0.5;
/// so much if nothing else has moved: the names of two packages in one sentence differ by more.
const NEARLY_ALL_WORDS: f64 = 0.8;
/// Of the posts of a list one in so many, on one day, were dated by no author.
const CROWD: usize = 4;
/// Dates that all lie within this were given by the machine that moved the posts, not by who wrote them.
const ONE_DAY: TimeDelta = TimeDelta::days(1);

/// An entry of a document.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// What is shown.
    pub entry: &'a Entry,
    /// The post that its aliases say it is; `None`: none that this source has shown before.
    pub is: Option<EntryKey>,
    /// It is dated to a time before the last reading, which did not show it: so it is no news, whatever it is.
    pub is_late: bool,
}

/// What has moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migration {
    /// The places of entries among those shown, each with the place of the post that it is; by the places of the entries.
    pub pairs: Vec<(usize, usize)>,
    /// How many entries stood under names that are not known.
    pub open: usize,
    /// True if this is one event, and not a post or two.
    pub is_event: bool,
    /// The places of entries whose ids meant other posts before. They are what `pairs` says, or new; and what the source's
    /// guids meant before is no evidence any more.
    pub renumbered: Vec<usize>,
}

/// Finds what has moved: `posts` are those known of the source, those that it listed last first; `shown` are entries of one
/// document, and `unchanged` posts that it shows besides, just as they were.
#[must_use]
pub fn migrate(
    posts: &[KnownPost],
    shown: &[Shown<'_>],
    unchanged: &BTreeSet<EntryKey>,
) -> Migration {
    let renumbered = renumbered(posts, shown, unchanged);
    let open: Vec<usize> = (0..shown.len())
        .filter(|at| shown[*at].is.is_none() || renumbered.contains(at))
        .collect();
    // most documents show nothing that is not known
    if open.is_empty() {
        return Migration::default();
    }
    let here: HashSet<EntryKey> = (0..shown.len())
        .filter(|at| !renumbered.contains(at))
        .filter_map(|at| shown[at].is)
        .chain(unchanged.iter().copied())
        .collect();
    let free: Vec<usize> = (0..posts.len())
        .filter(|at| !here.contains(&posts[*at].entry))
        .collect();
    let all = shown.len() + unchanged.len();
    let search = Search::new(posts, shown, &open);
    let are_several = open.len() >= FEWEST;
    let most_are_new = are_several && open.len() * 2 >= all;
    let least = match (most_are_new, are_several) {
        (true, _) => Grade::Weak,
        (false, true) => Grade::Likely,
        (false, false) => Grade::Certain,
    };
    let mut found = search.chosen(search.rated(&open, &free, are_several), least);
    drop_redated(&mut found, posts, shown);
    let sure = found.iter().filter(|it| it.grade >= Grade::Likely).count();
    // most of what is new is known, or most of what was listed is found again beside it
    let listed = free.iter().filter(|at| posts[**at].listed).count();
    let again = (found.iter()).filter(|it| posts[it.post].listed).count();
    let is_most = found.len() * 2 >= open.len() || again * 2 >= listed && again >= FEWEST;
    let is_event = if most_are_new {
        found.len() >= FEWEST && (is_most || sure >= PROOF)
    } else {
        // a part of a list, of one of several blogs in it, has moved: what was listed is gone and back at once
        again >= FEWEST && found.len() * 2 >= open.len()
    };
    if !is_event {
        found.retain(|it| it.grade == Grade::Certain);
    } else if !is_most {
        found.retain(|it| it.grade >= Grade::Likely);
    }
    search.add_retitled(&open, &free, &mut found, is_event);
    let mut pairs: Vec<(usize, usize)> = found.iter().map(|it| (it.entry, it.post)).collect();
    pairs.sort_unstable();
    Migration {
        pairs,
        open: open.len(),
        is_event,
        renumbered: renumbered.into_iter().collect(),
    }
}

/// True if an entry has nothing in common with the post that its guid says it is: link, title, text and date are all other.
/// Such a guid is used again, by a system that numbers the places of its list.
#[must_use]
pub fn is_used_again(post: &KnownPost, entry: &Entry) -> bool {
    let is_elsewhere = post.key.is_some() && entry.key.is_some() && post.key != entry.key;
    let (old, new) = (words(&post.title), words(&entry.title));
    let has_other_title = title_numbers(&old) != title_numbers(&new)
        || title_likeness(old.iter().collect(), new.iter().collect()) < NEARLY_ALL_WORDS;
    is_elsewhere && has_other_title && Agreement::of(post, entry).is_nothing()
}

/// An entry with a post that it may be, by their places.
#[derive(Clone, Copy, Debug)]
struct Pair {
    entry: usize,
    post: usize,
    grade: Grade,
    /// How far apart their dates are.
    apart: TimeDelta,
}

/// The titles of a source and of one of its documents.
struct Search<'a> {
    posts: &'a [KnownPost],
    shown: &'a [Shown<'a>],
    /// How many posts have a title, by its letters, and how many open entries.
    namesakes: HashMap<String, (usize, usize)>,
    /// Times that several posts or several open entries have.
    shared_times: HashSet<DateTime<Utc>>,
    /// Days to which a machine has dated many of the posts listed last, or of the open entries.
    crowded: HashSet<NaiveDate>,
}

impl<'a> Search<'a> {
    fn new(posts: &'a [KnownPost], shown: &'a [Shown<'a>], open: &[usize]) -> Self {
        let mut namesakes: HashMap<String, (usize, usize)> = HashMap::new();
        for post in posts {
            namesakes.entry(letters(&post.title)).or_default().0 += 1;
        }
        for at in open {
            let title = letters(&shown[*at].entry.title);
            namesakes.entry(title).or_default().1 += 1;
        }
        let dates = (posts.iter().filter_map(|it| it.published)).map(|it| it.at);
        let mut shared_times = repeated(dates);
        let dates = (open.iter()).filter_map(|at| shown[*at].entry.published);
        shared_times.extend(repeated(dates.map(|it| it.at)));
        let listed = (posts.iter()).filter(|it| it.listed);
        let mut crowded = crowded(listed.map(|it| it.published));
        crowded.extend(self::crowded(
            open.iter().map(|at| shown[*at].entry.published),
        ));
        Self {
            posts,
            shown,
            namesakes,
            shared_times,
            crowded,
        }
    }

    /// All pairs of one title that agree in some way.
    fn rated(&self, open: &[usize], free: &[usize], are_several: bool) -> Vec<Pair> {
        let mut by_title: HashMap<String, Vec<usize>> = HashMap::new();
        for at in free {
            let title = letters(&self.posts[*at].title);
            by_title.entry(title).or_default().push(*at);
        }
        let mut pairs = Vec::new();
        for at in open {
            let entry = self.shown[*at].entry;
            let title = letters(&entry.title);
            let repeats = self
                .namesakes
                .get(&title)
                .is_some_and(|(posts, entries)| *posts > 1 || *entries > 1);
            let mut told = Vec::new();
            for post in by_title.get(&title).into_iter().flatten() {
                let old = &self.posts[*post];
                let is_near = is_near(old.published, entry.published);
                // of a long series nearly all are elsewhere in time, unless many have moved and have new dates
                let is_elsewhere = || is_apart(old.published, entry.published) && !are_several;
                let may_be = is_near || old.listed && !is_elsewhere() || old.print == entry.print;
                if repeats && !may_be {
                    continue;
                }
                let agreement = self.agreement(old, entry);
                // a day tells what has just gone, but no issue of years ago
                if repeats && !old.listed && !agreement.is_told() {
                    continue;
                }
                if let Some(grade) = agreement.grade(&entry.title, repeats) {
                    let pair = self.pair(*at, *post, grade);
                    let pairs = if is_near || !repeats {
                        &mut pairs
                    } else {
                        &mut told
                    };
                    pairs.push(pair);
                }
            }
            // a text that all of a series have tells none of them
            if told.len() == 1 {
                pairs.append(&mut told);
            }
        }
        pairs
    }

    /// What they have in common, where the dates of machines say nothing.
    fn agreement(&self, post: &KnownPost, entry: &Entry) -> Agreement {
        let mut agreement = Agreement::of(post, entry);
        let is_shared = |it: Date| self.shared_times.contains(&it.at);
        let is_crowded = |it: Date| self.crowded.contains(&it.at.date_naive());
        if post.published.is_some_and(is_shared) {
            agreement = agreement.at_a_shared_time();
        }
        if post.published.is_some_and(is_crowded) || entry.published.is_some_and(is_crowded) {
            agreement = agreement.on_a_day_of_many();
        }
        agreement
    }

    fn pair(&self, entry: usize, post: usize, grade: Grade) -> Pair {
        let dates = self.posts[post].published;
        let apart = dates
            .zip(self.shown[entry].entry.published)
            .map_or(TimeDelta::MAX, |(old, new)| (old.at - new.at).abs());
        Pair {
            entry,
            post,
            grade,
            apart,
        }
    }

    /// Of pairs those that are at least of a grade, the best first, each entry and each post once.
    fn chosen(&self, mut pairs: Vec<Pair>, least: Grade) -> Vec<Pair> {
        pairs.retain(|it| it.grade >= least);
        pairs.sort_by_key(|it| {
            let far = it.entry.abs_diff(it.post);
            (
                std::cmp::Reverse(it.grade),
                it.apart,
                far,
                it.entry,
                it.post,
            )
        });
        let (mut entries, mut known) = (HashSet::new(), HashSet::new());
        pairs.retain(|it| {
            let is_free =
                !entries.contains(&it.entry) && !known.contains(&self.posts[it.post].entry);
            if is_free {
                entries.insert(it.entry);
                known.insert(self.posts[it.post].entry);
            }
            is_free
        });
        pairs
    }

    /// Adds posts whose titles have been worked on on the way: most of their words are the same, their numbers are, and so is
    /// the very date or the text; both of these, and nearly all words, where nothing else moved. The whole text will do there,
    /// too, if only one post has it and there is no date to ask, or one of the past, as after all of a source were dated anew:
    /// what a source says again and again comes with a date of its own each time.
    fn add_retitled(&self, open: &[usize], free: &[usize], found: &mut Vec<Pair>, is_event: bool) {
        let entries: HashSet<usize> = found.iter().map(|it| it.entry).collect();
        let known: HashSet<usize> = found.iter().map(|it| it.post).collect();
        let left: Vec<usize> = (open.iter().copied())
            .filter(|at| !entries.contains(at))
            .collect();
        if left.is_empty() {
            return;
        }
        let titles: Vec<(usize, Words)> = (free.iter())
            .filter(|at| !known.contains(at))
            .map(|at| (*at, words(&self.posts[*at].title)))
            .collect();
        let mut pairs = Vec::new();
        for at in &left {
            let Shown { entry, is_late, .. } = self.shown[*at];
            let title = words(&entry.title);
            let numbers = title_numbers(&title);
            let (mut sure, mut told) = (Vec::new(), Vec::new());
            for (post, old_title) in &titles {
                let like = title_likeness(old_title.iter().collect(), title.iter().collect());
                if like < MOST_WORDS || title_numbers(old_title) != numbers {
                    continue;
                }
                let old = &self.posts[*post];
                // those listed last have moved together; of all others the very time must tell, or the whole text
                let is_near = is_event && old.listed || old.published == entry.published;
                let agreement = Agreement::of(old, entry);
                let is_like = is_event || like >= NEARLY_ALL_WORDS;
                let is_one = agreement.is_strongest() || is_event && agreement.is_strong();
                let pair = self.pair(*at, *post, Grade::Likely);
                if is_near && is_like && is_one {
                    sure.push(pair);
                } else if is_like && agreement.is_one_text(is_late || is_event) {
                    told.push(pair);
                }
            }
            // what stands under several is what this source always says
            if sure.is_empty() && told.len() == 1 {
                pairs.append(&mut told);
            }
            pairs.append(&mut sure);
        }
        found.extend(self.chosen(pairs, Grade::Likely));
    }
}

/// Those of `times` that come more than once.
fn repeated(times: impl Iterator<Item = DateTime<Utc>>) -> HashSet<DateTime<Utc>> {
    let mut seen = HashSet::new();
    times.filter(|time| !seen.insert(*time)).collect()
}

/// The days to which so many of `dates` lie that no author gave them: some, and a part of all.
fn crowded(dates: impl Iterator<Item = Option<Date>>) -> HashSet<NaiveDate> {
    let mut all = 0;
    let mut days: HashMap<NaiveDate, usize> = HashMap::new();
    for date in dates {
        all += 1;
        if let Some(date) = date.filter(|it| it.precision != Precision::Month) {
            *days.entry(date.at.date_naive()).or_default() += 1;
        }
    }
    days.retain(|_, count| *count >= FEWEST && *count * CROWD >= all);
    days.into_keys().collect()
}

/// Leaves out pairs whose dates contradict each other and that nothing but the title holds together; unless those of one
/// side are all of one day and so say nothing: the day of the move.
fn drop_redated(found: &mut Vec<Pair>, posts: &[KnownPost], shown: &[Shown<'_>]) {
    let is_redated = |it: &Pair| it.grade == Grade::Weak && it.apart != TimeDelta::MAX;
    let redated: Vec<Pair> = found.iter().copied().filter(is_redated).collect();
    let is_one_day = |dates: Vec<DateTime<Utc>>| {
        let (first, last) = (dates.iter().min(), dates.iter().max());
        first
            .zip(last)
            .is_some_and(|(first, last)| *last - *first <= ONE_DAY)
    };
    let date = |date: Option<Date>| date.map(|it| it.at);
    let new = redated
        .iter()
        .filter_map(|it| date(shown[it.entry].entry.published));
    let old = redated
        .iter()
        .filter_map(|it| date(posts[it.post].published));
    let says_nothing =
        redated.len() >= FEWEST && (is_one_day(new.collect()) || is_one_day(old.collect()));
    if !says_nothing {
        found.retain(|it| !is_redated(it));
    }
}

/// The places of entries whose ids stood on other posts before, where that is no accident: their titles are those of posts
/// which had other ids. Some systems number what they list from 1, at each publication or after a move.
fn renumbered(
    posts: &[KnownPost],
    shown: &[Shown<'_>],
    unchanged: &BTreeSet<EntryKey>,
) -> BTreeSet<usize> {
    let by_key: BTreeMap<EntryKey, &KnownPost> = posts.iter().map(|it| (it.entry, it)).collect();
    let mut retitled = Vec::new();
    for (at, Shown { entry, is, .. }) in shown.iter().enumerate() {
        let Some(post) = is.and_then(|key| by_key.get(&key)) else {
            continue;
        };
        let title = letters(&entry.title);
        if letters(&post.title) != title {
            retitled.push((at, *post, title));
        }
    }
    if retitled.is_empty() {
        return BTreeSet::new();
    }
    let titles: HashSet<String> = posts.iter().map(|it| letters(&it.title)).collect();
    let mut others = BTreeSet::new();
    let mut known = 0;
    for (at, post, title) in retitled {
        let entry = shown[at].entry;
        let is_known = titles.contains(&title);
        known += usize::from(is_known);
        // an author works on a title, too
        let is_worked_on =
            is_same_title(&post.title, &entry.title) && !is_apart(post.published, entry.published);
        if is_known || !is_worked_on {
            others.insert(at);
        }
    }
    let recognised = shown.iter().filter(|it| it.is.is_some()).count() + unchanged.len();
    if known >= FEWEST && known * 2 >= recognised {
        others
    } else {
        BTreeSet::new()
    }
}

#[cfg(test)]
mod tests;
