//! A page that changes under agg: healed or reported, never a wrong entry published, never an old entry lost.
//!
//! Each of the five index pages of `fixtures/web` is read once as it was recorded, then once more after each of the changes
//! that sites go through.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use regex::{Captures, Regex};
use serde_json::Value;

use crate::program::{Agg, Run};

/// An index page, with what the changes need to know of its markup.
struct Page {
    url: &'static str,
    /// One post.
    item: &'static str,
    /// Two of its fields that stand side by side, as the groups `a` and `b`.
    fields: &'static str,
    /// Its dates, and how else they might be written; empty: the list shows none.
    dates: &'static str,
}

const PAGES: [Page; 5] = [
    Page {
        url: "https://www.vanshverma.com/notes",
        item: r#"(?s)<p><a href="notes/.*?</p>"#,
        fields: r"(?<a><span>[^<]*</span>)(?<b>[^<]+)",
        dates: r"(?<month>\w+) (?<day>\d+), (?<year>20\d\d)",
    },
    Page {
        url: "https://ninadpathak.pages.dev/blog",
        item: r#"(?s)<li class="border-b.*?</li>"#,
        fields: r#"(?s)(?<a><div class="font-mono.*?</div>)(?<b><h2.*?</h2>)"#,
        dates: r"(?<year>20\d\d)-(?<month>\d\d)-(?<day>\d\d)",
    },
    Page {
        url: "https://www.clint-johnson.com/articles/page/2",
        item: r"(?s)<article.*?</article>",
        fields: r"(?s)(?<a><h2.*?</h2>)\s*(?<b><p .*?</p>)",
        dates: "",
    },
    Page {
        url: "https://www.abstractalgorithms.dev/posts",
        item: r#"(?s)<a class="(?:ThreadCard_card|PostCard_root|Continuity_card).*?</a>|<article.*?</article>"#,
        fields: r#"(?s)(?<a><(?:h3|span) class="(?:ThreadCard|PostCard|Featured|Continuity)_title.*?</(?:h3|span)>)(?<b><(?:p|span) class="\w+_text.*?</(?:p|span)>)"#,
        dates: "",
    },
    Page {
        url: "https://mlsystems.dev/blog",
        item: r#"(?s)<h3><a .*?<p class="small">.*?</p>"#,
        fields: r#"(?s)(?<a><p>.*?</p>)\s*(?<b><p class="small">.*?</p>)"#,
        dates: "",
    },
];

/// What a change leaves to be found.
#[derive(Clone, Copy, PartialEq)]
enum Leaves {
    /// The list, with the same posts.
    Posts,
    /// The list, with new posts too.
    MorePosts,
    /// No list.
    Nothing,
}

const CHANGES: [(&str, Leaves); 17] = [
    ("all class names renamed", Leaves::Posts),
    ("items wrapped in two more elements", Leaves::Posts),
    ("list wrapped in two more elements", Leaves::Posts),
    ("items become div", Leaves::Posts),
    ("list becomes table", Leaves::Posts),
    ("two fields swapped", Leaves::Posts),
    ("date format changed", Leaves::Posts),
    ("half gone, new ones added", Leaves::MorePosts),
    ("nearly all are new", Leaves::MorePosts),
    ("renamed, wrapped, and one is new", Leaves::MorePosts),
    ("promotions before it", Leaves::Posts),
    ("promotions of another site before it", Leaves::Posts),
    ("promotions in the markup of posts", Leaves::Posts),
    ("list removed", Leaves::Nothing),
    ("items removed", Leaves::Nothing),
    ("login wall", Leaves::Nothing),
    ("we moved", Leaves::Nothing),
];

