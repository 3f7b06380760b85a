//! The whole history of a feed can be read in pages (RFC 5005), and a page that is closed never changes again.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::Value;

use crate::planet::{Planet, Post, posts};

const SMALL: &str = "[publish]\narchive = 4\nhold = 1000\n[[feed]]\nid = \"all\"\nlimit = 3\n";

/// The files of the archive by name.
fn pages(planet: &Planet) -> BTreeMap<String, Vec<u8>> {
    let Ok(found) = fs::read_dir(planet.agg.path("public/archive")) else {
        return BTreeMap::new();
    };
    found
        .map(|file| {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            (name, fs::read(file.path()).unwrap())
        })
        .collect()
}

/// The address in the link of that relation.
fn link(atom: &str, rel: &str) -> Option<String> {
    let feed: atom_syndication::Feed = atom.parse().unwrap();
    let found = feed.links.iter().find(|link| link.rel == rel);
    found.map(|link| link.href.replace("http://127.0.0.1:8080/", ""))
}

fn is_closed(atom: &str) -> bool {
    atom.contains("<fh:archive")
}

fn ids(planet: &Planet, file: &str) -> Vec<String> {
    let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
    planet.items(file).iter().map(id).collect()
}

#[test]
fn a_short_feed_has_no_archive() {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", posts(0..9));
    planet.fetch();
    assert!(pages(&planet).is_empty());
    assert_eq!(
        link(&planet.agg.read("public/atom.xml"), "prev-archive"),
        None
    );
}

#[test]
fn the_history_can_be_followed_from_the_front_page_to_the_first_entry() {
    let planet = Planet::new(SMALL, &["quay"]);
    planet.show("quay", posts(0..10));
    planet.fetch();
    let front = planet.agg.read("public/atom.xml");
    assert!(!is_closed(&front));
    assert_eq!(link(&front, "prev-archive").unwrap(), "archive/3.xml");
    let open = planet.agg.read("public/archive/3.xml");
    assert!(
        !is_closed(&open),
        "it still changes, and does not say otherwise"
    );
    assert_eq!(link(&open, "self").unwrap(), "archive/3.xml");
    assert_eq!(link(&open, "current").unwrap(), "atom.xml");
    assert_eq!(link(&open, "next-archive"), None);
    let second = planet.agg.read("public/archive/2.xml");
    assert!(is_closed(&second));
    assert_eq!(link(&second, "prev-archive").unwrap(), "archive/1.xml");
    assert_eq!(link(&second, "next-archive").unwrap(), "archive/3.xml");
    assert_eq!(
        link(&planet.agg.read("public/archive/1.xml"), "prev-archive"),
        None
    );
    // the same in JSON, page by page
    let mut file = "feed.json".to_owned();
    let mut seen = Vec::new();
    loop {
        let feed: Value =
            serde_json::from_str(&planet.agg.read(&format!("public/{file}"))).unwrap();
        assert!(feed["feed_url"].as_str().unwrap().ends_with(&file));
        for item in feed["items"].as_array().unwrap() {
            if !seen.contains(&item["title"]) {
                seen.push(item["title"].clone());
            }
        }
        match feed["next_url"].as_str() {
            Some(next) => file = next.replace("http://127.0.0.1:8080/", ""),
            None => break,
        }
    }
    let all: Vec<String> = (0..10).rev().map(|n| format!("quay post-{n}")).collect();
    assert_eq!(seen, all);
}

#[test]
fn what_stays_off_the_front_page_is_in_the_archive() {
    let planet = Planet::new("[publish]\nfirst = 1\n", &["quay"]);
    planet.show("quay", posts(0..2));
    planet.fetch();
    assert!(pages(&planet).is_empty());
    planet.configure("[publish]\nfirst = 1\n", &["quay", "mole"]);
    planet.show("mole", posts(0..3));
    planet.fetch();
    assert_eq!(ids(&planet, "public/feed.json").len(), 3);
    assert_eq!(ids(&planet, "public/archive/1.json").len(), 5);
}

#[test]
fn a_closed_page_outlives_edits_lost_files_and_departed_sources() {
    let planet = Planet::new(SMALL, &["quay", "mole"]);
    planet.show("quay", posts(0..9));
    planet.show("mole", posts(0..1));
    planet.fetch();
    let before = pages(&planet);
    let mut edited = posts(0..9);
    for post in &mut edited {
        post.text = "Quite another text.".to_owned();
    }
    planet.show("quay", edited);
    planet.fetch();
    planet.configure(SMALL, &["mole"]);
    fs::remove_dir_all(planet.agg.path("public")).unwrap();
    planet.publish();
    let after = pages(&planet);
    for page in ["1.xml", "2.xml", "1.json", "2.json"] {
        assert_eq!(after[page], before[page], "{page}");
    }
    assert!(!planet.agg.read("public/atom.xml").contains("quay"));
}

#[test]
fn at_another_address_a_closed_page_holds_all_that_it_held() {
    let planet = Planet::new(SMALL, &["quay", "mole"]);
    planet.show("quay", posts(0..6));
    planet.show("mole", posts(6..9));
    planet.fetch();
    let at = |host: &str| format!("{SMALL}[site]\nurl = \"https://{host}.example/\"\n");
    let closed = || {
        let pages = pages(&planet);
        (pages["1.xml"].clone(), pages["1.json"].clone())
    };
    planet.configure(&at("one"), &["quay", "mole"]);
    planet.publish();
    let before = closed();
    // what the pages were made from is gone, but for what stands there
    planet.configure(&at("two"), &["mole"]);
    planet.publish();
    let there = closed();
    assert!(String::from_utf8_lossy(&there.0).contains("https://two.example/archive/1.xml"));
    assert_ne!(there, before);
    planet.configure(&at("one"), &["mole"]);
    planet.publish();
    assert!(
        closed() == before,
        "nothing but the address was another one"
    );
}

