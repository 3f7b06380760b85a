//! The verdict.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::TimeDelta;

use super::likeness::{always, fills, fits, is_odd, with_folders_of};
use super::posts::{Is, Likeness, tell};
use crate::model::{Contract, Date, Entry, Field, KnownPost, PageMemory, Precision, Verdict};

/// Of fewer posts a field that is missing says nothing.
const MIN_POSTS: usize = 3;
/// A list that never was longer may shrink to anything.
const LONG: usize = 4;
/// Where little is found again, so many percent of the new posts have to be just like those before.
const FITTING: usize = 80;
/// Dates that differ by less are the same date, told another way ("3 weeks ago").
const SAME_DATE: TimeDelta = TimeDelta::days(10);
/// So many known links with quite other titles are not believed.
const RENAMED: usize = 2;
/// A post may be dated a little before those that were there first.
const SLACK: TimeDelta = TimeDelta::days(1);

/// A verdict with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// How the reading compares.
    pub verdict: Verdict,
    /// The places of entries to be held back: never seen and unlike every post: of another list, or no posts at all;
    /// and those whose fields are mixed up.
    pub odd: Vec<usize>,
    /// The places of entries that are known under another address, each with the place of the known post: to be held back
    /// too, or there would be two of each.
    pub moved: Vec<(usize, usize)>,
    /// The places of known links with other titles than before. On a page that looks as ever their authors have changed
    /// them; on one that was redesigned, they may be anything.
    pub retitled: Vec<usize>,
    /// The places of other entries that were never seen and are not just like the posts before. On a page that looks as ever
    /// they are posts with a slip; on one that was redesigned, they may be anything.
    pub unlike: Vec<usize>,
    /// How many posts of the last good reading were found again, by link and title.
    pub found: usize,
    /// Of how many.
    pub of: usize,
    /// True if they are enough to prove that this is the same list, whatever the page looks like.
    pub is_proved: bool,
    /// True if all that is wrong is a field that posts can do without.
    pub is_minor: bool,
    /// What is worth telling though the verdict is good.
    pub remark: Option<String>,
}

/// Compares the `entries` of one reading with what is remembered of the page. `same_rules` says that the rules which read
/// the page before still read it.
#[must_use]
pub fn judge(memory: &PageMemory, entries: &[Entry], same_rules: bool) -> Judgement {
    let nothing = Contract::default();
    let contract = memory.contract.as_ref().unwrap_or(&nothing);
    let evidence = Evidence::new(contract, entries, &memory.posts, same_rules);
    let mut judgement = evidence.judgement();
    // the owner has given it other rules or another address: what was known before is no measure
    if memory
        .contract
        .as_ref()
        .is_some_and(|contract| contract.runs == 0)
    {
        return judgement;
    }
    if let Some(wrong) = evidence.wrong().or_else(|| evidence.shrunk()) {
        judgement.verdict = wrong;
        return judgement;
    }
    let minor = [
        (Field::Summary, "summary"),
        (Field::Tags, "tags"),
        (Field::ReadMinutes, "read time"),
    ];
    if let Some(wrong) = evidence.field_gone(&minor) {
        judgement.verdict = wrong;
        judgement.is_minor = true;
        return judgement;
    }
    match evidence.overlap() {
        Ok(remark) => judgement.remark = remark,
        Err(verdict) => {
            judgement.verdict = verdict;
            return judgement;
        }
    }
    if !memory.posts.is_empty() && evidence.new.is_empty() {
        judgement.verdict = Verdict::Quiet;
    }
    judgement
}

/// Compares the `entries` of a further page with what the first page of the list has taught. They are older, so none of them
/// need be known, and may lead to folders that the site has left since.
#[must_use]
pub fn judge_further(contract: &Contract, posts: &[KnownPost], entries: &[Entry]) -> Judgement {
    let contract = with_folders_of(contract, entries);
    let evidence = Evidence::new(&contract, entries, posts, true);
    let mut judgement = evidence.judgement();
    if let Some(wrong) = evidence.wrong() {
        judgement.verdict = wrong;
    }
    judgement
}

/// Those of `entries` that are dated otherwise than `posts` says, by their canonical links: of the ones that have `moved`, the
/// new one is given there with the old one.
#[must_use]
pub fn redated(
    entries: &[Entry],
    posts: &[KnownPost],
    moved: &[(String, String)],
) -> BTreeSet<String> {
    let old: HashMap<&str, &str> = (moved.iter())
        .map(|(new, old)| (new.as_str(), old.as_str()))
        .collect();
    let known: HashMap<&str, &KnownPost> = (posts.iter())
        .filter_map(|post| Some((post.key.as_deref()?, post)))
        .collect();
    let is_redated = |entry: &Entry, key: &str| {
        let post = known.get(old.get(key).unwrap_or(&key))?;
        is_other_date(post.published, entry.published)
    };
    (entries.iter())
        .filter_map(|entry| {
            let key = entry.key.as_deref()?;
            is_redated(entry, key)?.then(|| key.to_owned())
        })
        .collect()
}