#[expect(clippy::too_many_lines, reason = "one arm a change")]
/// The page after a change; `None` where it has nothing to change.
fn changed(page: &Page, html: &str, change: &str) -> Option<String> {
    let item = Regex::new(page.item).unwrap();
    let spans: Vec<_> = item.find_iter(html).map(|found| found.range()).collect();
    let (start, end) = (spans[0].start, spans.last().unwrap().end);
    let items: Vec<&str> = spans.iter().map(|span| &html[span.clone()]).collect();
    let each = |make: &dyn Fn(&str) -> String| {
        item.replace_all(html, |it: &Captures<'_>| make(&it[0]))
            .into_owned()
    };
    let around = |before: &str, after: &str| {
        format!(
            "{}{before}{}{after}{}",
            &html[..start],
            &html[start..end],
            &html[end..]
        )
    };
    let other = match change {
        "all class names renamed" if !html.contains("class=") => return None,
        "all class names renamed" => renamed(html),
        "items wrapped in two more elements" => each(&|it| match inside(it, "li") {
            Some(inner) => {
                format!("<li><div class=\"o\"><div class=\"i\">{inner}</div></div></li>")
            }
            None => format!("<div class=\"o\"><div class=\"i\">{it}</div></div>"),
        }),
        "list wrapped in two more elements" => {
            around("<div class=\"o\"><div class=\"i\">", "</div></div>")
        }
        "items become div" => each(&|it| {
            let tag = it[1..].split([' ', '>']).next().unwrap().to_owned();
            if tag == "a" {
                return format!("<div>{it}</div>");
            }
            let opened = it.replacen(&format!("<{tag}"), "<div", 1);
            opened.replacen(&format!("</{tag}>"), "</div>", 1)
        }),
        "list becomes table" if html.contains("<ul class=\"border-t") => {
            each(&|it| format!("<tr><td>{}</td></tr>", inside(it, "li").unwrap()))
                .replacen("<ul class=\"border-t", "<table class=\"border-t", 1)
                .replacen("</tr></ul>", "</tr></table>", 1)
                .replacen("</tr>\n</ul>", "</tr>\n</table>", 1)
        }
        "list becomes table" => {
            let rows: Vec<String> = items
                .iter()
                .map(|it| format!("<tr><td>{it}</td></tr>"))
                .collect();
            format!(
                "{}<table>{}</table>{}",
                &html[..start],
                rows.join("\n"),
                &html[end..]
            )
        }
        "two fields swapped" => Regex::new(page.fields)
            .unwrap()
            .replace_all(html, "$b $a")
            .into_owned(),
        "date format changed" if page.dates.is_empty() => return None,
        "date format changed" => Regex::new(page.dates)
            .unwrap()
            .replace_all(html, |date: &Captures<'_>| {
                if let Ok(month) = date["month"].parse::<usize>() {
                    return format!("{} {}, {}", MONTHS[month - 1], &date["day"], &date["year"]);
                }
                let month = MONTHS
                    .iter()
                    .position(|name| *name == &date["month"])
                    .unwrap()
                    + 1;
                let day: u32 = date["day"].parse().unwrap();
                format!("{}-{month:02}-{day:02}", &date["year"])
            })
            .into_owned(),
        "half gone, new ones added" => grown(&item, html, items.len() / 2, &|at| at % 2 == 0),
        "nearly all are new" => grown(&item, html, items.len() - 1, &|at| at == 0),
        "renamed, wrapped, and one is new" => {
            let html = grown(&item, html, 1, &|_| true);
            let wrapped = html.replacen("<body", "<body><div class=\"a\"><div class=\"b\"><x", 1);
            renamed(&wrapped.replacen("</body>", "</div></div></body>", 1))
        }
        "promotions before it" => format!(
            "{}{}{}",
            &html[..list_start(html, start)],
            promotions("/shop/"),
            &html[list_start(html, start)..]
        ),
        "promotions of another site before it" => {
            let at = list_start(html, start);
            format!(
                "{}{}{}",
                &html[..at],
                promotions("https://academy.example/learn/"),
                &html[at..]
            )
        }
        "promotions in the markup of posts" => {
            let ads: Vec<String> = (1..=3)
                .map(|at| {
                    post(
                        items[0],
                        "https://academy.example/learn/",
                        &format!("Offer {at}: learn it all in a week"),
                        &format!("offer-{at}"),
                    )
                })
                .collect();
            format!("{}{}{}", &html[..start], ads.join("\n"), &html[start..])
        }
        "list removed" => {
            let at = list_start(html, start);
            format!(
                "{}<p>Something else is here now.</p>{}",
                &html[..at],
                &html[end..]
            )
        }
        "items removed" => format!("{}{}", &html[..start], &html[end..]),
        "login wall" => LOGIN.to_owned(),
        "we moved" => MOVED.to_owned(),
        _ => unreachable!("{change}"),
    };
    assert_ne!(other, html, "{}: {change} changes nothing", page.url);
    Some(other)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const LOGIN: &str = r#"<!doctype html><html><head><title>Sign in</title></head><body><main class="wrap"><h1>Sign in to go on</h1>
<form action="/login" method="post"><label>Name <input name="name"></label><label>Password <input type="password" name="password"></label>
<button>Sign in</button></form><ul><li><a href="/forgot">Forgot your password?</a></li><li><a href="/join">Become a member</a></li>
<li><a href="/help">Help and contact</a></li></ul></main><footer><a href="/privacy">Privacy</a> <a href="/terms">Terms</a></footer></body></html>"#;

const MOVED: &str = r#"<!doctype html><html><head><title>We have moved</title></head><body><main class="wrap"><h1>We have moved</h1>
<p>This blog has a new home: <a href="https://new-home.example/blog">new-home.example/blog</a>. Please change your bookmarks.</p>
<p>Until then, read our last three announcements:</p><ul><li><a href="https://new-home.example/why">Why we have moved house</a></li>
<li><a href="https://new-home.example/what">What will be better over there</a></li><li><a href="https://new-home.example/how">How to follow us</a></li></ul>
</main></body></html>"#;

/// Every class name becomes another one, the same for the same.
fn renamed(html: &str) -> String {
    Regex::new(r#"class="([^"]*)""#)
        .unwrap()
        .replace_all(html, |found: &Captures<'_>| {
            let names: Vec<String> = found[1]
                .split_whitespace()
                .map(|name| {
                    let sum = name
                        .bytes()
                        .fold(7u32, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into()));
                    let letter = |n: u32| char::from(b'a' + u8::try_from(n % 26).unwrap());
                    format!("z{}{}{}", letter(sum), letter(sum / 26), letter(sum / 676))
                })
                .collect();
            format!("class=\"{}\"", names.join(" "))
        })
        .into_owned()
}

