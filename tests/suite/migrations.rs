//! Sources that move: whatever becomes of their ids, addresses and dates, subscribers see nothing twice and nothing else.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use agg::config::Config;
use agg::fetch::Door;
use agg::model::{Outcome, OutcomeKind};
use agg::pipeline::{Asking, Pipeline};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::program::Agg;
use crate::site::{Reply, Site};

/// What a blog writes about.
const WORDS: [&str; 10] = [
    "ferry", "hedge", "lantern", "bread", "clock", "net", "tram", "orchard", "paper", "stove",
];

/// A post as it is served.
#[derive(Clone)]
struct Post {
    number: usize,
    title: String,
    guid: String,
    link: String,
    date: Option<DateTime<Utc>>,
    text: String,
}

fn noon(day: i64) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2026-01-01T12:00:07Z".parse().unwrap();
    first + TimeDelta::days(day)
}

/// Posts of these numbers, newest first, each a day after the one before.
fn posts(numbers: std::ops::Range<usize>) -> Vec<Post> {
    numbers
        .rev()
        .map(|number| {
            let word = WORDS[number % WORDS.len()];
            let link = format!("https://quay.example/2026/{number}-{word}.html");
            Post {
                number,
                title: format!("What the {word} taught us, part {number}"),
                guid: link.clone(),
                link,
                date: Some(noon(i64::try_from(number).unwrap())),
                text: format!(
                    "The {word} of house {number} was mended {number} times before anybody asked who had broken the {word} \
                     of house {number}, and by then the answer was lost."
                ),
            }
        })
        .collect()
}

fn each(posts: Vec<Post>, change: impl Fn(&mut Post)) -> Vec<Post> {
    let changed = |mut post| {
        change(&mut post);
        post
    };
    posts.into_iter().map(changed).collect()
}

fn feed(posts: &[Post]) -> Reply {
    let mut items = String::new();
    for post in posts {
        let _ = write!(
            items,
            "<item><title>{}</title><guid isPermaLink=\"false\">{}</guid><link>{}</link><description>{}</description>",
            post.title, post.guid, post.link, post.text
        );
        if let Some(date) = post.date {
            let _ = write!(items, "<pubDate>{}</pubDate>", date.to_rfc2822());
        }
        items.push_str("</item>");
    }
    let feed = format!("<rss version=\"2.0\"><channel><title>Quay</title>{items}</channel></rss>");
    Reply::ok("application/rss+xml", feed)
}

/// The same posts as a page lists them: dated to the day, with the beginning of each text.
fn page(posts: &[Post]) -> Reply {
    let mut items = String::new();
    for post in posts {
        let text: String = post.text.chars().take(60).collect();
        let date = post.date.map_or_else(String::new, |date| {
            format!("<time>{}</time>", date.format("%Y-%m-%d"))
        });
        let _ = write!(
            items,
            "<article><h2><a href=\"{}\">{}</a></h2>{date}<p>{text} …</p></article>",
            post.link, post.title
        );
    }
    let page = format!(
        "<!doctype html><html lang=en><head><title>Quay</title></head><body><main><h1>Quay</h1>{items}</main></body></html>"
    );
    Reply::ok("text/html", page)
}

/// A reader of one source, which is asked once a day.
struct Reader {
    agg: Agg,
    runtime: tokio::runtime::Runtime,
    site: Site,
    shown: Arc<Mutex<Reply>>,
    day: std::cell::Cell<i64>,
}

/// What subscribers see of an entry: id, title, date.
type Seen = (String, String, String);

impl Reader {
    fn of(first: Reply) -> Self {
        let shown = Arc::new(Mutex::new(first));
        let reply = Arc::clone(&shown);
        let site = Site::open(move |asked| match asked.path.as_str() {
            "/robots.txt" => Reply::status(404),
            _ => reply.lock().unwrap().clone(),
        });
        let reader = Self {
            agg: Agg::new(),
            runtime: tokio::runtime::Runtime::new().unwrap(),
            site,
            shown,
            day: std::cell::Cell::new(60),
        };
        reader.configure("/feed");
        reader.reads();
        reader
    }

