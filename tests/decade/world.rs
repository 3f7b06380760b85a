//! The blogs of the world and who passes on what they write; each of them is a source, served as recorded answers.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use agg::fetch::file_name;
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::blog::{Article, Blog, Titles};
use crate::chance::Chance;

/// How a source shows what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Feed,
    Page,
}

/// What a source is of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Of {
    Blog(usize),
    /// Several in one.
    Blogs(Vec<usize>),
    /// Articles of several, as they were named when they were found.
    Planet(Vec<usize>),
}

/// A source as it is configured.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) id: String,
    of: Of,
    shape: Shape,
    /// Where it is, and where the configuration says that it is.
    address: String,
    pub(crate) configured: String,
    /// Its documents tell whole texts.
    is_full: bool,
    /// When the configuration knows it.
    from: DateTime<Utc>,
    without: Option<(DateTime<Utc>, DateTime<Utc>)>,
    title: Option<String>,
    /// What a planet has found: the article, and its item.
    found: Vec<(usize, Item)>,
    /// The same articles.
    knows: HashSet<usize>,
    /// What it answered last.
    answered: String,
    /// The articles that it shows to who reads it.
    shows: Vec<usize>,
}

/// An article as a document shows it.
#[derive(Clone, Debug)]
struct Item {
    title: String,
    link: String,
    guid: Option<String>,
    date: Option<DateTime<Utc>>,
    text: String,
}

pub(crate) struct World {
    folder: PathBuf,
    pub(crate) articles: Vec<Article>,
    pub(crate) blogs: Vec<Blog>,
    pub(crate) views: Vec<View>,
    /// Every address that was ever served, and what is there.
    pub(crate) named: HashMap<String, usize>,
    /// Articles that were served by a source that was read.
    pub(crate) served: BTreeSet<usize>,
    /// The same, with the sources that served each.
    pub(crate) served_by: BTreeMap<usize, BTreeSet<String>>,
    chance: Chance,
}

impl World {
    pub(crate) fn new(folder: &Path, sources: usize, start: DateTime<Utc>, seed: u64) -> Self {
        let mut chance = Chance::of(seed);
        let blogs: Vec<Blog> = (0..sources)
            .map(|number| Blog::new(number, start, &mut chance))
            .collect();
        let mut world = Self {
            folder: folder.to_owned(),
            articles: Vec::new(),
            blogs,
            views: Vec::new(),
            named: HashMap::new(),
            served: BTreeSet::new(),
            served_by: BTreeMap::new(),
            chance,
        };
        for number in 0..sources {
            world.add_view(number, sources, start);
        }
        world
    }

    /// Of twenty sources two are planets, one is of two blogs, two are the pages of blogs that have a feed too, and five
    /// pages of blogs that have none.
    fn add_view(&mut self, number: usize, sources: usize, start: DateTime<Utc>) {
        let mut of = Of::Blog(number);
        let mut shape = Shape::Feed;
        match number % 20 {
            9 => of = Of::Planet((0..5).map(|it| (number + 1 + it) % sources).collect()),
            19 => of = Of::Planet((0..4).map(|it| (number + 2 + it * 2) % sources).collect()),
            14 => of = Of::Blogs(vec![number, number - 1]),
            4 | 12 => {
                of = Of::Blog(number - 1);
                shape = Shape::Page;
            }
            1 | 6 | 8 | 16 | 18 => shape = Shape::Page,
            _ => {}
        }
        let what = if shape == Shape::Feed {
            "feed.xml"
        } else {
            "log"
        };
        let host = match &of {
            Of::Blog(blog) => self.blogs[*blog].names.host.clone(),
            Of::Blogs(_) | Of::Planet(_) => format!("gathered{number}.example"),
        };
        let address = format!("https://{host}/{what}");
        let day =
            |chance: &mut Chance, most| TimeDelta::days(i64::try_from(chance.below(most)).unwrap());
        let late = self.chance.once_in(4);
        let from = if late {
            start + day(&mut self.chance, 2_000)
        } else {
            start
        };
        let leaves = from + day(&mut self.chance, 3_000);
        let without = (self.chance.once_in(6)).then(|| {
            (
                leaves,
                leaves + TimeDelta::days(30) + day(&mut self.chance, 500),
            )
        });
        self.views.push(View {
            id: format!("s{number}"),
            of,
            shape,
            configured: address.clone(),
            address,
            is_full: !number.is_multiple_of(3),
            from,
            without,
            title: None,
            found: Vec::new(),
            knows: HashSet::new(),
            answered: String::new(),
            shows: Vec::new(),
        });
    }