/// What stands in an element of that name.
fn inside<'a>(item: &'a str, tag: &str) -> Option<&'a str> {
    let rest = item.strip_prefix(&format!("<{tag}"))?;
    let rest = &rest[rest.find('>')? + 1..];
    rest.strip_suffix(&format!("</{tag}>"))
}

/// Where the list begins: before its `ul`, if it has one of its own.
fn list_start(html: &str, first: usize) -> usize {
    html[..first]
        .rfind("<ul")
        .filter(|at| !html[*at..first].contains("</"))
        .unwrap_or(first)
}

/// A list of courses, as sites put them above their posts.
fn promotions(under: &str) -> String {
    let offers: Vec<String> = ["Build a search engine in a weekend", "Machine learning from the ground up", "Ship it: releases without fear", "The craft of code review"]
        .iter()
        .zip(1..)
        .map(|(title, at)| {
            format!("<div class=\"offer\"><h3><a href=\"{under}course-{at}\">{title}</a></h3><p>Join many others and learn at your own pace, with exercises and a certificate at the end.</p></div>")
        })
        .collect();
    format!(
        "<section class=\"offers\"><h2>Our courses</h2>{}</section>\n",
        offers.join("\n")
    )
}

/// A post in the markup of another one.
fn post(like: &str, under: &str, title: &str, name: &str) -> String {
    let date = Regex::new(r"^[A-Z][a-z]+ \d+, 20\d\d$").unwrap();
    let link = Regex::new(r#"href="[^"]*""#).unwrap();
    let html = link.replace_all(like, format!("href=\"{under}{name}\""));
    let texts = Regex::new(r">([^<>]{20,})<").unwrap();
    let mut first = true;
    texts
        .replace_all(&html, |text: &Captures<'_>| {
            if date.is_match(&text[1]) {
                text[0].to_owned()
            } else if std::mem::take(&mut first) {
                format!(">{title}<")
            } else {
                format!(">All that there is to say of {title}, told in one sentence by the one who wrote it.<")
            }
        })
        .into_owned()
}