    fn configure(&self, path: &str) {
        self.configure_as("quay", path);
    }

    fn configure_as(&self, id: &str, path: &str) {
        self.agg.configure(&format!(
            "[fetch]\nspacing = \"0s\"\n[[source]]\nid = \"{id}\"\nurl = \"{}\"\nenrich = false\n",
            self.site.url(path)
        ));
    }

    /// The next day.
    fn reads(&self) -> Outcome {
        self.reads_as(false)
    }

    /// The same, where the owner says whether the page is right as it is.
    fn reads_as(&self, accept: bool) -> Outcome {
        self.day.set(self.day.get() + 1);
        let now = noon(self.day.get());
        let config = Config::load(&self.agg.path("feeds.toml")).unwrap();
        let report = self.runtime.block_on(async {
            let pipeline = Pipeline::open(config, Door::Network, None).unwrap();
            let pipeline = pipeline.with_clock(Arc::new(move || now));
            let asking = Asking {
                force: true,
                accept,
            };
            pipeline.update(&[], asking, &|_| {}).await.unwrap()
        });
        report.outcomes[0].clone()
    }

    /// The next day, on which the source shows this.
    fn shows(&self, reply: Reply) -> Outcome {
        *self.shown.lock().unwrap() = reply;
        self.reads()
    }

    fn items(&self) -> Vec<Value> {
        let feed: Value = serde_json::from_str(&self.agg.read("public/feed.json")).unwrap();
        feed["items"].as_array().unwrap().clone()
    }

    fn seen(&self) -> Vec<Seen> {
        let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        (self.items().iter())
            .map(|it| {
                (
                    text(it, "id"),
                    text(it, "title"),
                    text(it, "date_published"),
                )
            })
            .collect()
    }

    /// When each entry last changed, for subscribers.
    fn changed(&self) -> Vec<String> {
        let atom = self.agg.read("public/atom.xml");
        let parts = atom.split("<entry>").skip(1);
        parts
            .map(|part| {
                let from = part.find("<updated>").unwrap() + "<updated>".len();
                part[from..].split('<').next().unwrap().to_owned()
            })
            .collect()
    }
}

/// What becomes of each post.
type Fate = Box<dyn Fn(&mut Post)>;

#[test]
fn a_source_that_moves_shows_subscribers_nothing_new() {
    let new_domain = |post: &mut Post| {
        post.link = post.link.replace("quay.example", "harbour.example");
        post.guid.clone_from(&post.link);
    };
    let cases: [(&str, Fate); 8] = [
        (
            "guids alone",
            Box::new(|post| post.guid = format!("{}@quay", post.number)),
        ),
        (
            "http becomes https",
            Box::new(|post| post.guid = post.guid.replace("https:", "http:")),
        ),
        (
            "no .html any more",
            Box::new(|post| {
                post.link = post.link.replace(".html", "/");
                post.guid.clone_from(&post.link);
            }),
        ),
        ("another domain", Box::new(new_domain)),
        (
            "another system",
            Box::new(|post| {
                post.guid = format!("urn:post:{}", 1_000 - post.number);
                post.link = format!("https://quay.example/?p={}", 1_000 - post.number);
            }),
        ),
        (
            "another domain and path, and undated",
            Box::new(move |post| {
                new_domain(post);
                post.link = format!("https://harbour.example/posts/{}", post.number);
                post.guid.clone_from(&post.link);
                post.date = None;
            }),
        ),
        (
            "all dated to the day of the move",
            Box::new(move |post| {
                new_domain(post);
                post.date = Some(noon(61));
            }),
        ),
        (
            "texts cut",
            Box::new(move |post| {
                new_domain(post);
                post.text.truncate(50);
            }),
        ),
    ];
    for (what, change) in cases {
        let reader = Reader::of(feed(&posts(0..10)));
        let (before, changed) = (reader.seen(), reader.changed());
        let moved = each(posts(0..10), &change);
        let outcome = reader.shows(feed(&moved));
        assert_eq!(
            (outcome.new, outcome.updated),
            (0, 0),
            "{what}: {outcome:?}"
        );
        assert_eq!(reader.seen(), before, "{what}");
        assert_eq!(reader.changed(), changed, "{what}: nothing is announced");
        // and goes on from there, without ado
        let mut next = each(posts(2..11), &change);
        next[3].text.push_str(" So it was told again.");
        let outcome = reader.shows(feed(&next));
        assert_eq!(
            (outcome.new, outcome.updated),
            (1, 1),
            "{what}: {outcome:?}"
        );
        assert!(outcome.migrated.is_none(), "{what}: told once");
        assert_eq!(reader.seen()[1..], before, "{what}");
    }
}