/// True if two dates are of two days; `None`: there is nothing to compare.
fn is_other_date(old: Option<Date>, new: Option<Date>) -> Option<bool> {
    let (old, new) = old.zip(new)?;
    // a month, or "2 years ago", is no date to compare by
    let is_day = Precision::Month != new.precision.min(old.precision);
    is_day.then(|| (old.at - new.at).abs() > SAME_DATE)
}

/// What is to be weighed.
struct Evidence<'a> {
    contract: &'a Contract,
    posts: &'a [KnownPost],
    same_rules: bool,
    /// How many posts the last good reading listed.
    listed: usize,
    /// How many entries there are at all.
    all: usize,
    odd: Vec<usize>,
    unlike: Vec<usize>,
    /// The entries that are not odd.
    rest: Vec<&'a Entry>,
    /// The known posts among them, each with its entry and whether the title is the same.
    known: Vec<(usize, &'a Entry, bool)>,
    moved: Vec<(usize, usize)>,
    retitled: Vec<usize>,
    /// Those of them that have nothing in common with the known title.
    renamed: Vec<usize>,
    /// Known links with their excerpts in place of their titles.
    mixed: usize,
    /// Those never seen.
    new: Vec<&'a Entry>,
}

impl<'a> Evidence<'a> {
    fn new(
        contract: &'a Contract,
        entries: &'a [Entry],
        posts: &'a [KnownPost],
        same_rules: bool,
    ) -> Self {
        let mut evidence = Self {
            contract,
            posts,
            same_rules,
            listed: posts.iter().filter(|post| post.listed).count(),
            all: entries.len(),
            odd: Vec::new(),
            unlike: Vec::new(),
            rest: Vec::new(),
            known: Vec::new(),
            moved: Vec::new(),
            retitled: Vec::new(),
            renamed: Vec::new(),
            mixed: 0,
            new: Vec::new(),
        };
        let mut seen = HashSet::new();
        for (at, (entry, is)) in entries.iter().zip(tell(entries, posts)).enumerate() {
            match is {
                Is::Known { post, title } => {
                    let title = match title {
                        Likeness::Same => true,
                        Likeness::Alike => false,
                        Likeness::Other => {
                            evidence.renamed.push(at);
                            false
                        }
                    };
                    if !title {
                        evidence.retitled.push(at);
                    }
                    // one post shown twice is one post
                    if seen.insert(post) {
                        evidence.known.push((post, entry, title));
                    }
                }
                Is::Moved { post } => evidence.moved.push((at, post)),
                Is::Mixed => {
                    evidence.mixed += 1;
                    evidence.odd.push(at);
                    continue;
                }
                Is::New if is_odd(contract, entry) => {
                    evidence.odd.push(at);
                    continue;
                }
                Is::New => {
                    if !fits(contract, entry) {
                        evidence.unlike.push(at);
                    }
                    evidence.new.push(entry);
                }
            }
            evidence.rest.push(entry);
        }
        // an author gives one post another title; more of them at once were read from the wrong place
        if evidence.renamed.len() >= RENAMED {
            let renamed = std::mem::take(&mut evidence.renamed);
            evidence.odd.extend(renamed);
        }
        evidence
    }

    fn judgement(&self) -> Judgement {
        Judgement {
            verdict: Verdict::Healthy,
            found: self.found_again(),
            of: self.listed,
            is_proved: self.is_proved(),
            is_minor: false,
            remark: None,
            odd: self.odd.clone(),
            moved: self.moved.clone(),
            retitled: self.retitled.clone(),
            unlike: self.unlike.clone(),
        }
    }

    /// What no page of the list may be.
    fn wrong(&self) -> Option<Verdict> {
        let fields = [
            (Field::Title, "title"),
            (Field::Url, "link"),
            (Field::Published, "date"),
        ];
        self.nothing_left()
            .or_else(|| self.field_gone(&fields))
            .or_else(|| self.retitled())
            .or_else(|| self.redated())
            .or_else(|| self.moved())
    }

    fn is_first(&self) -> bool {
        self.posts.is_empty()
    }

    /// The posts of the last good reading that are here, by their places there.
    fn again(&self) -> impl Iterator<Item = (usize, bool)> {
        self.known
            .iter()
            .filter(|(post, ..)| self.posts[*post].listed)
            .map(|(post, _, title)| (*post, *title))
    }

    fn found_again(&self) -> usize {
        self.again().filter(|(_, title)| *title).count()
    }