#[test]
fn at_another_address_the_pages_lead_to_each_other_there() {
    let planet = Planet::new(SMALL, &["quay"]);
    planet.show("quay", posts(0..6));
    planet.fetch();
    planet.configure(
        &format!("{SMALL}[site]\nurl = \"https://planet.example/\"\n"),
        &["quay"],
    );
    planet.publish();
    let page = planet.agg.read("public/archive/1.xml");
    assert_eq!(
        link(&page, "current").unwrap(),
        "https://planet.example/atom.xml"
    );
}

/// Something that happens between two runs.
#[derive(Clone, Debug)]
enum Happening {
    /// The blog with that number publishes so many posts, and drops those that it has shown long.
    Writes(usize, u32),
    /// It edits what it shows.
    Edits(usize),
    /// The feeds are written again from the archive.
    Republished,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => (0..2usize, 1..6u32).prop_map(|(blog, count)| Happening::Writes(blog, count)),
        1 => (0..2usize).prop_map(Happening::Edits),
        1 => Just(Happening::Republished),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn whatever_happens_closed_pages_stay_and_every_entry_is_on_one_page(
        happenings in proptest::collection::vec(happening(), 1..7),
    ) {
        let blogs = ["quay", "mole"];
        let planet = Planet::new(SMALL, &blogs);
        let mut shown: [Vec<Post>; 2] = [posts(0..2), Vec::new()];
        let mut next: [u32; 2] = [2, 0];
        let mut closed: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for happening in happenings {
            match happening {
                Happening::Writes(blog, count) => {
                    let mut new = posts(next[blog]..next[blog] + count);
                    next[blog] += count;
                    new.append(&mut shown[blog]);
                    new.truncate(8);
                    shown[blog] = new;
                }
                Happening::Edits(blog) => {
                    for post in &mut shown[blog] {
                        post.text.push_str(" Mended.");
                    }
                }
                Happening::Republished => {}
            }
            for (blog, posts) in blogs.iter().zip(&shown) {
                planet.show(blog, posts.clone());
            }
            planet.fetch();
            let pages = pages(&planet);
            for (name, bytes) in &closed {
                prop_assert_eq!(&pages[name], bytes, "{} has changed", name);
            }
            // each page is there in two formats
            let last = pages.len() / 2;
            for (name, bytes) in pages {
                if name.trim_end_matches(".xml").trim_end_matches(".json") != last.to_string() {
                    closed.insert(name, bytes);
                }
            }
            let mut archived: Vec<String> = (1..=last)
                .flat_map(|page| ids(&planet, &format!("public/archive/{page}.json")))
                .collect();
            let count = archived.len();
            archived.sort();
            archived.dedup();
            prop_assert_eq!(archived.len(), count, "an entry is on two pages");
            let front = ids(&planet, "public/feed.json");
            if last == 0 {
                archived = front;
            } else {
                prop_assert!(front.iter().all(|id| archived.contains(id)));
            }
            prop_assert_eq!(archived.len(), (next[0] + next[1]) as usize, "an entry is lost");
        }
    }
}

/// What the service answers to `GET path` with that header more, as text.
fn ask(address: &str, path: &str, header: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\n{header}Connection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_service_sends_closed_pages_with_validators() {
    let planet = Planet::new(SMALL, &["quay"]);
    planet.show("quay", posts(0..6));
    planet.fetch();
    let mut service = Command::new(env!("CARGO_BIN_EXE_agg"))
        .current_dir(planet.agg.path(""))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env_remove("AGG_CONFIG")
        .env_remove("AGG_LOG")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(service.stderr.take().unwrap());
    let mut said = said.lines().map_while(Result::ok);
    let address = said.find_map(|line| {
        let address = line.split("http://").nth(1)?.split('/').next()?;
        Some(address.to_owned())
    });
    let address = address.expect("it says where it serves");
    // it publishes once before it asks any source; what it says meanwhile must be read
    let drain = std::thread::spawn(move || said.for_each(drop));
    let sent = (0..200).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        let sent = ask(&address, "/archive/1.xml", "");
        sent.starts_with("HTTP/1.1 200").then_some(sent)
    });
    let tag = sent.as_ref().and_then(|sent| {
        let head = sent.to_ascii_lowercase();
        let at = head.find("\r\netag: ")? + "\r\netag: ".len();
        sent[at..].split("\r\n").next()
    });
    let again = tag.map(|tag| {
        let header = format!("If-None-Match: {tag}\r\n");
        ask(&address, "/archive/1.xml", &header)
    });
    let missing = ask(&address, "/archive/9.xml", "");
    service.kill().unwrap();
    service.wait().unwrap();
    drain.join().unwrap();
    let sent = sent.expect("the page is served");
    assert!(
        sent.ends_with(&planet.agg.read("public/archive/1.xml")),
        "{sent}"
    );
    assert!(
        sent.to_ascii_lowercase().contains("last-modified: "),
        "{sent}"
    );
    assert!(again.unwrap().starts_with("HTTP/1.1 304"));
    assert!(missing.starts_with("HTTP/1.1 404"), "{missing}");
}
