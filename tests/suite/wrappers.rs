//! Rules learnt from a page, pasted into feeds.toml, give the same entries: for the pages of `fixtures/web`, and for real
//! index pages where a folder of them stands beside the checkout (`../shared/corpus/pages`).

use std::fs;
use std::path::{Path, PathBuf};

use agg::config::{self, Config};
use agg::model::{Document, Entry, Source, Validators};
use agg::pipeline::{self, Preview};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use url::Url;

use crate::program::Agg;

/// At least this share (in percent) of the listings must be told by rules.
const MIN_PERCENT: usize = 90;

/// An index page that lists posts.
struct Listing {
    name: String,
    document: Document,
}

/// The index pages of `fixtures/web`.
fn fixtures() -> Vec<Listing> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let pages: Value =
        serde_json::from_str(&fs::read_to_string(root.join("expected.json")).unwrap()).unwrap();
    let pages = pages.as_array().unwrap();
    let urls = pages.iter().map(|page| page["page"].as_str().unwrap());
    urls.map(|url| {
        let file = url.trim_start_matches("https://");
        let bytes = fs::read(root.join(format!("web/{file}.http"))).unwrap();
        let text = String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
        let (_, body) = text.split_once("\n\n").unwrap();
        listing(url, url, body.as_bytes().to_vec())
    })
    .collect()
}

/// The labelled pages beside the checkout, if there are any, without those that list nothing.
fn corpus() -> Vec<Listing> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/pages");
    let Ok(folders) = fs::read_dir(root) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut out = Vec::new();
    for folder in folders {
        let label: Value =
            serde_json::from_str(&fs::read_to_string(folder.join("gold.json")).unwrap()).unwrap();
        if label["items"]
            .as_array()
            .is_some_and(|items| !items.is_empty())
        {
            let body = fs::read(folder.join("page.html")).unwrap();
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            out.push(listing(&name, label["page_url"].as_str().unwrap(), body));
        }
    }
    out
}

fn listing(name: &str, url: &str, body: Vec<u8>) -> Listing {
    Listing {
        name: name.to_owned(),
        document: Document {
            url: Url::parse(url).unwrap(),
            media_type: None,
            charset: None,
            body: body.into(),
            validators: Validators::default(),
        },
    }
}

/// The first source of a configuration.
fn source(text: &str) -> Source {
    let config = Config::parse(text, Path::new("feeds.toml"));
    let config = config.unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    Source {
        enrich: false,
        robots: true,
        ..config.sources[0].clone()
    }
}

fn preview(runtime: &Runtime, source: &Source, document: &Document) -> Result<Preview, String> {
    runtime
        .block_on(pipeline::preview(source, Some(document.clone()), None))
        .map_err(|error| error.to_string())
}

/// What an entry says, wherever in the page it came from.
fn said(entry: &Entry) -> Value {
    json!({
        "url": entry.url, "title": entry.title, "published": entry.published, "updated": entry.updated,
        "summary": entry.summary, "tags": entry.tags, "read_minutes": entry.read_minutes,
        "authors": entry.authors, "language": entry.language, "image": entry.image,
    })
}

/// `Ok` if the rules learnt from a page, pasted, give its entries again; else what is otherwise.
fn round_trip(runtime: &Runtime, listing: &Listing) -> Result<(), String> {
    let url = &listing.document.url;
    let plain = source(&format!(
        "[[source]]\nid = \"page\"\nurl = {:?}\n",
        url.as_str()
    ));
    let first = preview(runtime, &plain, &listing.document)?;
    let Some(wrapper) = &first.wrapper else {
        return Err(format!("no rules: {}", first.unlearnt.unwrap_or_default()));
    };
    let text = config::source_table(url, wrapper);
    let again = preview(runtime, &source(&text), &listing.document)
        .map_err(|error| format!("{error}\n{text}"))?;
    let (first, again): (Vec<Value>, Vec<Value>) = (
        first.entries.iter().map(said).collect(),
        again.entries.iter().map(said).collect(),
    );
    if first == again {
        return Ok(());
    }
    let at = first.iter().zip(&again).find(|(a, b)| a != b);
    let at = at.map(|(a, b)| format!("{a}\n{b}")).unwrap_or_default();
    Err(format!(
        "{} against {} entries\n{text}\n{at}",
        first.len(),
        again.len()
    ))
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the share, and what is not in it, is what the test is there to tell"
)]
/// How many of `listings` pass; the others are told on stderr.
fn passing(
    listings: &[Listing],
    what: &str,
    test: impl Fn(&Listing) -> Result<(), String>,
) -> usize {
    let mut passed = 0;
    for listing in listings {
        match test(listing) {
            Ok(()) => passed += 1,
            Err(why) => eprintln!("{}: {why}\n", listing.name),
        }
    }
    println!("{passed} of {} listings {what}", listings.len());
    passed
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
}