#[test]
fn a_move_is_told_once_where_its_owner_looks() {
    let reader = Reader::of(feed(&posts(0..10)));
    let moved = each(posts(0..10), |post| {
        post.link = post.link.replace("quay.example", "harbour.example");
        post.guid.clone_from(&post.link);
    });
    *reader.shown.lock().unwrap() = feed(&moved);
    let run = reader.agg.run("fetch quay");
    assert_eq!(run.code, 0, "{}", run.stderr);
    for said in [
        "quay: migrated: of 10 posts",
        "https://quay.example/2026/9-stove.html → https://harbour.example/2026/9-stove.html",
    ] {
        assert!(run.stderr.contains(said), "{}", run.stderr);
        assert!(reader.agg.run("status").stderr.contains(said));
    }
    let line = "nothing new, 10 under other addresses or ids";
    assert!(run.stdout.contains(line), "{}", run.stdout);
    assert!(run.stdout.contains("healed"), "{}", run.stdout);
    *reader.shown.lock().unwrap() = feed(&moved[1..]);
    let run = reader.agg.run("fetch quay --format json");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["outcomes"][0]["kind"], "read");
    assert!(!reader.agg.run("status").stderr.contains("migrated"));
    let known = reader
        .agg
        .run("show https://quay.example/2026/9-stove.html");
    for said in [
        "link https://quay.example/",
        "link https://harbour.example/",
    ] {
        assert!(known.stdout.contains(said), "{}", known.stdout);
    }
}

#[test]
fn a_page_and_a_feed_take_each_others_place_in_silence() {
    for dated in [true, false] {
        let listed = if dated {
            posts(0..10)
        } else {
            each(posts(0..10), |post| post.date = None)
        };
        let reader = Reader::of(page(&listed));
        let (before, changed) = (reader.seen(), reader.changed());
        assert_eq!(before.len(), 10);
        reader.configure("/feed.xml");
        let outcome = reader.shows(feed(&posts(0..10)));
        assert_eq!(
            (outcome.new, outcome.updated),
            (0, 0),
            "{dated} {outcome:?}"
        );
        assert_eq!(
            (reader.seen(), reader.changed()),
            (before.clone(), changed.clone()),
            "{dated}"
        );
        let full = reader.agg.read("public/feed.json");
        assert!(full.contains("the answer was lost"), "the feed says more");
        // back again, to a page of another system
        reader.configure("/blog");
        let back = each(posts(0..10), |post| {
            post.link = format!("https://quay.example/p/{}", post.number);
        });
        let outcome = reader.shows(page(&back));
        assert_eq!(
            (outcome.new, outcome.updated),
            (0, 0),
            "{dated} {outcome:?}"
        );
        assert_eq!(
            (reader.seen(), reader.changed()),
            (before, changed),
            "{dated}"
        );
        assert_eq!(
            reader
                .agg
                .read("public/feed.json")
                .matches("the answer was lost")
                .count(),
            full.matches("the answer was lost").count(),
            "{dated}: no text is taken away"
        );
    }
}

