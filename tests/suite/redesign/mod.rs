//! A page that changes under agg: healed or reported, never a wrong entry published, never an old entry lost.
//!
//! Each of the index pages of `fixtures/web` is read once as it was recorded, then once more after each of the changes that
//! sites go through. Labelled pages of real sites are put to the same test, where a folder of them stands beside the checkout.
//! With `AGG_REDESIGNS=DIR` the changed pages are kept there, to be looked at.

mod content;
mod dates;
mod markup;
mod page;
mod reader;
mod tree;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use agg::fetch::file_name;
use agg::model::{Outcome, OutcomeKind};
use chrono::NaiveDate;
use serde_json::Value;
use url::Url;

pub(crate) use content::{LOGIN, MOVED};
use page::{Page, Post, key, letters};
use reader::{Ran, Reader, Seen};
use tree::Element;

/// What a change leaves to be found.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Leaves {
    /// The list, with the same posts.
    Posts,
    /// The same posts at other addresses.
    Moved,
    /// No list.
    Nothing,
}

/// How a page changes.
#[derive(Clone, Copy)]
enum Change {
    /// Other markup, or something else beside the list.
    Looks(Leaves, fn(&Page) -> Option<Element>),
    /// Other posts.
    Posts(fn(&Page) -> Option<content::Grown>),
}

const CHANGES: [(&str, Change); 19] = {
    use Change::{Looks, Posts};
    [
        (
            "written out again",
            Looks(Leaves::Posts, markup::written_again),
        ),
        (
            "all class names renamed",
            Looks(Leaves::Posts, markup::classes_renamed),
        ),
        (
            "posts wrapped in two more elements",
            Looks(Leaves::Posts, markup::items_wrapped),
        ),
        (
            "list wrapped in two more elements",
            Looks(Leaves::Posts, markup::list_wrapped),
        ),
        (
            "article and li become div",
            Looks(Leaves::Posts, markup::items_renamed),
        ),
        (
            "list becomes table, table list",
            Looks(Leaves::Posts, markup::list_to_table),
        ),
        (
            "two fields swapped",
            Looks(Leaves::Posts, markup::fields_swapped),
        ),
        (
            "date format changed",
            Looks(Leaves::Posts, markup::dates_rewritten),
        ),
        ("half gone, new ones added", Posts(content::half_new)),
        ("nearly all are new", Posts(content::nearly_all_new)),
        (
            "redesigned, and one is new",
            Posts(content::redesigned_with_one_new),
        ),
        (
            "promotions before it",
            Looks(Leaves::Posts, content::promotions),
        ),
        (
            "promotions of another site before it",
            Looks(Leaves::Posts, content::promotions_elsewhere),
        ),
        (
            "promotions in the markup of posts",
            Looks(Leaves::Posts, content::promotions_as_posts),
        ),
        (
            "posts at other addresses",
            Looks(Leaves::Moved, content::addresses_changed),
        ),
        (
            "list removed",
            Looks(Leaves::Nothing, content::list_removed),
        ),
        (
            "posts removed",
            Looks(Leaves::Nothing, content::items_removed),
        ),
        ("login wall", Looks(Leaves::Nothing, content::login)),
        ("we moved", Looks(Leaves::Nothing, content::moved)),
    ]
};

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Healed,
    Quarantined,
    Wrong,
}

/// One change of one page.
struct Trial {
    change: usize,
    end: End,
    lists_posts: bool,
    details: String,
}