/// The page with `count` new posts on top and only those of the old ones that `stays` says.
fn grown(item: &Regex, html: &str, count: usize, stays: &dyn Fn(usize) -> bool) -> String {
    let first = item.find(html).unwrap();
    let alike = |it: &&str| it.get(..12) == first.as_str().get(..12);
    let items: Vec<&str> = item
        .find_iter(html)
        .map(|found| found.as_str())
        .filter(alike)
        .collect();
    let like = items[0];
    let folder = {
        let href = Regex::new(r#"href="([^"]*/)[^"/]*""#).unwrap();
        href.captures(like).unwrap()[1].to_owned()
    };
    let mut new = String::new();
    for at in 1..=count {
        writeln!(
            new,
            "{}",
            post(
                &dated(items[at % items.len()], at),
                &folder,
                &new_title(at),
                &format!("brand-new-{at}")
            )
        )
        .unwrap();
    }
    let mut at = 0;
    let kept = item.replace_all(html, |it: &Captures<'_>| {
        at += 1;
        if stays(at - 1) {
            it[0].to_owned()
        } else {
            String::new()
        }
    });
    format!("{}{new}{}", &kept[..first.start()], &kept[first.start()..])
}

/// The same, at a date after all others.
fn dated(html: &str, at: usize) -> String {
    let day = 28 - at.min(27);
    let html = Regex::new(r"20\d\d-\d\d-\d\d")
        .unwrap()
        .replace_all(html, format!("2026-05-{day:02}"));
    Regex::new(r"[A-Z][a-z]+ \d+, 20\d\d")
        .unwrap()
        .replace_all(&html, format!("May {day}, 2026"))
        .into_owned()
}

fn new_title(at: usize) -> String {
    format!("A brand new thought, number {at}")
}

/// The file of a page in a folder of recordings.
fn file(url: &str) -> String {
    format!("web/{}.http", url.trim_start_matches("https://"))
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// agg in a folder of its own, with one source and a copy of its recordings.
fn with_source(url: &str) -> Agg {
    let agg = Agg::new();
    agg.configure(&format!("[[source]]\nurl = \"{url}\"\nid = \"it\"\n"));
    let host = url
        .trim_start_matches("https://")
        .split('/')
        .next()
        .unwrap();
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/web")
        .join(host);
    copy(&recorded, &agg.path("web").join(host));
    agg
}

/// The page's HTML in the recording.
fn recorded(agg: &Agg, url: &str) -> String {
    let message = agg.read(&file(url));
    message.split_once("\n\n").unwrap().1.to_owned()
}

/// Lets the server answer with `html` from now on.
fn serve(agg: &Agg, url: &str, html: &str, etag: &str) {
    let message = format!(
        "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\nETag: \"{etag}\"\n\n{html}"
    );
    fs::write(agg.path(&file(url)), message).unwrap();
}

fn fetch(agg: &Agg) -> (Run, Value) {
    let run = agg.run("fetch --replay web --force --format json");
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    (run, report)
}

/// What subscribers see of each entry, by id.
fn published(agg: &Agg) -> BTreeMap<String, (String, String, String)> {
    let feed: Value = serde_json::from_str(&agg.read("public/feed.json")).unwrap();
    let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                text(item, "id"),
                (
                    text(item, "title"),
                    text(item, "url"),
                    text(item, "date_published"),
                ),
            )
        })
        .collect()
}

