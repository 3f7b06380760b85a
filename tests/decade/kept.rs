//! What the archive has of each article, looked at after every run: whether each that was stored is an entry of its own,
//! and why the others were not stored.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use agg::model::{Outcome, OutcomeKind, Verdict};
use agg::pipeline::Report;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags, Row};

use crate::subscriber::Seen;
use crate::world::World;

/// What stands in the archive, read beside agg.
pub(crate) struct Kept {
    conn: Connection,
    /// Where each sighting stood when it was looked at last, and the print of its text.
    sightings: HashMap<i64, (i64, Vec<u8>)>,
    /// The article that each entry is.
    entries: HashMap<i64, usize>,
    /// Articles whose own title and text were there.
    stored: HashSet<usize>,
    /// Those that were shown and were never there, with the reason.
    waiting: BTreeMap<usize, Cause>,
    /// What came of each source when it was read last.
    read: HashMap<String, Cause>,
    /// Entries that are two articles, and texts that are of none.
    pub(crate) broken: BTreeMap<&'static str, Vec<String>>,
}

/// Why an article that a source showed was not stored then, from what says least of agg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    NotAsked,
    Failed,
    Broken,
    HalfMatched,
    Redesigned,
    HeldBack,
    /// Nothing was said against it.
    Taken,
}

impl Cause {
    fn of(outcome: &Outcome) -> Self {
        let is_held = |it: &String| it.starts_with("held back");
        match outcome.kind {
            OutcomeKind::Waiting => Self::NotAsked,
            OutcomeKind::Failed | OutcomeKind::Gone => match outcome.verdict {
                Some(Verdict::Redesigned { .. }) => Self::Redesigned,
                Some(Verdict::HalfMatched { .. }) => Self::HalfMatched,
                Some(_) => Self::Broken,
                None => Self::Failed,
            },
            _ if outcome.warnings.iter().any(is_held) => Self::HeldBack,
            _ => Self::Taken,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "shown on days on which its source was not asked",
            Self::Failed => "its source could not be read while it showed it",
            Self::Broken => "its page was refused as broken while it showed it",
            Self::HalfMatched => "its page was refused as half matched while it showed it",
            Self::Redesigned => "its page was refused as another list while it showed it",
            Self::HeldBack => "unlike the posts of its page",
            Self::Taken => "for no reason",
        }
    }
}

/// A sighting that is new, or says something else than before.
struct Told {
    entry: i64,
    source: String,
    title: String,
    url: String,
    summary: String,
}

impl Told {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            entry: row.get(0)?,
            source: row.get(1)?,
            title: row.get(2)?,
            url: row.get(3)?,
            summary: row.get(4)?,
        })
    }

    /// True if it has the title and the text of that article, but for what its author has changed since.
    fn is_of(&self, number: usize, world: &World) -> bool {
        let article = &world.articles[number];
        let words: HashSet<&str> = article.text.iter().map(String::as_str).collect();
        let told: Vec<&str> = self.summary.split_whitespace().collect();
        let known = told.iter().filter(|it| words.contains(*it)).count();
        let begins = |title: &str| title.split(',').next().map(str::to_owned);
        known * 2 > told.len() && begins(&self.title) == begins(&article.title)
    }
}

impl Kept {
    /// What is in the archive of that folder, once it is there.
    pub(crate) fn of(database: &Path) -> Self {
        Self {
            conn: Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap(),
            sightings: HashMap::new(),
            entries: HashMap::new(),
            stored: HashSet::new(),
            waiting: BTreeMap::new(),
            read: HashMap::new(),
            broken: BTreeMap::new(),
        }
    }

    /// Looks at what a run at `now` has brought, and at what became of the sources whose articles it has not.
    pub(crate) fn look(&mut self, now: DateTime<Utc>, world: &World, report: &Report) {
        for sighting in self.touched(now) {
            let told = self.told(sighting);
            self.compare(&told, now, world);
        }
        for outcome in &report.outcomes {
            let source = outcome.source.to_string();
            let cause = match outcome.kind {
                // whose answer is what it was is where it was
                OutcomeKind::Unchanged => self.read.get(&source).copied().unwrap_or(Cause::Taken),
                _ => Cause::of(outcome),
            };
            for number in world.shows(&source) {
                if !self.stored.contains(number) {
                    let known = self.waiting.entry(*number).or_insert(cause);
                    *known = cause.max(*known);
                }
            }
            if cause > Cause::NotAsked {
                self.read.insert(source, cause);
            }
        }
    }

