//! A blog over the years: what it writes, under which names, and what becomes of both.

use chrono::{DateTime, TimeDelta, Utc};

use crate::chance::Chance;

/// An article; who wrote it knows it by its number.
#[derive(Clone, Debug)]
pub(crate) struct Article {
    pub(crate) number: usize,
    pub(crate) title: String,
    pub(crate) text: Vec<String>,
    /// As its blog dates it, which may be wrong.
    pub(crate) dated: DateTime<Utc>,
    /// What it was first called: blogs that keep their guids keep these.
    pub(crate) first_link: String,
    /// It came with an import, long after it was written.
    pub(crate) is_put_in: bool,
}

/// How titles are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Titles {
    /// Each its own.
    Own,
    /// The same for ever.
    Series,
    /// Version numbers of two packages that go up side by side.
    Versions,
}

/// How posts are named.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Names {
    pub(crate) host: String,
    pub(crate) scheme: &'static str,
    /// Kind of address.
    path: usize,
    /// Kind of guid.
    guid: usize,
    /// How often the system was changed: its numbers begin anew.
    system: usize,
}

/// A way to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Move {
    Guids,
    Https,
    Ending,
    Domain,
    System,
    Undated,
    Redated,
    Partly,
}

pub(crate) const MOVES: [Move; 8] = [
    Move::Guids,
    Move::Https,
    Move::Ending,
    Move::Domain,
    Move::System,
    Move::Undated,
    Move::Redated,
    Move::Partly,
];

#[derive(Clone, Debug)]
pub(crate) struct Blog {
    pub(crate) name: String,
    pub(crate) names: Names,
    pub(crate) titles: Titles,
    /// What it lists, newest first; the world keeps the articles.
    pub(crate) list: Vec<usize>,
    /// How many of them its documents show.
    pub(crate) window: usize,
    /// Hours between two posts.
    gap: usize,
    next: DateTime<Utc>,
    /// Its documents look so.
    pub(crate) look: usize,
    pub(crate) shows_dates: bool,
    /// All that is listed is dated to this day.
    pub(crate) redated: Option<(DateTime<Utc>, usize)>,
    /// Its clock is wrong until then, by so much.
    clock: Option<(DateTime<Utc>, TimeDelta)>,
    pub(crate) down_until: Option<DateTime<Utc>>,
    /// Taken off the list, and when they come back.
    hidden: Vec<(usize, DateTime<Utc>)>,
    written: usize,
    pub(crate) moves: Vec<(DateTime<Utc>, Move)>,
}

impl Blog {
    pub(crate) fn new(number: usize, start: DateTime<Utc>, chance: &mut Chance) -> Self {
        let name = format!("{}{number}", chance.word());
        let titles = match number % 10 {
            3 => Titles::Series,
            7 => Titles::Versions,
            _ => Titles::Own,
        };
        Self {
            names: Names {
                host: format!("{name}.example"),
                scheme: chance.of_all(&["http", "https"]),
                path: chance.below(4),
                guid: if number % 10 == 5 { 6 } else { chance.below(5) },
                system: 0,
            },
            name,
            titles,
            list: Vec::new(),
            window: 8 + chance.below(13),
            gap: 12 << chance.below(7),
            next: start - TimeDelta::days(400),
            look: 0,
            shows_dates: true,
            redated: None,
            clock: None,
            down_until: None,
            hidden: Vec::new(),
            written: 0,
            moves: Vec::new(),
        }
    }

    /// The address of an article now.
    pub(crate) fn link(&self, article: &Article) -> String {
        let Names {
            host,
            scheme,
            path,
            system,
            ..
        } = &self.names;
        let n = article.number;
        let slug = article.first_link.rsplit('/').next().unwrap_or_default();
        match path {
            0 => format!("{scheme}://{host}/2020/{slug}.html"),
            1 => format!("{scheme}://{host}/{slug}/"),
            2 => format!("{scheme}://{host}/posts/{}", n * 7 + system * 100_000),
            3 => format!("{scheme}://{host}/?p={}", n * 3 + system * 100_000),
            _ => format!("{scheme}://{host}/blog/{slug}"),
        }
    }

    /// Its guid now; `None`: its feed gives none.
    pub(crate) fn guid(&self, article: &Article, place: usize) -> Option<String> {
        let system = self.names.system;
        match self.names.guid {
            0 => Some(self.link(article)),
            1 => Some(format!(
                "tag:{},2020:{}-{system}",
                self.names.host, article.number
            )),
            2 => Some(format!(
                "urn:post:{:016x}",
                (article.number * 77 + system).wrapping_mul(0x9E37_79B9)
            )),
            3 => Some(format!("{}", article.number + system * 10_000)),
            4 => None,
            6 => Some(format!("item-{place}")),
            _ => Some(format!("{}#{system}", article.first_link)),
        }
    }

    /// When it says that an article was written.
    pub(crate) fn date(&self, article: &Article) -> Option<DateTime<Utc>> {
        let date = match self.redated {
            // in the order of the list, within an hour
            Some((day, last)) if article.number <= last => {
                let place = i64::try_from(article.number % 3_000).unwrap();
                day + TimeDelta::seconds(place)
            }
            _ => article.dated,
        };
        self.shows_dates.then_some(date)
    }