#[test]
fn a_page_that_changes_is_healed_or_reported_and_nothing_wrong_is_published() {
    let mut table = format!(
        "{:40} {:>6} {:>11} {:>5}\n",
        "change", "healed", "quarantined", "wrong"
    );
    let mut details = String::new();
    let (mut all_wrong, mut all_healed, mut all_listing) = (0, 0, 0);
    let healthy: Vec<(Agg, String)> = PAGES
        .iter()
        .map(|page| {
            let agg = with_source(page.url);
            let (run, _) = fetch(&agg);
            assert_eq!(run.code, 0, "{}", run.stderr);
            let html = recorded(&agg, page.url);
            (agg, html)
        })
        .collect();
    for (change, leaves) in CHANGES {
        let (mut healed, mut quarantined, mut wrong) = (0, 0, 0);
        for (page, (first, html)) in PAGES.iter().zip(&healthy) {
            let Some(other) = changed(page, html, change) else {
                continue;
            };
            let agg = Agg::new();
            for part in ["feeds.toml", "agg.db", "public", "web"] {
                copy(&first.path(part), &agg.path(part));
            }
            let before = published(&agg);
            serve(&agg, page.url, &other, "another");
            let (run, report) = fetch(&agg);
            let outcome = &report["outcomes"][0];
            let after = published(&agg);
            let new: BTreeSet<&str> = after
                .iter()
                .filter(|(id, _)| !before.contains_key(*id))
                .map(|(_, (title, ..))| title.as_str())
                .collect();
            let wanted: BTreeSet<String> = match leaves {
                Leaves::MorePosts => (1..100)
                    .map(new_title)
                    .filter(|title| other.contains(&format!(">{title}<")))
                    .collect(),
                _ => BTreeSet::new(),
            };
            let kept = before
                .iter()
                .all(|(id, entry)| after.get(id) == Some(entry));
            let honest = new.iter().all(|title| wanted.contains(*title));
            let took_all = wanted.iter().all(|title| new.contains(title.as_str()));
            let verdict = match (kept && honest, run.code) {
                (true, 3) => "quarantined",
                (true, 0) if leaves != Leaves::Nothing && took_all => "healed",
                // a list without items is quiet, and says so
                (true, 0) if leaves == Leaves::Nothing && outcome["kind"] == "empty" => {
                    "quarantined"
                }
                _ => "wrong",
            };
            match verdict {
                "healed" => healed += 1,
                "quarantined" => quarantined += 1,
                _ => wrong += 1,
            }
            if leaves != Leaves::Nothing {
                all_listing += 1;
                all_healed += usize::from(verdict == "healed");
            }
            writeln!(
                details,
                "{change:36} {:46} {verdict:11} {} {} {} {new:?}",
                page.url, outcome["kind"], outcome["error"], outcome["warnings"]
            )
            .unwrap();
            for (id, entry) in before.iter().filter(|(id, it)| after.get(*id) != Some(*it)) {
                writeln!(details, "    was {entry:?}\n    is  {:?}", after.get(id)).unwrap();
            }
        }
        all_wrong += wrong;
        writeln!(
            table,
            "{change:40} {healed:>6} {quarantined:>11} {wrong:>5}"
        )
        .unwrap();
    }
    let told = format!(
        "\n{table}\nhealed {all_healed} of {all_listing} that still list posts\n\n{details}"
    );
    assert_eq!(all_wrong, 0, "{told}");
    assert!(all_healed * 100 >= all_listing * 95, "{told}");
}

/// A source that has been read once, and then shows `html`.
fn then_shows(url: &str, html: &str) -> (Agg, Run, Value) {
    let agg = with_source(url);
    assert_eq!(fetch(&agg).0.code, 0);
    serve(&agg, url, html, "another");
    let (run, report) = fetch(&agg);
    (agg, run, report)
}

const BLOG: &str = "https://ninadpathak.pages.dev/blog";