    /// At least half of what was listed, or of what can still be here beside the new ones, by link and title.
    fn is_proved(&self) -> bool {
        let found = self.found_again();
        let plausible = self.listed.min(self.rest.len());
        found > 0
            && self.moved.len() * 2 < self.rest.len().max(1)
            && (found * 2 >= self.listed || (found * 2 >= plausible && self.is_top()))
    }

    /// True if the posts found again are those that stood on top: the list has moved on.
    fn is_top(&self) -> bool {
        let again = self.again().count();
        let on_top = self.again().filter(|(post, _)| *post < again).count();
        again > 0 && on_top * 3 >= again * 2
    }

    fn nothing_left(&self) -> Option<Verdict> {
        if !self.rest.is_empty() {
            return None;
        }
        let why = match self.all {
            0 => "no posts were found".to_owned(),
            all => format!("none of the {all} entries found is like the posts before"),
        };
        Some(Verdict::Broken { why })
    }

    /// A field that was always filled and is empty nearly everywhere.
    fn field_gone(&self, fields: &[(Field, &str)]) -> Option<Verdict> {
        let total = self.rest.len();
        if total < MIN_POSTS {
            return None;
        }
        for &(field, name) in fields {
            let filled = self.rest.iter().filter(|entry| fills(entry, field)).count();
            if always(self.contract, field) && filled * 3 <= total {
                let missing = total - filled;
                return Some(Verdict::HalfMatched {
                    why: format!("{missing} of {total} posts have no {name}, which all had before"),
                });
            }
        }
        None
    }

    fn retitled(&self) -> Option<Verdict> {
        let other = self.known.iter().filter(|(.., title)| !title).count() + self.mixed;
        let known = self.known.len() + self.mixed;
        (other >= 2 && other * 2 > known).then(|| Verdict::HalfMatched {
            why: format!("{other} of {known} known links have other titles than before"),
        })
    }

    fn redated(&self) -> Option<Verdict> {
        let mut compared = 0;
        let mut other = 0;
        for (post, entry, _) in &self.known {
            let post = &self.posts[*post];
            let is_accepted = |key: &String| self.contract.redated.contains(key);
            if post.key.as_ref().is_some_and(is_accepted) {
                continue;
            }
            let Some(is_other) = is_other_date(post.published, entry.published) else {
                continue;
            };
            compared += 1;
            other += usize::from(is_other);
        }
        (compared >= MIN_POSTS && other * 2 > compared).then(|| Verdict::HalfMatched {
            why: format!("{other} of {compared} known posts have other dates than before"),
        })
    }

    fn moved(&self) -> Option<Verdict> {
        let (moved, total) = (self.moved.len(), self.rest.len());
        (moved > 0 && moved * 2 >= total).then(|| Verdict::Redesigned {
            why: format!("{moved} of {total} posts stand at other addresses than before"),
        })
    }

    /// Far fewer posts than ever, and not the beginning of the list.
    fn shrunk(&self) -> Option<Verdict> {
        let fewest = self.contract.fewest as usize;
        let total = self.rest.len();
        if fewest < LONG || total * 2 >= fewest || self.known.is_empty() || self.is_top() {
            return None;
        }
        Some(Verdict::HalfMatched {
            why: format!("{total} posts, never fewer than {fewest} before"),
        })
    }

    /// Enough of what is known must be here, or what is here must plainly go on from it.
    fn overlap(&self) -> Result<Option<String>, Verdict> {
        let (known, total) = (self.known.len(), self.rest.len());
        let again = self.again().count();
        let half = known * 2 >= total || (self.listed > 0 && again * 2 >= self.listed);
        if self.is_first() || half {
            return Ok(None);
        }
        let fit = self.new.iter().filter(|entry| fits(self.contract, entry));
        let all_fit = fit.count() * 100 >= self.new.len() * FITTING;
        if all_fit && known > 0 && (self.is_top() || self.same_rules) {
            return Ok(None);
        }
        if all_fit && known == 0 && self.goes_on() {
            return Ok(Some(format!(
                "none of the {} posts listed last is listed any more; all {total} are newer, and stand where posts stand",
                self.listed
            )));
        }
        Err(Verdict::Redesigned {
            why: format!(
                "{again} of the {} posts listed last were found again, among {total}",
                self.listed
            ),
        })
    }

    /// Every entry is dated, and none before the newest that is known.
    fn goes_on(&self) -> bool {
        let newest = self
            .posts
            .iter()
            .filter_map(|post| post.published)
            .max_by_key(|date| date.at);
        let Some(newest) = newest.filter(|_| always(self.contract, Field::Published)) else {
            return false;
        };
        self.rest.iter().all(|entry| {
            entry
                .published
                .is_some_and(|date| date.at + SLACK >= newest.at)
        })
    }
}
