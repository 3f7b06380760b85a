//! Copies of an article on other sites: one entry, and what people can do about it.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use agg::extract;
use agg::model::{Document, Entry, Source, SourceId, SourceKind, Validators};
use agg::normalise::{self, Context};
use agg::pipeline;
use agg::store::Store;
use serde_json::Value;

use crate::program::Agg;
use crate::site::{Reply, Site};

const STORY: &str = "The old ferry went out once more on Sunday, with nobody on board but the captain and a dog. She was built \
    in the yard that is now a car park, carried three generations to school, and was sold to a man who wants to grow \
    mushrooms in her hold. People stood on the pier until she was behind the point, and then went for soup.";

fn item(link: &str, title: &str, date: &str, text: &str) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">{link}</guid><link>https://{link}</link><title>{title}</title>\
         <pubDate>{date}</pubDate><description>{text}</description></item>"
    )
}

fn feed(items: &[String]) -> Reply {
    let xml = format!(
        "<rss version=\"2.0\"><channel><title>T</title><link>https://t.example/</link><description>d</description>{}\
         </channel></rss>",
        items.concat()
    );
    Reply::ok("application/rss+xml", xml)
}

/// A blog, and a planet that shows its article under a link of its own, each with one more.
fn coast() -> (Agg, Vec<Site>, Arc<Mutex<Reply>>) {
    let blog = feed(&[
        item(
            "blog.example/ferry",
            "The last trip of the old ferry",
            "Mon, 02 Mar 2026 08:00:00 GMT",
            STORY,
        ),
        item(
            "blog.example/soup",
            "A soup for the pier",
            "Sun, 01 Mar 2026 08:00:00 GMT",
            "Leek and barley, for sixty.",
        ),
    ]);
    let copy = format!("{STORY} Read more such stories on the planet.");
    let planet = feed(&[
        item(
            "planet.example/items/71",
            "The last trip of the old ferry",
            "Tue, 03 Mar 2026 08:00:00 GMT",
            &copy,
        ),
        item(
            "planet.example/items/70",
            "Something else",
            "Sun, 01 Mar 2026 09:00:00 GMT",
            "Of no interest here.",
        ),
    ]);
    let shown = Arc::new(Mutex::new(planet));
    let answer = Arc::clone(&shown);
    let sites = vec![
        Site::always(blog),
        Site::open(move |_| answer.lock().unwrap().clone()),
    ];
    let agg = Agg::new();
    agg.configure(&format!(
        "[fetch]\nspacing = \"0s\"\n[[feed]]\nid = \"all\"\ntitle = \"All\"\n[[feed]]\nid = \"own\"\ntitle = \"Blog\"\nsources = [\"blog\"]\n[[source]]\nid = \"blog\"\nurl = \"{}\"\n[[source]]\nid = \"planet\"\nurl = \"{}\"\n",
        sites[0].url("/feed"),
        sites[1].url("/feed")
    ));
    (agg, sites, shown)
}

