//! A planet of blogs whose posts can be changed, and its reader, who lives in a time of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use agg::config::Config;
use agg::fetch::Door;
use agg::pipeline::{Asking, Pipeline, Publication, Report};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::program::Agg;
use crate::site::{Reply, Site};

/// What a blog says of one post.
#[derive(Clone, Debug, Default)]
pub(crate) struct Post {
    /// Its address below the blog, and its title.
    pub(crate) slug: String,
    /// Its day of March 2026, if it states one.
    pub(crate) day: Option<u32>,
    /// What it is about.
    pub(crate) tags: Vec<&'static str>,
    /// Its text.
    pub(crate) text: String,
    /// When it was changed, if it says so; its blog has an Atom feed then.
    pub(crate) updated: Option<String>,
    /// Its address, if it is not on its blog's own site.
    pub(crate) link: Option<String>,
    /// What else its item says, as it stands there; its guid is its address only where it has no other here.
    pub(crate) more: String,
}

/// Posts of these numbers, the highest first, each on its day (of which there are 28) and without tags.
pub(crate) fn posts(numbers: std::ops::Range<u32>) -> Vec<Post> {
    numbers
        .rev()
        .map(|n| Post {
            slug: format!("post-{n}"),
            day: Some(1 + n % 28),
            text: format!("What there is to say of number {n}."),
            ..Post::default()
        })
        .collect()
}

/// The planet.
pub(crate) struct Planet {
    /// Its configuration, archive and output.
    pub(crate) agg: Agg,
    site: Site,
    blogs: Arc<Mutex<BTreeMap<String, Vec<Post>>>>,
    now: Mutex<DateTime<Utc>>,
}

impl Planet {
    /// A planet of the blogs named, without posts. `configuration` stands above its sources.
    pub(crate) fn new(configuration: &str, blogs: &[&str]) -> Self {
        let shown: Arc<Mutex<BTreeMap<String, Vec<Post>>>> = Arc::default();
        let answers = Arc::clone(&shown);
        let site = Site::open(move |asked| {
            let blog = asked.path.trim_start_matches('/');
            match answers.lock().unwrap().get(blog) {
                Some(posts) if posts.iter().any(|post| post.updated.is_some()) => {
                    Reply::ok("application/atom+xml", atom(blog, posts))
                }
                Some(posts) => Reply::ok("application/rss+xml", rss(blog, posts)),
                None => Reply::status(404),
            }
        });
        let planet = Self {
            agg: Agg::new(),
            site,
            blogs: shown,
            now: Mutex::new("2026-04-01T12:00:00Z".parse().unwrap()),
        };
        planet.configure(configuration, blogs);
        planet
    }

    /// Writes the configuration again, with these blogs.
    pub(crate) fn configure(&self, configuration: &str, blogs: &[&str]) {
        let mut text = format!("{configuration}\n[fetch]\nspacing = \"0s\"\n");
        for blog in blogs {
            let url = self.site.url(&format!("/{blog}"));
            let _ = write!(
                text,
                "[[source]]\nid = \"{blog}\"\nurl = \"{url}\"\nenrich = false\n"
            );
        }
        self.agg.configure(&text);
    }

    /// From now on `blog` shows `posts`.
    pub(crate) fn show(&self, blog: &str, posts: Vec<Post>) {
        self.blogs.lock().unwrap().insert(blog.to_owned(), posts);
    }

    /// So much time goes by.
    pub(crate) fn later(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    /// An hour later, every source is asked, due or not.
    pub(crate) fn fetch(&self) -> Report {
        let pipeline = self.pipeline();
        let asking = Asking {
            force: true,
            ..Asking::default()
        };
        let report = wait(pipeline.update(&[], asking, &|_| {})).unwrap();
        assert!(report.stopped.is_none(), "{:?}", report.stopped);
        report
    }

    /// An hour later, the feeds are written again.
    pub(crate) fn publish(&self) -> Publication {
        wait(self.pipeline().publish()).unwrap()
    }

    /// An hour later, what is held back of `blog` is released. Gives how much, too.
    pub(crate) fn release(&self, blog: &str) -> (usize, Publication) {
        wait(self.pipeline().release(&[blog.to_owned()])).unwrap()
    }

    fn pipeline(&self) -> Pipeline {
        let now = {
            let mut now = self.now.lock().unwrap();
            *now += TimeDelta::hours(1);
            *now
        };
        let config = Config::load(&self.agg.path("feeds.toml")).unwrap();
        let pipeline = Pipeline::open(config, Door::Network, None).unwrap();
        pipeline.with_clock(Arc::new(move || now))
    }

    /// The items of a published JSON Feed.
    pub(crate) fn items(&self, file: &str) -> Vec<Value> {
        let feed: Value = serde_json::from_str(&self.agg.read(file)).unwrap();
        feed["items"].as_array().unwrap().clone()
    }

    /// The titles in a published JSON Feed.
    pub(crate) fn titles(&self, file: &str) -> Vec<String> {
        let title = |item: &Value| item["title"].as_str().unwrap().to_owned();
        self.items(file).iter().map(title).collect()
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

fn rss(blog: &str, posts: &[Post]) -> String {
    let items: Vec<String> = posts
        .iter()
        .map(|post| {
            let date = post.day.map_or_else(String::new, |day| {
                format!("<pubDate>{day:02} Mar 2026 08:00:00 GMT</pubDate>")
            });
            let tags: Vec<String> = (post.tags.iter())
                .map(|tag| format!("<category>{tag}</category>"))
                .collect();
            let own = || format!("https://{blog}.example/{}", post.slug);
            let link = post.link.clone().unwrap_or_else(own);
            let guid = if post.more.contains("<guid") {
                String::new()
            } else {
                format!("<guid>{link}</guid>")
            };
            format!(
                "<item><title>{blog} {}</title><link>{link}</link>{guid}{date}{}\
                 <description>{}</description>{}</item>\n",
                post.slug,
                tags.concat(),
                post.text,
                post.more
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>The {blog}</title>\
         <link>https://{blog}.example/</link><description>x</description>\n{}</channel></rss>",
        items.concat()
    )
}

fn atom(blog: &str, posts: &[Post]) -> String {
    let entries: Vec<String> = posts
        .iter()
        .map(|post| {
            let link = format!("https://{blog}.example/{}", post.slug);
            let date = post.day.map_or_else(String::new, |day| {
                format!("<published>2026-03-{day:02}T08:00:00Z</published>")
            });
            format!(
                "<entry><title>{blog} {}</title><id>{link}</id><link href=\"{link}\"/>{date}<updated>{}</updated>\
                 <summary>{}</summary></entry>\n",
                post.slug,
                post.updated.as_deref().unwrap_or_default(),
                post.text
            )
        })
        .collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>The {blog}</title><id>https://{blog}.example/</id>\
         <updated>2026-03-30T08:00:00Z</updated>\n{}</feed>",
        entries.concat()
    )
}