    /// A day goes by. True if the configuration is another one now.
    pub(crate) fn live(&mut self, now: DateTime<Utc>) -> bool {
        let mut is_new = false;
        for number in 0..self.blogs.len() {
            let blog = &mut self.blogs[number];
            if !blog.live(&mut self.articles, now, &mut self.chance) {
                continue;
            }
            let redirects = self.chance.once_in(2);
            self.move_views(number, redirects);
            is_new |= !redirects;
        }
        for at in 0..self.views.len() {
            let view = &self.views[at];
            // a source that turns from a page into a feed, or back, at another address
            if matches!(view.of, Of::Blog(_)) && self.chance.once_in(2_500) {
                let (shape, what) = match self.views[at].shape {
                    Shape::Feed => (Shape::Page, "journal"),
                    Shape::Page => (Shape::Feed, "atom"),
                };
                let view = &mut self.views[at];
                let base = view.address.rsplit_once('/').unwrap().0;
                view.address = format!("{base}/{what}-{}", now.format("%Y%m%d"));
                view.shape = shape;
                view.configured = view.address.clone();
                view.answered.clear();
                is_new = true;
            }
            if self.chance.once_in(1_500) {
                let title = self.chance.word();
                self.views[at].title = Some(title);
                is_new = true;
            }
            let view = &self.views[at];
            is_new |= view.is_read(now) != view.is_read(now - TimeDelta::days(1));
        }
        is_new
    }

    /// The sources of a blog are at its new address, where the old one leads, or where its reader finds them by himself.
    fn move_views(&mut self, blog: usize, redirects: bool) {
        let host = self.blogs[blog].names.host.clone();
        for at in 0..self.views.len() {
            let view = &mut self.views[at];
            if view.of != Of::Blog(blog) {
                continue;
            }
            let what = view.address.rsplit('/').next().unwrap();
            let new = format!("https://{host}/{what}");
            let old = std::mem::replace(&mut view.address, new.clone());
            view.answered.clear();
            let configured = view.configured.clone();
            if redirects {
                let there = format!("HTTP/1.1 301 Moved Permanently\nLocation: {new}\n\n");
                self.write(&old, &there);
                self.write(&configured, &there);
            } else {
                view.configured = new;
                self.write(&old, "HTTP/1.1 404 Not Found\n\n");
            }
        }
    }

    /// The sources of the configuration.
    pub(crate) fn configured(&self, now: DateTime<Utc>) -> String {
        let mut text = String::new();
        for view in self.views.iter().filter(|view| view.is_read(now)) {
            let _ = write!(
                text,
                "[[source]]\nid = \"{}\"\nurl = \"{}\"\nenrich = false\n",
                view.id, view.configured
            );
            if let Some(title) = &view.title {
                let _ = writeln!(text, "title = \"{title}\"");
            }
        }
        text
    }

    /// Answers as of `now` from now on.
    pub(crate) fn serve(&mut self, now: DateTime<Utc>) {
        for at in 0..self.views.len() {
            let items = self.items(at);
            for (number, item) in &items {
                self.named.insert(item.link.clone(), *number);
            }
            self.views[at].shows.clear();
            let view = &self.views[at];
            let answer = if self.is_down(view, now) {
                "HTTP/1.1 503 Service Unavailable\n\n".to_owned()
            } else {
                let (numbers, items): (Vec<usize>, Vec<Item>) = items.into_iter().unzip();
                let answer = match view.shape {
                    Shape::Feed => feed(&view.id, &items, view.is_full),
                    Shape::Page => page(&view.id, &items, self.look(view)),
                };
                if view.is_read(now) {
                    self.served.extend(&numbers);
                    for number in &numbers {
                        (self.served_by.entry(*number).or_default()).insert(view.id.clone());
                    }
                    self.views[at].shows = numbers;
                }
                answer
            };
            if answer != self.views[at].answered {
                self.write(&self.views[at].address.clone(), &answer);
                self.views[at].answered = answer;
            }
        }
    }

    fn is_down(&self, view: &View, now: DateTime<Utc>) -> bool {
        match view.of {
            Of::Blog(blog) => self.blogs[blog].down_until.is_some_and(|until| now < until),
            _ => false,
        }
    }

    fn look(&self, view: &View) -> usize {
        match view.of {
            Of::Blog(blog) => self.blogs[blog].look,
            _ => 0,
        }
    }

