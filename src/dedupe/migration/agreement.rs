//! How far an entry and a known post of the same title agree.

use std::collections::HashSet;

use chrono::{TimeDelta, Timelike};

use crate::dedupe::likeness::words;
use crate::model::{Date, Entry, KnownPost, Precision};

/// Shorter texts say nothing, words.
const MIN_WORDS: usize = 12;
/// Words in a row that are compared.
const RUN: usize = 3;
/// Fewer words are no text at all. Of two that are too short for their runs, less than so many words of the shorter one in
/// percent are not one of them by chance: it is another text; and so many of a few more are the same text, with a word mended.
const FEW_WORDS: usize = 5;
const FEW_SHARED: usize = 50;
const FEW_SAME: usize = 80;
/// The share of such runs of the shorter text, in percent, that makes two texts one, and below which they are two. Between
/// the two lie the excerpt of one and the introduction of the other.
const ONE_TEXT: usize = 50;
const TWO_TEXTS: usize = 20;
/// So much shared of so many words is the text itself, a word of which was mended: nobody else has it by chance.
const WHOLE_TEXT: usize = 90;
const WHOLE_WORDS: usize = 20;
/// So many words of the beginning, so many with those of the title, are as good.
const MIN_BEGINNING: usize = 8;
const MIN_BEGUN: usize = 16;
/// A title with fewer letters ("v1.2.3", "Hello") is anybody's; a Chinese one says more with each.
const TELLING: usize = 8;
const TELLING_DENSE: usize = 4;
/// Clocks of the world are so far apart at most,
const ZONES: TimeDelta = TimeDelta::hours(14);
/// by parts of an hour.
const ZONE_STEP: i64 = 15 * 60;

/// How sure it is that two are one, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// One title that nobody else has; nothing else can be compared.
    Weak,
    /// The title, and nearly the date, or the text.
    Likely,
    /// The title and the very date, which a second post never has.
    Certain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dates {
    /// To the second, or the same day where one tells no more.
    Same,
    /// The same but for the time zone, or within a day.
    Near,
    /// One has none.
    Unknown,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Texts {
    /// Nearly word for word, and long enough to be nobody else's.
    Whole,
    Same,
    Unknown,
    /// Too short to be sure, but hardly a word of one stands in the other.
    Unlike,
    Other,
}

/// What a post and an entry have in common besides the title.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreement {
    dates: Dates,
    /// The dates agree to the second.
    is_instant: bool,
    texts: Texts,
    /// Title and text are the same to the letter, and the text is none of a few words.
    is_to_the_letter: bool,
}

impl Agreement {
    pub(super) fn of(post: &KnownPost, entry: &Entry) -> Self {
        let is_instant = post.published.is_some_and(|it| !is_day(it))
            && entry.published.is_some_and(|it| !is_day(it));
        Self {
            dates: dates(post.published, entry.published),
            is_instant,
            texts: texts(post, entry),
            is_to_the_letter: post.print == entry.print
                && (entry.summary.as_ref()).is_some_and(|it| words(it).len() >= MIN_WORDS),
        }
    }

    /// The same where the time, to the second, is that of several, and so tells none of them.
    pub(super) fn at_a_shared_time(self) -> Self {
        Self {
            is_instant: false,
            ..self
        }
    }

    /// The same where the day of one is that of a move, and so speaks against nothing.
    pub(super) fn on_a_day_of_many(self) -> Self {
        let dates = match self.dates {
            Dates::Other => Dates::Unknown,
            dates => dates,
        };
        Self { dates, ..self }
    }

    /// True if something tells the one from all others of its title: its text, or the second where no text speaks against it.
    pub(super) fn is_told(self) -> bool {
        let is_at_once = self.dates == Dates::Same && self.is_instant;
        self.is_same_text() || is_at_once && self.texts == Texts::Unknown
    }

    /// True if they are one even under titles that differ a little.
    pub(super) fn is_strong(self) -> bool {
        let at_once = self.dates == Dates::Same && self.is_instant && self.texts != Texts::Other;
        at_once || self.is_same_text() && self.dates != Dates::Other
    }

    /// True if date, to the second, and text agree.
    pub(super) fn is_strongest(self) -> bool {
        self.dates == Dates::Same && self.is_instant && self.is_same_text()
    }

    /// True if they have one text, word for word, and no date that counts says otherwise.
    pub(super) fn is_one_text(self, whatever_the_date: bool) -> bool {
        if whatever_the_date {
            self.texts == Texts::Whole || self.is_to_the_letter
        } else {
            self.texts == Texts::Whole && self.dates != Dates::Other
        }
    }

    /// True if the text of neither is that of the other, and no date says otherwise.
    pub(super) fn is_nothing(self) -> bool {
        self.texts == Texts::Other && matches!(self.dates, Dates::Other | Dates::Unknown)
    }

    fn is_same_text(self) -> bool {
        matches!(self.texts, Texts::Whole | Texts::Same)
    }

