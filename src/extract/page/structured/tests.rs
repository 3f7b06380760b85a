//! Each page of `fixtures/structured` opens by saying what it shows and what comes out: a line an entry, or `none`. Its parts
//! are address, title, date, summary, tags, read time and authors.

use std::path::Path;

use proptest::prelude::*;
use url::Url;

use super::super::{Page, PageError, parse};
use crate::model::{Field, RawEntry, Text, Tier};

const PAGE: &str = "https://saltfish.example/blog/";

fn line(entry: &RawEntry) -> String {
    let text = |text: &Option<Text>| text.as_ref().map_or("", Text::as_str).to_owned();
    let authors: Vec<&str> = entry
        .authors
        .iter()
        .map(|author| author.name.as_str())
        .collect();
    let by = if authors.is_empty() { "" } else { "by " };
    let parts = [
        entry.url.clone().unwrap_or_default(),
        text(&entry.title),
        entry.published.clone().unwrap_or_default(),
        text(&entry.summary),
        entry.tags.join("+"),
        entry.read_time.clone().unwrap_or_default(),
        format!("{by}{}", authors.join("+")),
    ];
    spaced(&parts.join(" | "))
}

fn spaced(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(html: &str, url: &str) -> Result<Page, PageError> {
    super::super::read(&parse(html)?, &Url::parse(url).unwrap(), None, None)
}

fn told(html: &str, url: &str) -> Vec<String> {
    match read(html, url) {
        Ok(page) => page.entries.iter().map(line).collect(),
        Err(PageError::NoListing { .. }) => vec!["none".to_owned()],
        Err(error) => panic!("{error}"),
    }
}

/// What the comment at the top of a fixture says: the page's address, and its entries.
fn expected(html: &str) -> (String, Vec<String>) {
    let comment = html
        .strip_prefix("<!--")
        .and_then(|rest| rest.split_once("-->"))
        .unwrap()
        .0;
    let url = comment
        .lines()
        .find_map(|line| line.strip_prefix("url: "))
        .unwrap_or(PAGE);
    let entries = comment.replace(&format!("url: {url}"), "");
    let entries = entries.split("\n= ").skip(1).map(spaced).collect();
    (url.to_owned(), entries)
}

#[test]
fn every_form_gives_its_posts_and_every_trap_none() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/structured");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    paths.sort();
    let mut wrong = Vec::new();
    for path in &paths {
        let html = std::fs::read_to_string(path).unwrap();
        let (url, wanted) = expected(&html);
        let got = told(&html, &url);
        if got != wanted {
            let name = path.file_name().unwrap().display();
            wrong.push(format!("{name}\n  wanted {wanted:#?}\n  got {got:#?}"));
        }
    }
    assert!(paths.len() > 30 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A page that shows nothing, with `posts` in its JSON-LD.
fn shell(posts: &str) -> String {
    format!(
        "<body><main></main><script type='application/ld+json'>{{\"@type\":\"Blog\",\"blogPost\":[{posts}]}}</script></body>"
    )
}

#[test]
fn what_scripts_carry_is_marked_as_structured_and_said() {
    let posts = r#"{"@type":"BlogPosting","headline":"Gulls","url":"/blog/gulls","datePublished":"2024-01-02","inLanguage":{"@type":"Language","name":"English","alternateName":"en"},"image":["/a.jpg","/b.jpg"],"dateModified":"2024-02-02"}"#;
    let page = read(&shell(posts), PAGE).unwrap();
    let entry = &page.entries[0];
    assert_eq!(entry.language.as_deref(), Some("en"));
    assert_eq!(entry.image.as_deref(), Some("/a.jpg"));
    assert_eq!(entry.updated.as_deref(), Some("2024-02-02"));
    assert!(
        entry
            .provenance
            .values()
            .all(|tier| *tier == Tier::Structured)
    );
    assert!(entry.provenance.contains_key(&Field::Title));
    assert!(page.warnings[0].contains("JSON-LD"), "{:?}", page.warnings);
}

#[test]
fn the_fullest_account_of_a_post_is_put_together_from_all_forms() {
    let html = format!(
        "{}<script>var posts = [{{url:'/blog/gulls',title:'Gulls',date:'2020-01-01',excerpt:'Loud.',tags:['birds']}}]</script>",
        shell(
            r#"{"@type":"BlogPosting","headline":"Gulls","url":"/blog/gulls","datePublished":"2024-01-02"}"#
        )
    );
    assert_eq!(
        told(&html, PAGE),
        ["/blog/gulls | Gulls | 2024-01-02 | Loud. | birds | |"]
    );
}

#[test]
fn a_slug_that_is_linked_tells_where_the_others_stand() {
    let state = r#"<script id=__NEXT_DATA__ type=application/json>{"posts":[{"slug":"2024/gulls","title":"Gulls","date":"2024-01-02"},{"slug":"2023/ropes","title":"Ropes","date":"2023-01-02"}]}</script>"#;
    let urls = |page: &str, link: &str| -> Vec<String> {
        let html = format!("<body><main><p>Read <a href={link}>this</a></p></main>{state}</body>");
        let lines = told(&html, page);
        lines
            .iter()
            .map(|line| line.split(' ').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        urls("https://saltfish.example/", "/log/2023/ropes.html"),
        [
            "https://saltfish.example/log/2024/gulls.html",
            "https://saltfish.example/log/2023/ropes.html"
        ]
    );
    assert_eq!(
        urls("https://saltfish.example/log/page/3", "/about"),
        ["/log/2024/gulls", "/log/2023/ropes"]
    );
    assert_eq!(urls("https://saltfish.example/", "/about"), ["none"]);
}

#[test]
fn an_address_in_the_data_tells_where_a_slug_stands() {
    let html = r#"<body><script type=application/json>{"nav":"/log/gulls","cover":"/images/gulls","posts":[{"slug":"gulls","title":"Gulls","date":"2024-01-02"},{"slug":"ropes","title":"Ropes","date":"2023-01-02"}]}</script></body>"#;
    assert_eq!(
        told(html, "https://saltfish.example/"),
        [
            "https://saltfish.example/log/gulls | Gulls | 2024-01-02 | | | |",
            "https://saltfish.example/log/ropes | Ropes | 2023-01-02 | | | |"
        ]
    );
}

#[test]
fn an_article_tells_its_date_and_author_in_microdata_or_hatom() {
    let url = Url::parse("https://saltfish.example/blog/gulls").unwrap();
    let text = "<p>They shout from both sides of the pier.</p>";
    for html in [
        format!(
            "<article itemscope itemtype='http://schema.org/BlogPosting'><h1 itemprop=headline>Gulls</h1><meta itemprop=datePublished content=2024-01-02><i itemprop=author>Ida</i>{text}</article>"
        ),
        format!(
            "<article class='post hentry'><h1 class=entry-title>Gulls</h1><abbr class=published title=2024-01-02></abbr><i class='author vcard'><b class=fn>Ida</b></i>{text}</article>"
        ),
    ] {
        let entry = super::super::article(&html, &url).unwrap();
        assert_eq!(entry.published.as_deref(), Some("2024-01-02"), "{html}");
        assert_eq!(entry.authors[0].name, "Ida");
    }
}

#[test]
fn items_that_refer_to_each_other_in_a_circle_end() {
    let html = "<div itemscope itemtype='https://schema.org/Blog' id=a itemref='b a'><div id=b itemprop=blogPost itemscope itemtype='https://schema.org/Blog' itemref='a b'></div></div>";
    assert_eq!(told(html, PAGE), ["none"]);
    let devalue = r#"<script type=application/json>[["Reactive",1],{"posts":2,"self":1},[3,2],{"title":4,"slug":4,"date":5,"posts":2},"Gulls","2024-01-02"]</script>"#;
    told(devalue, PAGE);
    let flight = r#"<script>self.__next_f.push([1,"1:[\"$1\",{\"posts\":\"$1\",\"title\":\"$2\"}]\n2:\"$2\"\n"])</script>"#;
    told(flight, PAGE);
}

fn scrap() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(vec![
        "<script type=application/ld+json>",
        "<script type=application/json>",
        "<script>",
        "</script>",
        "self.__next_f.push([1,\"",
        "\"])",
        "1:T5,",
        "2:[",
        "\\n",
        "{\"@type\":\"Blog\",\"blogPost\":[",
        "{\"@type\":\"BlogPosting\",",
        "\"headline\":\"Gulls\",",
        "\"url\":\"/blog/gulls\",",
        "\"datePublished\":\"2024-01-02\"",
        "}",
        "]",
        "[",
        "{",
        ",",
        "window.__NUXT__=(function(a){return ",
        "}(1))",
        "[[\"Reactive\",1],",
        "{\"a\":1}",
        "-1",
        "\"$1\"",
        "\"$L1:props:0\"",
        "x=JSON.parse('",
        "')",
        "<div itemscope itemtype=http://schema.org/BlogPosting itemref=a>",
        "<div id=a itemprop=blogPost>",
        "<span itemprop=headline>",
        "<div class='h-feed'>",
        "<div class='h-entry hentry'>",
        "<b class='p-name value dt-published'>",
        "<abbr class=published title=2024-01-02>",
        "<div typeof=schema:Article property=x>",
        "</div>",
        "text",
        "<astro-island props='{\"a\":[1,[[0,",
        "'>",
        ".streamController.enqueue(\"[{\\\"_1\\\":2}",
        "&quot;",
        "<!--",
        "-->",
        "<![CDATA[",
        "日",
        "\\ud800",
        "posts:[{slug:'a',title:'b',date:1700000000}]",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

#[test]
fn a_script_may_begin_with_any_letter() {
    for script in ["日{", "é[1]", "𝒽={}日{"] {
        let html = format!("<a href=/blog/gulls>Gulls</a><script>{script}</script>");
        assert!(read(&html, PAGE).is_err(), "{script}");
    }
}

proptest! {
    #[test]
    fn no_page_stops_the_reading_of_its_data(scraps in proptest::collection::vec(scrap(), 0..50)) {
        let html = scraps.concat();
        let url = Url::parse(PAGE).unwrap();
        let _ = read(&html, PAGE);
        let _ = super::super::article(&html, &url);
    }
}