    /// What a source shows now, newest first.
    fn items(&mut self, at: usize) -> Vec<(usize, Item)> {
        let item = |blog: &Blog, place: usize, number: usize| {
            let article = &self.articles[number];
            let item = Item {
                title: article.title.clone(),
                link: blog.link(article),
                guid: blog.guid(article, place),
                date: blog.date(article),
                text: article.text.join(" "),
            };
            (number, item)
        };
        let listed = |blog: usize, most: usize| {
            let blog = &self.blogs[blog];
            let list = blog.list.iter().take(most.min(blog.window)).enumerate();
            list.map(|(place, number)| item(blog, place, *number))
                .collect::<Vec<_>>()
        };
        match self.views[at].of.clone() {
            Of::Blog(blog) => listed(blog, usize::MAX),
            Of::Blogs(blogs) => {
                let mut all: Vec<_> = blogs.iter().flat_map(|it| listed(*it, 10)).collect();
                all.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
                all
            }
            Of::Planet(blogs) => {
                let all: Vec<_> = blogs.iter().flat_map(|it| listed(*it, 6)).collect();
                let view = &mut self.views[at];
                for (number, mut item) in all {
                    if view.knows.insert(number) {
                        item.guid = Some(format!("planet-{}-{number}", view.id));
                        view.found.push((number, item));
                    }
                }
                let from = view.found.len().saturating_sub(30);
                view.found[from..].iter().rev().cloned().collect()
            }
        }
    }

    /// The articles that a source shows now to who reads it.
    pub(crate) fn shows(&self, source: &str) -> &[usize] {
        let view = self.views.iter().find(|view| view.id == source);
        view.map_or(&[], |view| &view.shows)
    }

    /// Titles that do not tell articles apart.
    pub(crate) fn is_series(&self, number: usize) -> bool {
        let title = &self.articles[number].title;
        title.starts_with("Links of") || title.starts_with("v1.")
    }

    /// Whose titles do not tell its articles apart.
    pub(crate) fn series(&self) -> usize {
        let blogs = self.blogs.iter();
        blogs.filter(|blog| blog.titles != Titles::Own).count()
    }

    fn write(&self, url: &str, message: &str) {
        let path = self.folder.join(file_name(&Url::parse(url).unwrap()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, message).unwrap();
    }
}

impl View {
    fn is_read(&self, now: DateTime<Utc>) -> bool {
        let is_without = |(from, until)| from <= now && now < until;
        self.from <= now && !self.without.is_some_and(is_without)
    }
}

fn feed(name: &str, items: &[Item], is_full: bool) -> String {
    let mut text = format!(
        "HTTP/1.1 200 OK\nContent-Type: application/rss+xml\n\n<rss version=\"2.0\"><channel><title>{name}</title>"
    );
    for item in items {
        let words = if is_full { item.text.len() } else { 120 };
        let _ = write!(
            text,
            "<item><title>{}</title><link>{}</link><description>{}</description>",
            item.title,
            item.link,
            &item.text[..words.min(item.text.len())]
        );
        if let Some(guid) = &item.guid {
            let _ = write!(text, "<guid isPermaLink=\"false\">{guid}</guid>");
        }
        if let Some(date) = item.date {
            let _ = write!(text, "<pubDate>{}</pubDate>", date.to_rfc2822());
        }
        text.push_str("</item>\n");
    }
    text.push_str("</channel></rss>\n");
    text
}

/// The list in one of three looks, each of which tells as much of a text; words that nobody has heard are longer than others,
/// so that this is from ten words to seventeen.
fn page(name: &str, items: &[Item], look: usize) -> String {
    let mut list = String::new();
    for item in items {
        let date = item.date.map_or_else(String::new, |date| {
            format!("<time datetime=\"{0}\">{0}</time>", date.format("%Y-%m-%d"))
        });
        let Item { title, link, .. } = item;
        let told = [90, 120, 150][look % 3];
        let text = &item.text[..told.min(item.text.len())];
        let _ = match look % 3 {
            0 => writeln!(
                list,
                "<article><h2><a href=\"{link}\">{title}</a></h2>{date}<p>{text}</p></article>"
            ),
            1 => writeln!(
                list,
                "<li class=\"p{look}\"><p>{date}</p><h3><a href=\"{link}\">{title}</a></h3><p>{text}</p></li>"
            ),
            _ => writeln!(
                list,
                "<div class=\"card\"><a href=\"{link}\"><h2>{title}</h2></a><p>{text}</p><span>{date}</span></div>"
            ),
        };
    }
    let list = match look % 3 {
        1 => format!("<ul class=\"list\">{list}</ul>"),
        _ => format!("<section>{list}</section>"),
    };
    format!(
        "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\n\n<!doctype html><html lang=\"en\"><head><title>{name}</title>\
         </head><body><nav><a href=\"/\">Home</a> <a href=\"/about\">About</a></nav><main><h1>{name}</h1>{list}</main></body></html>"
    )
}