    /// How sure it is that two posts of one `title` are one; `repeats` says that others have it too. `None`: they are two.
    pub(super) fn grade(self, title: &str, repeats: bool) -> Option<Grade> {
        let is_telling = is_telling(title);
        let is_own = is_telling && !repeats;
        // a few other words are an introduction, but not where many posts have that title
        let texts = match self.texts {
            Texts::Unlike if repeats => Texts::Other,
            Texts::Unlike => Texts::Unknown,
            texts => texts,
        };
        match (self.dates, texts) {
            (Dates::Same, Texts::Whole | Texts::Same) => Some(Grade::Certain),
            (Dates::Same, Texts::Unknown) if self.is_instant || is_own => Some(Grade::Certain),
            (Dates::Same, Texts::Other) if self.is_instant && is_telling => Some(Grade::Certain),
            (Dates::Same | Dates::Near, Texts::Same | Texts::Unknown)
            | (Dates::Near | Dates::Unknown | Dates::Other, Texts::Whole)
            | (Dates::Unknown, Texts::Same) => Some(Grade::Likely),
            (Dates::Other, Texts::Same) if is_own || self.is_to_the_letter => Some(Grade::Likely),
            // an excerpt here, an introduction there
            (Dates::Same, Texts::Other) if is_own => Some(Grade::Likely),
            (Dates::Unknown | Dates::Other, Texts::Unknown) if is_own => Some(Grade::Weak),
            _ => None,
        }
    }
}

/// The letters and figures of a title: what is left when only its dress changes.
pub(super) fn letters(title: &str) -> String {
    title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_telling(title: &str) -> bool {
    let letters = || title.chars().filter(|c| c.is_alphabetic());
    let least = if letters().any(crate::lexicon::words::is_unspaced) {
        TELLING_DENSE
    } else {
        TELLING
    };
    letters().count() >= least
}

/// True if two dates may be of one post.
pub(super) fn is_near(old: Option<Date>, new: Option<Date>) -> bool {
    matches!(dates(old, new), Dates::Same | Dates::Near)
}

/// True if two dates are of two posts.
pub(super) fn is_apart(old: Option<Date>, new: Option<Date>) -> bool {
    dates(old, new) == Dates::Other
}

/// True if no more than the day is told; midnight is what is written for want of an hour.
fn is_day(date: Date) -> bool {
    date.precision == Precision::Day || date.at.num_seconds_from_midnight() == 0
}

fn dates(old: Option<Date>, new: Option<Date>) -> Dates {
    let (Some(old), Some(new)) = (old, new) else {
        return Dates::Unknown;
    };
    let apart = (old.at - new.at).abs();
    if old.precision == Precision::Month || new.precision == Precision::Month {
        let month = |date: Date| date.at.format("%Y-%m").to_string();
        return if month(old) == month(new) {
            Dates::Unknown
        } else {
            Dates::Other
        };
    }
    match (is_day(old), is_day(new)) {
        // where one tells no more than the day, the day it is
        (true, _) | (_, true) if old.at.date_naive() == new.at.date_naive() => Dates::Same,
        (false, false) if apart.is_zero() => Dates::Same,
        (true, true) if apart <= TimeDelta::days(1) => Dates::Near,
        (false, false)
            if apart <= ZONES && apart.num_seconds() % ZONE_STEP == 0
                || apart <= TimeDelta::minutes(1) =>
        {
            Dates::Near
        }
        (true, false) | (false, true) => {
            let (day, instant) = if is_day(old) { (old, new) } else { (new, old) };
            let noon = day.at + TimeDelta::hours(12);
            if (noon - instant.at).abs() <= TimeDelta::hours(12) + ZONES {
                Dates::Near
            } else {
                Dates::Other
            }
        }
        _ => Dates::Other,
    }
}

fn texts(post: &KnownPost, entry: &Entry) -> Texts {
    // without a text the print is one of the title
    let is_same = post.summary.is_some() && post.print == entry.print;
    let (Some(old), Some(new)) = (&post.summary, &entry.summary) else {
        return if is_same { Texts::Same } else { Texts::Unknown };
    };
    let (old, new) = (words(old), words(new));
    let least = old.len().min(new.len());
    let (old, new): (Vec<&str>, Vec<&str>) = (old.iter().collect(), new.iter().collect());
    // the beginning of an article under its title is the article; the last word of an excerpt may be cut
    let begun = least.saturating_sub(usize::from(!is_same));
    let begins = begun >= MIN_BEGINNING && old[..begun] == new[..begun];
    if begins && begun + words(&entry.title).len() >= MIN_BEGUN {
        return Texts::Whole;
    }
    if is_same || begins {
        return Texts::Same;
    }
    if least < MIN_WORDS {
        return few(&old, &new);
    }
    let (old, new): (HashSet<_>, HashSet<_>) =
        (old.windows(RUN).collect(), new.windows(RUN).collect());
    let shared = old.intersection(&new).count() * 100;
    let is_long = least >= WHOLE_WORDS;
    let least = old.len().min(new.len());
    if is_long && shared >= WHOLE_TEXT * least {
        Texts::Whole
    } else if shared >= ONE_TEXT * least {
        Texts::Same
    } else if shared < TWO_TEXTS * least {
        Texts::Other
    } else {
        Texts::Unknown
    }
}

/// What two texts say of which one is short. Its last word may be cut.
fn few(old: &[&str], new: &[&str]) -> Texts {
    let (short, long) = if old.len() <= new.len() {
        (old, new)
    } else {
        (new, old)
    };
    let whole: HashSet<_> = short[..short.len().saturating_sub(1)].iter().collect();
    let long: HashSet<_> = long.iter().collect();
    let shared = whole.intersection(&long).count() * 100;
    let least = whole.len();
    if short.len() >= MIN_BEGINNING && shared >= FEW_SAME * least {
        Texts::Same
    } else if short.len() >= FEW_WORDS && shared < FEW_SHARED * least {
        Texts::Unlike
    } else {
        Texts::Unknown
    }
}