/// Judges a run by what careful people read from the page before and after.
fn judge(page: &Page, leaves: Leaves, new: &[Post], before: &Ran, after: &Ran) -> (End, String) {
    let mut wrong = String::new();
    let is_of = |post: &Post, seen: &Seen| {
        Url::parse(&seen.url).is_ok_and(|url| key(&url) == key(&post.url))
            && letters(&seen.title) == letters(&post.title)
    };
    let right = |seen: &Seen| {
        let mut posts = page.posts.iter().chain(new);
        posts.any(|post| {
            let day = post.day.map(|day| day.to_string());
            is_of(post, seen) && day.is_none_or(|day| seen.date.starts_with(&day))
        })
    };
    for (id, seen) in &before.published {
        match after.published.get(id) {
            None => writeln!(wrong, "    lost {seen:?}").unwrap(),
            Some(now) if leaves == Leaves::Moved && now.is_elsewhere(seen) => {}
            // an entry that had been misread may be mended
            Some(now) if now != seen && (right(seen) || !right(now)) => {
                writeln!(wrong, "    was {seen:?}\n    is  {now:?}").unwrap();
            }
            Some(_) => {}
        }
    }
    let added = after.published.iter();
    let added: Vec<&Seen> = added
        .filter(|(id, _)| !before.published.contains_key(*id))
        .map(|(_, seen)| seen)
        .collect();
    for seen in &added {
        let is_moved = leaves == Leaves::Moved;
        let is_titled = |title: &str| letters(title) == letters(&seen.title);
        // at another address a post may be seen that never was: each that was, once
        let is_known = (before.published.values())
            .any(|old| old.url == seen.url || is_moved && is_titled(&old.title));
        let is_right = right(seen) || is_moved && page.posts.iter().any(|it| is_titled(&it.title));
        if !is_right || is_known {
            writeln!(wrong, "    added {seen:?}").unwrap();
        }
    }
    let missing = new
        .iter()
        .filter(|post| !added.iter().any(|seen| is_of(post, seen)))
        .count();
    let is_told = after.outcome.kind.is_failure() || after.outcome.kind == OutcomeKind::Empty;
    let end = if !wrong.is_empty() {
        End::Wrong
    } else if is_told {
        End::Quarantined
    } else if leaves == Leaves::Nothing {
        writeln!(wrong, "    nothing was told").unwrap();
        End::Wrong
    } else if missing > 0 {
        writeln!(wrong, "    {missing} of {} new ones are missing", new.len()).unwrap();
        End::Quarantined
    } else {
        End::Healed
    };
    (end, wrong)
}

/// Puts one page through all changes.
fn put_through(name: &str, page: &Page) -> Vec<Trial> {
    let reader = Reader::new(&page.url);
    let before = reader.reads(&page.html);
    assert!(
        !before.outcome.kind.is_failure(),
        "{name}: {:?}",
        before.outcome
    );
    reader.keep(false);
    let mut results = Vec::new();
    for (change, (what, make)) in CHANGES.iter().enumerate() {
        let (leaves, changed) = match make {
            Change::Looks(leaves, make) => (*leaves, make(page).map(|tree| (tree, Vec::new()))),
            Change::Posts(make) => (Leaves::Posts, make(page)),
        };
        let Some((tree, new)) = changed else { continue };
        reader.keep(true);
        let after = reader.reads(&tree.html());
        let (end, wrong) = judge(page, leaves, &new, &before, &after);
        let Outcome {
            kind,
            error,
            warnings,
            updated,
            ..
        } = &after.outcome;
        results.push(Trial {
            change,
            end,
            lists_posts: leaves == Leaves::Posts,
            details: format!(
                "{name:36} {what:36} {end:?} {} ({updated} updated) {} {warnings:?}\n{wrong}",
                kind.as_str(),
                error.as_deref().unwrap_or_default()
            ),
        });
        if let Ok(folder) = std::env::var("AGG_REDESIGNS") {
            let name = format!("{name}.{}.html", what.replace([' ', ','], "-"));
            fs::write(Path::new(&folder).join(name), tree.html()).unwrap();
        }
    }
    results
}