    /// Lives until `now`. True if it has another address from then on.
    pub(crate) fn live(
        &mut self,
        articles: &mut Vec<Article>,
        now: DateTime<Utc>,
        chance: &mut Chance,
    ) -> bool {
        self.clock = self.clock.filter(|(until, _)| *until > now);
        while self.next <= now {
            self.write(articles, self.next, chance);
            self.next +=
                TimeDelta::hours(i64::try_from(self.gap / 2 + chance.below(self.gap) + 1).unwrap())
                    + TimeDelta::seconds(i64::try_from(chance.below(3_000)).unwrap());
        }
        self.edit(articles, chance);
        self.hide(now, chance);
        if chance.once_in(1_800) {
            let count = 5 + chance.below(30);
            let from = articles.len();
            for back in 0..count {
                let at = now
                    - TimeDelta::days(i64::try_from(900 + back * 11 + chance.below(9)).unwrap());
                self.write(articles, at, chance);
            }
            for article in &mut articles[from..] {
                article.is_put_in = true;
            }
            // an import shows all that came with it, on top
            self.window = self.window.max(count);
        }
        if chance.once_in(500) {
            let days = chance.of_all(&[1, 2, 3, 9, 25]);
            self.down_until = Some(now + TimeDelta::days(days));
        }
        if chance.once_in(900) {
            let by = chance.of_all(&[-20_000, -400, 2, 40, 500, 9_000]);
            self.clock = Some((now + TimeDelta::days(4), TimeDelta::days(by)));
        }
        if chance.once_in(90) {
            let window = self.window.min(self.list.len());
            if window > 2 {
                let at = chance.below(window - 1);
                self.list.swap(at, at + 1);
            }
        }
        if chance.once_in(600) {
            self.look += 1;
        }
        if chance.once_in(700) {
            let what = chance.of_all(&MOVES);
            self.moves.push((now, what));
            return self.move_on(what, articles, now, chance);
        }
        false
    }

    fn write(&mut self, articles: &mut Vec<Article>, at: DateTime<Utc>, chance: &mut Chance) {
        let number = articles.len();
        self.written += 1;
        let title = match self.titles {
            Titles::Own => {
                let words = chance.words(4);
                format!(
                    "How the {} of {} became {} {}",
                    words[0], words[1], words[2], words[3]
                )
            }
            Titles::Series => "Links of the week".to_owned(),
            Titles::Versions => format!("v1.{}.0", self.written / 2),
        };
        let slug = format!("{}-{number}", chance.word());
        let dated = match self.clock {
            Some((until, by)) if at < until => at + by,
            _ => at,
        };
        articles.push(Article {
            number,
            title,
            text: chance.words(45),
            dated,
            first_link: format!("http://{}/{slug}", self.names.host),
            is_put_in: false,
        });
        self.list.insert(0, number);
    }

    fn edit(&mut self, articles: &mut [Article], chance: &mut Chance) {
        if !chance.once_in(20) || self.list.is_empty() {
            return;
        }
        let at = chance.below(self.window.min(self.list.len()));
        let article = &mut articles[self.list[at]];
        let place = chance.below(article.text.len());
        article.text[place] = chance.word();
        if self.titles == Titles::Own && chance.once_in(6) {
            let word = chance.word();
            article.title = format!("{}, {word}", article.title.split(',').next().unwrap());
        }
    }

    fn hide(&mut self, now: DateTime<Utc>, chance: &mut Chance) {
        if chance.once_in(60) && self.list.len() > 3 {
            let at = chance.below(self.window.min(self.list.len()));
            let days = chance.of_all(&[1, 5, 30, 370, 100_000]);
            self.hidden
                .push((self.list.remove(at), now + TimeDelta::days(days)));
        }
        let (back, still): (Vec<_>, Vec<_>) =
            self.hidden.drain(..).partition(|(_, until)| *until <= now);
        self.hidden = still;
        for (number, _) in back {
            let place = chance.below(3.min(self.list.len() + 1));
            self.list.insert(place, number);
        }
    }

    fn move_on(
        &mut self,
        what: Move,
        articles: &mut Vec<Article>,
        now: DateTime<Utc>,
        chance: &mut Chance,
    ) -> bool {
        let system = self.names.system + 1;
        match what {
            Move::Guids => {
                self.names.guid = (self.names.guid + 1 + chance.below(4)) % 6;
                self.names.system = system;
            }
            Move::Https => self.names.scheme = "https",
            Move::Ending => self.names.path = usize::from(self.names.path == 0),
            Move::Domain => {
                self.names.host = format!("{}-{system}.example", self.name);
                self.names.system = system;
                return true;
            }
            Move::System => {
                self.names.path = (self.names.path + 1 + chance.below(3)) % 5;
                self.names.guid = (self.names.guid + 1) % 6;
                self.names.system = system;
                self.look += 1;
            }
            Move::Undated => {
                self.names.path = (self.names.path + 1) % 5;
                self.names.system = system;
                self.shows_dates = !self.shows_dates;
            }
            Move::Redated => {
                self.names.path = (self.names.path + 1) % 5;
                self.names.guid = 0;
                self.names.system = system;
                self.redated = articles.len().checked_sub(1).map(|last| (now, last));
            }
            Move::Partly => {
                self.names.path = (self.names.path + 2) % 5;
                self.names.guid = 0;
                self.names.system = system;
                let mut place = 0;
                let window = self.window.min(self.list.len());
                self.list.retain(|_| {
                    place += 1;
                    place > window || place % 3 > 0
                });
                for hour in 1..4 {
                    self.write(articles, now - TimeDelta::hours(hour), chance);
                }
            }
        }
        false
    }
}