fn ids(agg: &Agg) -> Vec<String> {
    let feed: Value = serde_json::from_str(&agg.read("public/feed.json")).unwrap();
    let items = feed["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

fn list(agg: &Agg) -> Vec<Value> {
    let run = agg.run("list --format json");
    serde_json::from_str(&run.stdout).unwrap()
}

fn ferry(agg: &Agg) -> Vec<String> {
    let number = |it: &Value| it["number"].to_string();
    let all = list(agg);
    let ferries = all
        .iter()
        .filter(|it| it["title"].as_str().unwrap().contains("ferry"));
    ferries.map(number).collect()
}

fn explain(agg: &Agg, entry: &str) -> Value {
    let run = agg.run(&format!("explain {entry} --format json"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn a_copy_under_another_link_is_the_same_entry_and_explain_says_why() {
    let (agg, _sites, _) = coast();
    assert_eq!(agg.run("fetch").code, 0);
    assert_eq!(list(&agg).len(), 3);
    let before = ids(&agg);
    assert_eq!(before.len(), 3);
    let [entry]: [String; 1] = ferry(&agg).try_into().unwrap();
    let why = explain(&agg, &entry);
    assert_eq!(why["sightings"].as_array().unwrap().len(), 2);
    assert_eq!(why["members"].as_array().unwrap().len(), 2);
    let pair = &why["pairs"][0];
    assert_eq!(pair["by_alias"], false);
    assert!(
        pair["likeness"]["score"].as_f64() > why["threshold"].as_f64(),
        "{pair}"
    );
    assert_eq!(pair["likeness"]["days"], 1);
    let title = why["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["field"] == "title")
        .unwrap();
    assert_eq!(title["tier"], "feed");
    assert!(title["source"].is_string());
    assert_eq!(why["feeds"][0]["standing"], "in");
    // the feed of one source shows what that source shows, under the id of all
    let text = |path: &str| -> Value {
        let feed: Value = serde_json::from_str(&agg.read(path)).unwrap();
        let mut items = feed["items"].as_array().unwrap().clone();
        items.retain(|item| item["title"] == "The last trip of the old ferry");
        items.remove(0)
    };
    let (all, own) = (text("public/feed.json"), text("public/own/feed.json"));
    assert_eq!(all["id"], own["id"]);
    assert!(
        all.to_string().contains("on the planet") && !own.to_string().contains("on the planet")
    );
    // the address of the copy, and its beginning, lead to the same entry
    for name in [
        "https://planet.example/items/71",
        "https://blog.example/ferry",
    ] {
        assert_eq!(explain(&agg, name)["number"].to_string(), entry);
    }
    let text = agg.run(&format!("explain {entry}")).stdout;
    assert!(
        text.contains("likeness") && text.contains("planet") && text.contains("in it, as number"),
        "{text}"
    );
    let bytes = agg.read("public/atom.xml");
    assert!(agg.run("fetch --force").stdout.contains("nothing new"));
    assert_eq!(agg.read("public/atom.xml"), bytes);
}

#[test]
fn a_feed_of_some_sources_shows_an_entry_as_these_show_it() {
    let story = |host: &str, more: &str| {
        feed(&[item(
            &format!("{host}/ferry"),
            "The last trip of the old ferry",
            "Mon, 02 Mar 2026 08:00:00 GMT",
            &format!("{STORY} {more}"),
        )])
    };
    let shown = [
        ("quay", "Seen from the quay."),
        (
            "mole",
            "Seen from the mole, from where more was to be seen.",
        ),
        (
            "planet",
            "Seen from everywhere, told on the planet, which has the longest text of all.",
        ),
    ];
    let sites = shown.map(|(name, more)| Site::always(story(&format!("{name}.example"), more)));
    let mut text =
        "[fetch]\nspacing = \"0s\"\n[[feed]]\nid = \"coast\"\nsources = [\"quay\", \"mole\"]\n\
                    [[feed]]\neach = \"source\"\n"
            .to_owned();
    for ((name, _), site) in shown.iter().zip(&sites) {
        let url = site.url("/feed");
        let table = format!("[[source]]\nid = \"{name}\"\ntitle = \"{name}\"\nurl = \"{url}\"\n");
        text.push_str(&table);
    }
    let agg = Agg::new();
    agg.configure(&text);
    assert_eq!(agg.run("fetch").code, 0);
    let item = |path: &str| -> Value {
        let feed: Value = serde_json::from_str(&agg.read(path)).unwrap();
        let [item] = feed["items"].as_array().unwrap().as_slice() else {
            panic!("{path}: {feed}");
        };
        item.clone()
    };
    let id = item("public/feed.json")["id"].clone();
    for (path, whose) in [
        ("public/feed.json", "planet"),
        ("public/coast/feed.json", "mole"),
        ("public/source/quay/feed.json", "quay"),
        ("public/source/mole/feed.json", "mole"),
        ("public/source/planet/feed.json", "planet"),
    ] {
        let item = item(path);
        assert_eq!(item["id"], id, "{path}");
        assert_eq!(
            item["url"],
            format!("https://{whose}.example/ferry"),
            "{path}"
        );
        let origins = item["_agg"]["origins"].as_array().unwrap();
        assert_eq!(origins[0]["source"], whose, "{path}");
        assert_eq!(origins.len(), 3, "all origins are listed everywhere");
        let (_, more) = shown.iter().find(|(name, _)| *name == whose).unwrap();
        assert!(item.to_string().contains(more), "{path}: {item}");
        let atom = agg.read(&path.replace("feed.json", "atom.xml"));
        let source = atom.split("<source>").nth(1).unwrap();
        assert!(
            source.contains(&format!("<title>{whose}</title>")),
            "{path}: {source}"
        );
    }
    let bytes = agg.read("public/coast/atom.xml");
    assert!(agg.run("fetch --force").stdout.contains("nothing new"));
    assert_eq!(agg.read("public/coast/atom.xml"), bytes);
}

#[test]
fn what_a_person_parts_stays_parted_and_what_she_joins_stays_joined() {
    let (agg, _sites, planet) = coast();
    agg.run("fetch");
    let first = ids(&agg);
    let [entry]: [String; 1] = ferry(&agg).try_into().unwrap();
    let run = agg.run(&format!("split {entry} planet"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    agg.run("publish");
    let parted = ids(&agg);
    assert_eq!(parted.len(), 4);
    assert!(
        first.iter().all(|id| parted.contains(id)),
        "no id has changed"
    );
    // the planet edits its copy, and gives it another guid
    let edited = format!("{STORY} Corrected on Tuesday.");
    *planet.lock().unwrap() = feed(&[item(
        "planet.example/items/71",
        "The last trip of the old ferry, corrected",
        "Tue, 03 Mar 2026 08:00:00 GMT",
        &edited,
    )]);
    agg.run("fetch --force");
    assert_eq!(ids(&agg), parted);
    let [one, other]: [String; 2] = ferry(&agg).try_into().unwrap();
    let run = agg.run(&format!("join {one} {other}"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    agg.run("publish");
    assert_eq!(ids(&agg), first, "the older id goes on");
    agg.run("fetch --force");
    assert_eq!(ids(&agg), first);
    let [joined]: [String; 1] = ferry(&agg).try_into().unwrap();
    let gone = parted.iter().find(|id| !first.contains(id)).unwrap();
    let why = explain(&agg, &joined);
    assert_eq!(why["former_ids"][0], gone.as_str());
    assert_eq!(why["rulings"][0]["together"], true);
    // parted again, each has its own id again
    agg.run(&format!("split {joined}"));
    agg.run("publish");
    assert_eq!(ids(&agg), parted);
}

#[test]
fn an_entry_that_is_not_there_is_told_with_the_nearest() {
    let (agg, _sites, _) = coast();
    agg.run("fetch");
    for command in ["explain", "split", "show"] {
        let run = agg.run(&format!("{command} https://blog.example/the-old-ferry"));
        assert_eq!(run.code, 1);
        assert!(
            run.stderr.contains("no entry is known as"),
            "{}",
            run.stderr
        );
        assert!(
            run.stderr.contains("The last trip of the old ferry"),
            "{}",
            run.stderr
        );
    }
    let soup = agg.run("split https://blog.example/soup");
    assert!(
        soup.code == 1 && soup.stderr.contains("only `blog` shows this entry"),
        "{}",
        soup.stderr
    );
    let [entry]: [String; 1] = ferry(&agg).try_into().unwrap();
    let run = agg.run(&format!("split {entry} harbour"));
    assert!(run.stderr.contains("it is shown by:"), "{}", run.stderr);
    let run = agg.run(&format!("join {entry} {entry}"));
    assert!(run.stderr.contains("one entry already"), "{}", run.stderr);
}

/// Pages and feeds of the same sites, where they are at hand: what both show by link or title is one entry.
#[test]
fn what_the_page_and_the_feed_of_a_site_both_show_is_one_entry() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/pages");
    let folder = std::env::var_os("AGG_PAGES").map_or(folder, Into::into);
    let Ok(sites) = fs::read_dir(&folder) else {
        return;
    };
    let (mut shown, mut apart) = (0, Vec::new());
    for site in sites {
        let site = site.unwrap().path();
        let (Ok(page), Ok(feed)) = (
            fs::read(site.join("page.html")),
            fs::read(site.join("feed.xml")),
        ) else {
            continue;
        };
        let gold: Value =
            serde_json::from_slice(&fs::read(site.join("gold.json")).unwrap()).unwrap();
        let url: url::Url = gold["page_url"].as_str().unwrap().parse().unwrap();
        let (Some(page), Some(feed)) = (
            entries("page", SourceKind::Page, &url, "text/html", page),
            entries("feed", SourceKind::Feed, &url, "application/xml", feed),
        ) else {
            continue;
        };
        let mut store = Store::in_memory().unwrap();
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        let mut found = Vec::new();
        store
            .register(&[
                source("page", SourceKind::Page, &url),
                source("feed", SourceKind::Feed, &url),
            ])
            .unwrap();
        for (name, entries) in [("page", &page), ("feed", &feed)] {
            let id = SourceId::new(name).unwrap();
            store
                .write(|w| {
                    pipeline::take_in(w, &id, entries.clone(), pipeline::Foreknown::default(), now)
                })
                .unwrap();
        }
        for one in &page {
            let same = |other: &&Entry| {
                one.key.is_some() && one.key == other.key
                    || one.title.to_lowercase() == other.title.to_lowercase()
            };
            let twins: Vec<&Entry> = feed.iter().filter(same).collect();
            if let [twin] = twins.as_slice() {
                found.push((one.clone(), (*twin).clone()));
            }
        }
        for (one, twin) in found {
            shown += 1;
            let number = |entry: &Entry| {
                let url = entry
                    .url
                    .as_ref()
                    .map(url::Url::to_string)
                    .unwrap_or_default();
                store.find(&url).unwrap().first().map(|it| it.key)
            };
            if number(&one) != number(&twin) {
                apart.push(format!(
                    "{}: {} {:?} {:?}",
                    site.display(),
                    one.title,
                    one.key,
                    twin.key
                ));
            }
        }
    }
    println!(
        "shown by both: {shown}; kept apart: {}\n{}",
        apart.len(),
        apart.join("\n")
    );
    assert!(shown > 50, "{shown}");
    assert!(apart.len() * 100 <= shown, "{apart:#?}");
}

fn source(name: &str, kind: SourceKind, url: &url::Url) -> Source {
    Source {
        id: SourceId::new(name).unwrap(),
        url: url.clone(),
        title: None,
        kind,
        select: None,
        enrich: false,
        interval: None,
        timezone: None,
        access: std::sync::Arc::default(),
        robots: true,
        pages: 1,
        tags: Vec::new(),
    }
}

/// What such a document shows; `None` if it is none.
fn entries(
    name: &str,
    kind: SourceKind,
    url: &url::Url,
    media_type: &str,
    body: Vec<u8>,
) -> Option<Vec<Entry>> {
    let document = Document {
        url: url.clone(),
        media_type: Some(media_type.to_owned()),
        charset: None,
        body: body.into(),
        validators: Validators::default(),
    };
    let source = source(name, kind, url);
    let extraction = extract::extract(&document, kind, None).ok()?;
    let context = Context {
        source: &source,
        document: url,
        meta: &extraction.meta,
        kind: extraction.kind,
        now: "2026-06-01T00:00:00Z".parse().unwrap(),
    };
    Some(normalise::normalise(extraction.entries, &context).entries)
}