/// The index pages of `fixtures/web`, with what `fixtures/expected.json` says of them.
fn own_pages() -> Vec<(String, Page)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let text = fs::read_to_string(root.join("expected.json")).unwrap();
    let pages: Vec<Value> = serde_json::from_str(&text).unwrap();
    pages
        .iter()
        .map(|page| {
            let url = Url::parse(page["page"].as_str().unwrap()).unwrap();
            let recorded = fs::read_to_string(root.join("web").join(file_name(&url))).unwrap();
            let html = recorded.split_once("\n\n").unwrap().1.to_owned();
            // the posts are told without their addresses there
            let read = Reader::new(&url).reads(&html).published;
            let posts = page["entries"].as_array().unwrap().iter().map(|entry| {
                let title = entry["title"].as_str().unwrap();
                let seen = read.values().find(|seen| seen.title == title).unwrap();
                post(&seen.url, entry)
            });
            let posts = posts.collect();
            let name = url.host_str().unwrap_or_default().to_owned();
            (name, Page::new(url, html, posts))
        })
        .collect()
}

/// Labelled pages of real sites, where a folder of them stands beside the checkout; only those that list posts.
fn real_pages() -> Vec<(String, Page)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/pages");
    let Ok(folders) = fs::read_dir(root) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = folders.map(|folder| folder.unwrap().path()).collect();
    folders.sort();
    folders
        .iter()
        .filter_map(|folder| {
            let gold = fs::read_to_string(folder.join("gold.json")).ok()?;
            let gold: Value = serde_json::from_str(&gold).unwrap();
            let items = gold["items"].as_array().unwrap();
            let posts: Vec<Post> = items
                .iter()
                .map(|item| post(item["url"].as_str().unwrap(), item))
                .collect();
            let url = Url::parse(gold["page_url"].as_str().unwrap()).unwrap();
            let html =
                String::from_utf8_lossy(&fs::read(folder.join("page.html")).unwrap()).into_owned();
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            (!posts.is_empty()).then(|| (name, Page::new(url, html, posts)))
        })
        .collect()
}

fn post(url: &str, entry: &Value) -> Post {
    let text = |key: &str| entry[key].as_str().unwrap_or_default();
    Post {
        url: Url::parse(url).unwrap(),
        title: text("title").to_owned(),
        day: NaiveDate::parse_from_str(text("date"), "%Y-%m-%d").ok(),
        summary: text("summary").chars().take(100).collect(),
    }
}

#[test]
fn a_page_that_changes_is_healed_or_reported_and_nothing_wrong_is_published() {
    let pages = [own_pages(), real_pages()].concat();
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Trial>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((name, page)) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let done = put_through(name, page);
                    results.lock().unwrap().extend(done);
                }
            });
        }
    });
    let results = results.into_inner().unwrap();
    let mut table = format!(
        "{:40} {:>6} {:>11} {:>5}\n",
        "change", "healed", "quarantined", "wrong"
    );
    for (at, (what, _)) in CHANGES.iter().enumerate() {
        let count = |end| {
            results
                .iter()
                .filter(|it| it.change == at && it.end == end)
                .count()
        };
        let counts = [End::Healed, End::Quarantined, End::Wrong].map(count);
        writeln!(
            table,
            "{what:40} {:>6} {:>11} {:>5}",
            counts[0], counts[1], counts[2]
        )
        .unwrap();
    }
    let listing: Vec<&Trial> = results.iter().filter(|it| it.lists_posts).collect();
    let healed = listing.iter().filter(|it| it.end == End::Healed).count();
    let wrong = results.iter().filter(|it| it.end == End::Wrong).count();
    writeln!(
        table,
        "\nhealed {healed} of {} that still list posts",
        listing.len()
    )
    .unwrap();
    let details: String = results
        .iter()
        .filter(|it| it.end == End::Wrong || it.lists_posts && it.end != End::Healed)
        .map(|it| it.details.as_str())
        .collect();
    println!("{table}\n{details}");
    assert_eq!(wrong, 0, "{table}\n{details}");
    assert!(healed * 100 >= listing.len() * 95, "{table}\n{details}");
}