#[test]
fn a_relaunch_that_shows_some_old_posts_and_new_ones_brings_the_new_ones_only() {
    for redated in [false, true] {
        let reader = Reader::of(feed(&posts(0..10)));
        let before = reader.seen();
        let relaunched = each(posts(4..14), |post| {
            post.link = format!("https://harbour.example/{}", post.number);
            post.guid.clone_from(&post.link);
            if redated {
                post.date = Some(noon(61));
            }
        });
        let outcome = reader.shows(feed(&relaunched));
        assert_eq!(
            (outcome.new, outcome.kind),
            (4, OutcomeKind::Healed),
            "{outcome:?}"
        );
        let after = reader.seen();
        assert_eq!(
            (after.len(), &after[4..]),
            (14, &before[..]),
            "redated: {redated}"
        );
    }
}

#[test]
fn a_post_that_comes_back_after_a_year_is_what_it_was() {
    let reader = Reader::of(feed(&posts(0..4)));
    let before = reader.seen();
    for day in (0..360).step_by(40) {
        let from = 4 + day / 10;
        reader.shows(feed(&posts(from..from + 4)));
    }
    let count = reader.seen().len();
    // under its old names, and another one under others
    let mut now = posts(36..40);
    now.push(posts(1..2).remove(0));
    let mut moved = posts(2..3).remove(0);
    moved.link = "https://quay.example/best-of/2".to_owned();
    moved.guid = moved.link.clone();
    now.push(moved);
    let outcome = reader.shows(feed(&now));
    assert_eq!(outcome.new, 0, "{outcome:?}");
    assert_eq!(reader.seen().len(), count);
    assert!(reader.seen().ends_with(&before));
}

#[test]
fn ids_that_number_the_list_follow_the_posts() {
    let numbered = |posts: Vec<Post>| -> Vec<Post> {
        let mut posts = posts;
        for (place, post) in posts.iter_mut().enumerate() {
            post.guid = format!("item-{place}");
            post.link = "https://quay.example/".to_owned();
        }
        posts
    };
    let reader = Reader::of(feed(&numbered(posts(0..8))));
    let mut before = reader.seen();
    for newest in 9..14 {
        let outcome = reader.shows(feed(&numbered(posts(newest - 8..newest))));
        assert_eq!((outcome.new, outcome.updated), (1, 0), "{outcome:?}");
        let after = reader.seen();
        assert_eq!(after[1..], before, "{newest}");
        before = after;
    }
}

#[test]
fn ids_that_number_the_list_make_no_post_another_when_a_few_change_places() {
    let numbered = |numbers: &[usize]| -> Vec<Post> {
        let mut posts: Vec<Post> = (numbers.iter())
            .map(|number| posts(*number..number + 1).remove(0))
            .collect();
        for (place, post) in posts.iter_mut().enumerate() {
            post.guid = format!("item-{place}");
            let words: Vec<String> = (0..20)
                .map(|it| format!("word{}of{}", it, post.number))
                .collect();
            post.text = words.join(" ");
        }
        posts
    };
    let reader = Reader::of(feed(&numbered(&[9, 8, 7, 6, 5, 4, 3, 2])));
    let mut before = reader.seen();
    for (now, new) in [
        (&[9, 8, 6, 7, 5, 4, 3, 2][..], 0),
        (&[10, 9, 8, 6, 7, 5, 4, 3], 1),
        // one goes as another comes, and all the others stay where they are
        (&[11, 9, 8, 6, 7, 5, 4, 3], 1),
        (&[11, 9, 8, 10, 6, 7, 5, 4], 0),
    ] {
        let outcome = reader.shows(feed(&numbered(now)));
        assert_eq!((outcome.new, outcome.updated), (new, 0), "{outcome:?}");
        let after = reader.seen();
        assert_eq!(after[new..], before, "{now:?}");
        before = after;
    }
}