#[test]
fn the_rules_printed_for_a_page_give_the_same_entries_when_pasted() {
    let runtime = runtime();
    let told = |listings: &[Listing]| {
        let what = "are read the same by the rules printed for them";
        passing(listings, what, |listing| round_trip(&runtime, listing))
    };
    let fixtures = fixtures();
    assert_eq!(told(&fixtures), fixtures.len(), "of fixtures/web");
    let corpus = corpus();
    let same = told(&corpus);
    assert!(
        same * 100 >= corpus.len() * MIN_PERCENT,
        "{same} of {} pages",
        corpus.len()
    );
}

/// The page without every other of the elements that `item` selects.
fn thinned(html: &str, item: &str) -> String {
    let mut html = Html::parse_document(html);
    let found: Vec<_> = html
        .select(&Selector::parse(item).unwrap())
        .map(|element| element.id())
        .collect();
    for id in found.into_iter().skip(1).step_by(2) {
        html.tree.get_mut(id).unwrap().detach();
    }
    html.html()
}

/// `Ok` if the rules learnt from a page still read it when every other post is gone.
fn survives(runtime: &Runtime, listing: &Listing) -> Result<(), String> {
    let document = &listing.document;
    let plain = source(&format!(
        "[[source]]\nid = \"page\"\nurl = {:?}\n",
        document.url.as_str()
    ));
    let first = preview(runtime, &plain, document)?;
    let rules = first.wrapper.ok_or("no rules")?;
    let (Some(item), None) = (&rules.item, &rules.split) else {
        return Ok(());
    };
    let text = config::source_table(&document.url, &rules);
    let html = String::from_utf8_lossy(&document.body);
    let later = Document {
        body: thinned(&html, &item.selector).into_bytes().into(),
        ..document.clone()
    };
    let again =
        preview(runtime, &source(&text), &later).map_err(|error| format!("{error}\n{text}"))?;
    let line = |entry: &Entry| json!([entry.url, entry.title, entry.published]);
    let known: Vec<Value> = first.entries.iter().map(line).collect();
    let other = again
        .entries
        .iter()
        .map(line)
        .find(|it| !known.contains(it));
    match other {
        Some(other) => Err(format!("{other} was not there before\n{text}")),
        None if again.entries.len() * 2 < known.len() => Err(format!(
            "{} of {}\n{text}",
            again.entries.len(),
            known.len()
        )),
        None => Ok(()),
    }
}

#[test]
fn the_rules_printed_for_a_page_still_read_it_when_half_the_posts_are_gone() {
    let runtime = runtime();
    let told = |listings: &[Listing]| {
        let what = "are read by those rules when half the posts are gone";
        passing(listings, what, |listing| survives(&runtime, listing))
    };
    let fixtures = fixtures();
    assert_eq!(told(&fixtures), fixtures.len(), "of fixtures/web");
    let corpus = corpus();
    let read = told(&corpus);
    assert!(
        read * 100 >= corpus.len() * MIN_PERCENT,
        "{read} of {} pages",
        corpus.len()
    );
}

const NOTES: &str = "https://www.vanshverma.com/notes";

#[test]
fn printed_rules_can_be_pasted_as_they_are() {
    let agg = Agg::new();
    let print = |what: &str| {
        let run = agg.run(&format!(
            "preview {what} --replay fixtures/web --format toml"
        ));
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let table = print(NOTES);
    assert!(
        table.starts_with("[[source]]\n") && table.contains("# one post each"),
        "{table}"
    );
    agg.configure(&table);
    let checked = agg.run("check");
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    // of a source that is configured only the rules are printed: they go below it
    let source = source(&table);
    let rules = print(source.id.as_str());
    assert!(rules.starts_with("[source.select]\n"), "{rules}");
    assert!(table.ends_with(&rules), "{rules}");
}

#[test]
fn where_no_rules_can_be_told_it_is_said_why() {
    let agg = Agg::new();
    let posts: Vec<String> = (1..=6)
        .map(|n| {
            format!(
                "<p><a href=/p/{n}>What the rain of day {n} told us</a> <i>2024-05-0{n}</i></p>"
            )
        })
        .collect();
    let with = |between: &str| {
        format!(
            "<body><main><h1>Rain</h1>{}</main></body>",
            posts.join(between)
        )
    };
    // a post like the others that leads to no article cannot be told from them
    let html = with("<p><a href=/tags/rain>All about the rain of today</a> <i>2024-05-01</i></p>");
    std::fs::write(agg.path("page.html"), html).unwrap();
    let run = agg.run("preview page.html --base-url https://rain.example/ --format toml");
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(
        run.stderr
            .contains("there are no rules to print: no selector"),
        "{}",
        run.stderr
    );
}