    /// The sightings that a run at `now` has stored anew, or in another place.
    fn touched(&mut self, now: DateTime<Utc>) -> Vec<i64> {
        let touched = "SELECT s.id, s.entry, s.print FROM sources c
             JOIN sightings s ON s.source = c.num AND s.last_seen = ?1";
        let mut touched = self.conn.prepare_cached(touched).unwrap();
        let rows = touched.query_map([now.timestamp_millis()], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        });
        let rows: Vec<(i64, (i64, Vec<u8>))> = rows.unwrap().map(Result::unwrap).collect();
        let mut other = Vec::new();
        for (sighting, stands) in rows {
            if self.sightings.get(&sighting) != Some(&stands) {
                self.sightings.insert(sighting, stands);
                other.push(sighting);
            }
        }
        other
    }

    fn told(&self, sighting: i64) -> Told {
        let told = "SELECT coalesce(s.home, s.entry), c.id,
                 CASE WHEN s.shown IS NULL THEN e.title ELSE coalesce(s.shown ->> 'title', '') END,
                 CASE WHEN s.shown IS NULL THEN e.url ELSE coalesce(s.shown ->> 'url', '') END,
                 CASE WHEN s.shown IS NULL THEN e.summary ELSE coalesce(s.shown ->> 'summary', '') END
             FROM sightings s JOIN entries e ON e.id = s.entry JOIN sources c ON c.num = s.source WHERE s.id = ?1";
        let mut told = self.conn.prepare_cached(told).unwrap();
        told.query_row([sighting], Told::of).unwrap()
    }

    fn breaks(&mut self, what: &'static str, details: String) {
        self.broken.entry(what).or_default().push(details);
    }

    fn compare(&mut self, told: &Told, now: DateTime<Utc>, world: &World) {
        let details = |what: String| format!("{} {}: {what}", now.format("%Y-%m-%d"), told.source);
        let Some(&number) = world.named.get(&told.url) else {
            self.breaks("unknown address in the archive", details(told.url.clone()));
            return;
        };
        if !told.is_of(number, world) {
            let Told { title, summary, .. } = told;
            let what = format!("{number} says {title:?} {summary:?}");
            self.breaks("text of another article", details(what));
        }
        let was = *self.entries.entry(told.entry).or_insert(number);
        if was != number {
            let what = format!("{} is {} now", said(was, world), said(number, world));
            self.breaks("two articles in one entry", details(what));
        }
        self.stored.insert(number);
        self.waiting.remove(&number);
    }

    /// At the end: entries are compared by all the addresses that they were ever known by, and with those that they are
    /// shown as; and whatever was shown is there, or somebody was told why not.
    pub(crate) fn look_at_all(&mut self, world: &World) {
        let taken = self.waiting.iter().filter(|(_, why)| **why == Cause::Taken);
        let taken: Vec<usize> = taken.map(|(number, _)| *number).collect();
        for number in taken {
            self.breaks("never stored", said(number, world));
        }
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for (address, number) in &world.named {
            let key = agg::normalise::canonical_key(&address.parse().unwrap());
            assert_eq!(*numbers.entry(key).or_insert(*number), *number, "{address}");
        }
        let mut found: BTreeMap<i64, BTreeSet<usize>> = BTreeMap::new();
        for (link, entry) in Archived::of(&self.conn).links {
            found.entry(entry).or_default().insert(numbers[&link]);
        }
        for (entry, articles) in found.into_iter().filter(|(_, all)| all.len() > 1) {
            let said: Vec<String> = articles.iter().map(|it| said(*it, world)).collect();
            self.breaks(
                "two articles in one entry",
                format!("in the end {entry}: {said:?}"),
            );
        }
    }

    /// Articles that were served to agg and never seen by the subscriber, by the reason.
    pub(crate) fn missing(
        &self,
        world: &World,
        seen: &Seen,
        now: DateTime<Utc>,
    ) -> BTreeMap<String, Vec<String>> {
        let kept = Archived::of(&self.conn);
        let mut missing: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut addresses: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for (address, number) in &world.named {
            addresses.entry(*number).or_default().push(address);
        }
        for number in world
            .served
            .iter()
            .filter(|it| !seen.articles.contains_key(it))
        {
            let found = (addresses[number].iter()).find_map(|address| kept.find(address));
            let article = &world.articles[*number];
            let reason = match found {
                _ if !self.stored.contains(number) => {
                    let what = if article.is_put_in {
                        " of an import"
                    } else {
                        ""
                    };
                    format!("never stored{what}, {}", self.waiting[number].as_str())
                }
                Some(entry) if !entry.is_published && article.dated > now => {
                    "dated in the future".to_owned()
                }
                Some(entry) if !entry.is_published => "held back".to_owned(),
                Some(entry) if world.named.get(&entry.url) == Some(number) && entry.is_in_feed => {
                    "in the archives only".to_owned()
                }
                Some(_) | None => "shown as another one".to_owned(),
            };
            let by = world.served_by.get(number);
            missing.entry(reason).or_default().push(format!(
                "{number} {:?} {} by {by:?}",
                article.title, article.dated
            ));
        }
        missing
    }
}

/// What became of an entry.
struct Became {
    url: String,
    is_published: bool,
    is_in_feed: bool,
}

/// The archive at the end, read at once: what it is asked for one by one has no index.
struct Archived {
    /// The entries that are shown, by their links.
    links: HashMap<String, i64>,
    entries: HashMap<i64, Became>,
}

impl Archived {
    fn of(conn: &Connection) -> Self {
        let links = "SELECT a.value, coalesce(j.head, a.entry) FROM aliases a LEFT JOIN joined j ON j.entry = a.entry
             WHERE a.kind = 2";
        let entries = "SELECT e.id, coalesce(e.url, ''), l.entry IS NOT NULL, p.entry IS NOT NULL FROM entries e
             LEFT JOIN ledger l ON l.entry = e.id LEFT JOIN publications p ON p.entry = e.id";
        let mut links = conn.prepare(links).unwrap();
        let mut entries = conn.prepare(entries).unwrap();
        let links = links.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        let entries = entries.query_map([], |row| {
            let became = Became {
                url: row.get(1)?,
                is_published: row.get(2)?,
                is_in_feed: row.get(3)?,
            };
            Ok((row.get(0)?, became))
        });
        Self {
            links: links.unwrap().map(Result::unwrap).collect(),
            entries: entries.unwrap().map(Result::unwrap).collect(),
        }
    }

    fn find(&self, address: &str) -> Option<&Became> {
        let key = agg::normalise::canonical_key(&address.parse().unwrap());
        self.entries.get(self.links.get(&key)?)
    }
}

/// The beginning of an article, as it is told.
fn said(number: usize, world: &World) -> String {
    let article = &world.articles[number];
    let begins = article.text[..5].join(" ");
    format!("{number} of {} {:?} {begins}", article.dated, article.title)
}