#[test]
fn a_post_that_comes_back_from_before_a_move_is_what_it_was() {
    let reader = Reader::of(feed(&posts(0..10)));
    let moved = |numbers: std::ops::Range<usize>| {
        each(posts(numbers), |it| {
            it.link = format!("https://pier.example/{}", it.number);
            it.guid = it.link.clone();
            // all that was there has the date of the move
            if it.number < 14 {
                it.date = Some(noon(62) + TimeDelta::seconds(i64::try_from(it.number).unwrap()));
            }
        })
    };
    let count = reader.seen().len();
    reader.shows(feed(&posts(2..14)));
    let before = reader.seen();
    assert_eq!(before.len(), count + 4);
    // the sixth is not listed on the day of the move, and comes back long after
    let without = |mut posts: Vec<Post>| {
        posts.retain(|it| it.number != 6);
        posts
    };
    reader.shows(feed(&without(moved(4..14))));
    assert_eq!(reader.seen(), before);
    for _ in 0..10 {
        reader.shows(feed(&without(moved(5..14))));
    }
    let outcome = reader.shows(feed(&moved(5..14)));
    assert_eq!(outcome.new, 0, "{outcome:?}");
    assert_eq!(reader.seen(), before);
}

#[test]
fn a_post_that_only_a_planet_knew_is_what_it_was_though_its_blog_was_dated_anew() {
    let planet = feed(&posts(6..7));
    let planet = Site::open(move |_| planet.clone());
    let without = |mut posts: Vec<Post>| {
        posts.retain(|it| it.number != 6);
        posts
    };
    let reader = Reader::of(feed(&without(posts(0..10))));
    reader.agg.configure(&format!(
        "[fetch]\nspacing = \"0s\"\n[[source]]\nid = \"quay\"\nurl = \"{}\"\n[[source]]\nid = \"planet\"\nurl = \"{}\"\n",
        reader.site.url("/feed"),
        planet.url("/feed")
    ));
    reader.reads();
    let before = reader.seen();
    assert_eq!(before.len(), 10);
    let moved = each(posts(0..10), |it| {
        it.link = format!("https://pier.example/{}", it.number);
        it.guid = it.link.clone();
        it.date = Some(noon(62) + TimeDelta::seconds(i64::try_from(it.number).unwrap()));
    });
    reader.shows(feed(&moved));
    assert_eq!(reader.seen(), before);
}

#[test]
fn a_page_whose_dates_were_accepted_once_is_read_from_then_on() {
    let redated = |numbers: std::ops::Range<usize>| {
        page(&each(posts(numbers), |it| {
            let is_old = it.number < 10;
            it.date = it.date.map(|date| if is_old { noon(62) } else { date });
        }))
    };
    let reader = Reader::of(page(&posts(0..10)));
    assert!(reader.shows(redated(0..10)).kind.is_failure());
    assert!(!reader.reads_as(true).kind.is_failure());
    let before = reader.seen();
    assert_eq!(before.len(), 10);
    let outcome = reader.shows(redated(1..11));
    assert!(!outcome.kind.is_failure(), "{outcome:?}");
    assert_eq!((outcome.new, reader.seen().len()), (1, 11));
    assert!(reader.seen().ends_with(&before));
}

#[test]
fn a_post_whose_date_is_gone_and_whose_title_was_worked_on_is_what_it_was() {
    let reader = Reader::of(feed(&posts(0..10)));
    let before = reader.seen();
    let mut now = posts(0..10);
    now[4].link = "https://quay.example/best-of".to_owned();
    now[4].guid = "best-of".to_owned();
    now[4].date = None;
    now[4].title.push_str(" (again)");
    let outcome = reader.shows(feed(&now));
    assert_eq!(outcome.new, 0, "{outcome:?}");
    let after = reader.seen();
    assert_eq!(after.len(), before.len());
    assert!(
        after
            .iter()
            .zip(&before)
            .all(|(after, before)| after.0 == before.0)
    );
}

#[test]
fn a_source_under_another_name_is_the_same_to_subscribers() {
    let reader = Reader::of(feed(&posts(0..10)));
    let (before, changed) = (reader.seen(), reader.changed());
    reader.configure_as("pier", "/feed");
    let outcome = reader.shows(feed(&posts(0..10)));
    assert_eq!((outcome.new, outcome.known), (0, 10), "{outcome:?}");
    assert_eq!((reader.seen(), reader.changed()), (before.clone(), changed));
    let outcome = reader.shows(feed(&posts(1..11)));
    assert_eq!(outcome.new, 1, "{outcome:?}");
    assert_eq!(reader.seen()[1..], before);
}