#[test]
fn a_broken_page_is_told_where_its_owner_looks_and_is_kept() {
    let (agg, run, report) = then_shows(BLOG, LOGIN);
    assert_eq!(run.code, 3);
    let outcome = &report["outcomes"][0];
    assert_eq!(outcome["kind"], "failed");
    assert_eq!(outcome["verdict"], "broken");
    assert_eq!(outcome["known"], 0);

    let status = agg.run("status");
    assert!(status.stdout.contains("broken"), "{}", status.stdout);
    assert!(
        status.stderr.contains("preview --stored bad it"),
        "{}",
        status.stderr
    );
    assert_eq!(agg.run("status --check").code, 3);
    let json: Value = serde_json::from_str(&agg.run("status --format json").stdout).unwrap();
    assert_eq!(json[0]["verdict"], "broken");
    assert_eq!(json[0]["entries"], 9);

    let table = agg.run("fetch --replay web --force");
    assert!(table.stdout.contains("broken: "), "{}", table.stdout);
    for part in ["error: it: broken", "where: https://ninad", "help: compare"] {
        assert!(table.stderr.contains(part), "{}", table.stderr);
    }

    let good = agg.run("preview --stored good it --format json");
    let good: Value = serde_json::from_str(&good.stdout).unwrap();
    assert_eq!(good["entries"].as_array().unwrap().len(), 9);
    let bad = agg.run("preview --stored bad it");
    assert_eq!(bad.code, 1);
    assert!(bad.stderr.contains("lists no posts"), "{}", bad.stderr);
}

#[test]
fn a_page_that_comes_back_is_fine_again() {
    let (agg, run, _) = then_shows(BLOG, MOVED);
    assert_eq!(run.code, 3);
    let recorded =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/web/ninadpathak.pages.dev/blog.http");
    fs::copy(recorded, agg.path(&file(BLOG))).unwrap();
    let (run, report) = fetch(&agg);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(report["outcomes"][0]["kind"], "unchanged");
    let json: Value = serde_json::from_str(&agg.run("status --format json").stdout).unwrap();
    assert_eq!(json[0]["verdict"], "quiet");
}

#[test]
fn what_the_owner_accepts_is_taken_and_is_the_measure_from_then_on() {
    let other: Vec<String> = (1..=8)
        .map(|at| format!("<article><h2><a href=\"/journal/{at}\">Another journal, part {at}</a></h2><p>A page that has nothing to do with the one before, but is right.</p></article>"))
        .collect();
    let html = format!(
        "<!doctype html><html><head><title>Journal</title></head><body><main>{}</main></body></html>",
        other.concat()
    );
    let (agg, run, report) = then_shows(BLOG, &html);
    assert_eq!(run.code, 3, "{report}");
    assert_eq!(
        agg.run("fetch --replay web --accept").code,
        2,
        "not without a name"
    );
    let run = agg.run("fetch --replay web --accept it --format json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["outcomes"][0]["new"], 8);
    serve(&agg, BLOG, &html.replace("part 3", "part three"), "third");
    let (run, report) = fetch(&agg);
    assert_eq!(
        (run.code, &report["outcomes"][0]["updated"]),
        (0, &Value::from(1))
    );
    assert_eq!(published(&agg).len(), 17, "the old ones stay");
}

#[test]
fn a_feed_that_turns_into_a_page_is_no_list_of_news() {
    let url = "https://mlsystems.dev/atom.xml";
    let other: Vec<String> = (1..=8)
        .map(|at| format!("<article><h2><a href=\"/offers/{at}\">This name is for sale, part {at}</a></h2><p>Buy it now, while it is still there, and be the first.</p></article>"))
        .collect();
    let (agg, run, report) = then_shows(
        url,
        &format!(
            "<!doctype html><html><body><main>{}</main></body></html>",
            other.concat()
        ),
    );
    assert_eq!(run.code, 3, "{report}");
    assert!(
        published(&agg)
            .values()
            .all(|(title, ..)| !title.contains("for sale"))
    );
}

#[test]
fn the_page_of_an_unknown_source_or_of_none_is_not_there() {
    let agg = with_source(BLOG);
    assert_eq!(agg.run("preview --stored good it").code, 1, "never fetched");
    fetch(&agg);
    let run = agg.run("preview --stored bad it");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("no bad page of it is kept"),
        "{}",
        run.stderr
    );
    assert_eq!(agg.run("preview --stored bad that").code, 2);
}
