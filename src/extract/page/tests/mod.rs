use super::*;
use crate::model::{Field, FieldRule, Text, Tier};

mod any_input;

const PAGE: &str = "https://blog.example/blog/";

fn page(html: &str) -> Result<Page, PageError> {
    read(html, &Url::parse(PAGE).unwrap(), None)
}

pub(super) fn read(html: &str, url: &Url, select: Option<&Wrapper>) -> Result<Page, PageError> {
    super::read(&parse(html)?, url, select, None)
}

/// Each entry as one line: path, title, date, summary, tags, read time; what is missing is left out.
pub(super) fn told(html: &str) -> Vec<String> {
    page(html)
        .map(|page| page.entries.iter().map(line).collect())
        .unwrap_or_default()
}

fn line(entry: &RawEntry) -> String {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.as_str().to_owned());
    let mut parts = vec![entry.url.clone().unwrap_or_default()];
    parts.extend(text(&entry.title));
    parts.extend(entry.published.clone());
    parts.extend(text(&entry.summary));
    parts.extend((!entry.tags.is_empty()).then(|| entry.tags.join("+")));
    parts.extend(entry.read_time.clone());
    parts.join(" | ")
}

pub(super) fn around(main: &str) -> String {
    format!(
        "<html><head><title>A blog</title></head><body><header><a href=/>A blog</a><nav><ul><li><a href=/about>About me</a>\
         <li><a href=/projects-and-talks>Projects and talks</a><li><a href=/contact>Contact</a></ul></nav></header>\
         <main>{main}</main><footer><p>All rights reserved. <a href=/privacy>Privacy</a> <a href=/feed.xml>Feed</a></p>\
         </footer></body></html>"
    )
}

pub(super) const PROSE: &str =
    "What happened when the lighthouse lost its lamp, told by the people who had to row out.";

#[test]
fn cards_give_title_date_summary_and_tags() {
    let html = around(&format!(
        "<h1>Writing</h1><article><h2><a href=/blog/lamp>The lamp goes out</a></h2><p class=meta><time datetime=2024-03-05>5 March 2024</time> \
         · 4 min read</p><p>{PROSE}</p><ul class=tags><li><a href=/tags/sea>sea</a></li><li><a href=/tags/light>light</a></li></ul>\
         <a href=/blog/lamp>Read more</a></article><article><h2><a href=/blog/tide>High tide, low budget</a></h2><p class=meta>\
         <time datetime=2024-02-01>1 February 2024</time> · 12 min read</p><p>{PROSE}</p><ul class=tags><li><a href=/tags/sea>sea</a>\
         </li></ul><a href=/blog/tide>Read more</a></article>"
    ));
    assert_eq!(
        told(&html),
        [
            format!(
                "/blog/lamp | The lamp goes out | 5 March 2024 | {PROSE} | sea+light | 4 min read"
            ),
            format!(
                "/blog/tide | High tide, low budget | 1 February 2024 | {PROSE} | sea | 12 min read"
            ),
        ]
    );
}

#[test]
fn the_menu_and_the_tag_cloud_are_no_posts() {
    let tags: String = [
        "rust", "sea", "lamps", "boats", "maps", "ropes", "tools", "birds",
    ]
    .map(|tag| format!("<li><a href=/tags/{tag}>{tag}</a></li>"))
    .concat();
    let html = around(&format!(
        "<ul>{tags}</ul><ul><li><a href=/why-boats-float>Why boats float</a><li><a href=/how-to-splice-a-rope>How to splice a rope</a>\
         <li><a href=/maps-of-the-sea-floor>Maps of the sea floor</a></ul>"
    ));
    assert_eq!(
        told(&html),
        [
            "/why-boats-float | Why boats float",
            "/how-to-splice-a-rope | How to splice a rope",
            "/maps-of-the-sea-floor | Maps of the sea floor"
        ]
    );
}

#[test]
fn headings_and_paragraphs_without_a_block_of_their_own_make_items() {
    let html = around(&format!(
        "<h1>Log</h1><h2>Wind from the north</h2><p>{PROSE}</p><p class=posted>Posted on June 3, 2021 · <a href=/log/wind>permalink</a></p>\
         <h2>A day of fog</h2><p>{PROSE}</p><p class=posted>Posted on June 1, 2021 · <a href=/log/fog>permalink</a></p>\
         <h2>New ropes arrived</h2><p>{PROSE}</p><p class=posted>Posted on May 28, 2021 · <a href=/log/ropes>permalink</a></p>"
    ));
    assert_eq!(
        told(&html),
        [
            format!("/log/wind | Wind from the north | June 3, 2021 | {PROSE}"),
            format!("/log/fog | A day of fog | June 1, 2021 | {PROSE}"),
            format!("/log/ropes | New ropes arrived | May 28, 2021 | {PROSE}"),
        ]
    );
}

#[test]
fn links_between_line_breaks_are_items_with_the_date_of_their_line() {
    let html = around(
        "<p>2023-05-01 <a href=/a-first-look>A first look at sails</a><br>2023-04-02 <a href=/second-thoughts-on-oars>Second thoughts on \
         oars</a><br>2023-03-03 <a href=/third-time-lucky>Third time lucky</a></p>",
    );
    assert_eq!(
        told(&html),
        [
            "/a-first-look | A first look at sails | 2023-05-01",
            "/second-thoughts-on-oars | Second thoughts on oars | 2023-04-02",
            "/third-time-lucky | Third time lucky | 2023-03-03",
        ]
    );
}

#[test]
fn several_table_rows_make_one_item() {
    let row = |slug: &str, title: &str| {
        format!(
            "<tr><td colspan=2><a href={slug}.htm>{title}</a></td></tr><tr><td><a href={slug}.htm><img src={slug}.jpg></a></td><td>{PROSE}\
             </td></tr><tr><td colspan=2><hr></td></tr>"
        )
    };
    let html = around(&format!(
        "<table>{}{}{}</table>",
        row("harbour", "Songs of the harbour"),
        row("gulls", "Gulls in stereo"),
        row("foghorn", "The foghorn sessions")
    ));
    assert_eq!(
        told(&html),
        [
            format!("harbour.htm | Songs of the harbour | {PROSE}"),
            format!("gulls.htm | Gulls in stereo | {PROSE}"),
            format!("foghorn.htm | The foghorn sessions | {PROSE}"),
        ]
    );
}

#[test]
fn a_year_heading_completes_a_day_and_month() {
    let html = around(
        "<h2>2024</h2><ul><li><span>11/14</span> <a href=/p/one>Ropes and how to trust them</a></li><li><span>3/2</span> \
         <a href=/p/two>Paint for wet wood</a></li></ul><h2>2023</h2><ul><li><span>12/30</span> <a href=/p/three>A year at sea</a></li></ul>",
    );
    assert_eq!(
        told(&html),
        [
            "/p/one | Ropes and how to trust them | 2024-11-14",
            "/p/two | Paint for wet wood | 2024-03-02",
            "/p/three | A year at sea | 2023-12-30",
        ]
    );
}

#[test]
fn a_year_heading_alone_is_no_date() {
    let html = around(
        "<h2>2024</h2><ul><li><a href=/p/one>Ropes and how to trust them</a></li><li><a href=/p/two>Paint for wet wood</a></li></ul>\
         <h2>2023</h2><ul><li><a href=/p/three>A year at sea with no engine</a></li></ul>",
    );
    assert!(
        page(&html)
            .unwrap()
            .entries
            .iter()
            .all(|entry| entry.published.is_none())
    );
    assert_eq!(told(&html).len(), 3);
}

#[test]
fn a_date_over_several_spans_is_put_together() {
    let item = |day: &str, slug: &str, title: &str| {
        format!(
            "<li><div class=cal><span>{day}</span><span>Sep</span><span>2022</span></div><h3><a href=/n/{slug}>{title}</a></h3></li>"
        )
    };
    let html = around(&format!(
        "<ul>{}{}</ul>",
        item("14", "a", "Knots worth knowing"),
        item("2", "b", "Buoys, a love story")
    ));
    let page = page(&html).unwrap();
    let days: Vec<_> = page
        .entries
        .iter()
        .map(|e| {
            dates::day(e.published.as_deref().unwrap())
                .unwrap()
                .to_string()
        })
        .collect();
    assert_eq!(days, ["2022-09-14", "2022-09-02"]);
}

#[test]
fn a_whole_date_above_each_post_is_its_date_with_the_year_first_too() {
    let posts: Vec<String> = [("2024-03-05, 00:00", "lamp"), ("2024-02-01, 00:00", "tide")]
        .iter()
        .map(|(date, slug)| format!("<h1 class=day>{date}</h1><section><h2><a href=/blog/{slug}>The {slug} and the keeper</a></h2><p>{PROSE}</p></section>"))
        .collect();
    let told = told(&around(&posts.concat()));
    assert!(told[0].contains("| 2024-03-05, 00:00 |"), "{told:?}");
    assert!(told[1].contains("| 2024-02-01, 00:00 |"), "{told:?}");
}

#[test]
fn a_day_before_or_behind_the_title_goes_with_the_year_above() {
    for (before, behind) in [("March 30 - ", ""), ("", " - March 30")] {
        let html = around(&format!(
            "<h2>2024</h2><ul><li><a href=/blog/a>{before}The lamp that went out at sea{behind}</a></li>\
             <li><a href=/blog/b>{before}A tide that nobody had ordered{behind}</a></li>\
             <li><a href=/blog/c>{before}Rust never sleeps on the pier{behind}</a></li></ul>"
        ));
        let told = told(&html);
        assert!(
            told[0].starts_with("/blog/a | The lamp that went out at sea | March 30"),
            "{told:?}"
        );
    }
}

#[test]
fn the_highest_heading_of_a_card_is_its_title_wherever_it_stands() {
    let cards: Vec<String> = ["lamp", "tide", "pier"]
        .iter()
        .map(|slug| format!("<a class=post href=/blog/{slug}><div>5 March 2024 · 4 min read</div><h3>What the keeper had to say</h3><h2>The {slug} of the island</h2></a>"))
        .collect();
    let told = told(&around(&cards.concat()));
    assert!(told[0].contains("| The lamp of the island |"), "{told:?}");
}

#[test]
fn a_heading_in_which_the_excerpt_breaks_off_is_no_title() {
    let posts: Vec<String> = ["lamp", "tide", "pier"]
        .iter()
        .map(|slug| format!("<article><div><p>{PROSE}</p><h3>How the two ... <a href=/blog/{slug}>Read more.</a></h3></div><h2><a href=/blog/{slug}>The {slug} of the island</a></h2></article>"))
        .collect();
    let told = told(&around(&posts.concat()));
    assert!(told[0].contains("| The lamp of the island"), "{told:?}");
}

#[test]
fn a_list_that_leads_to_known_posts_is_found_whatever_stands_beside_it() {
    let bare: Vec<String> = (1..=6)
        .map(|n| format!("<li><a href=/blog/{n}>Night watch number {n}</a></li>"))
        .collect();
    let offers: Vec<String> = (1..=4)
        .map(|n| format!("<div class=offer><h3><a href=/shop/{n}>A course about the sea, part {n}</a></h3><p>{PROSE}</p></div>"))
        .collect();
    let html = around(&format!("{}<ul>{}</ul>", offers.concat(), bare.concat()));
    let url = Url::parse(PAGE).unwrap();
    let known = [
        "https://www.blog.example/blog/2",
        "https://blog.example/blog/5/",
    ];
    let document = parse(&html).unwrap();
    let found = find_again(&document, &url, None, &known).unwrap();
    let links: Vec<_> = found
        .entries
        .iter()
        .filter_map(|it| it.url.clone())
        .collect();
    assert_eq!(links.len(), 6, "{links:?}");
    assert!(
        links.iter().all(|link| link.starts_with("/blog/")),
        "{links:?}"
    );
    let elsewhere = ["https://blog.example/gone"];
    assert!(find_again(&document, &url, None, &elsewhere).is_err());
}

#[test]
fn a_date_glued_to_the_title_or_the_excerpt_is_taken_off() {
    let html = around(
        "<ul><li><a href=/p/a>2021-07-08 - Anchors for beginners</a></li><li><a href=/p/b>2021-06-01 - Sails in winter</a></li></ul>",
    );
    assert_eq!(
        told(&html),
        [
            "/p/a | Anchors for beginners | 2021-07-08",
            "/p/b | Sails in winter | 2021-06-01"
        ]
    );
    let html = around(&format!(
        "<div class=n><h3><a href=/n/a>the sea does not wait.</a></h3><p>April 18, 2026{PROSE}</p></div>\
         <div class=n><h3><a href=/n/b>nor does the tide.</a></h3><p>April 11, 2026{PROSE}</p></div>"
    ));
    assert_eq!(
        told(&html),
        [
            format!("/n/a | the sea does not wait. | April 18, 2026 | {PROSE}"),
            format!("/n/b | nor does the tide. | April 11, 2026 | {PROSE}"),
        ]
    );
}

#[test]
fn visible_words_win_over_a_datetime_that_disagrees() {
    let html = around(&format!(
        "<article><h2><a href=/a-b-c>Logbook of a slow year</a></h2><time datetime=2015-12-27T16:00:00Z>2015-12-28</time><p>{PROSE}</p></article>\
         <article><h2><a href=/d-e-f>Logbook of a fast one</a></h2><time datetime=2014-01-02T08:30:00Z>2 January 2014</time><p>{PROSE}</p></article>"
    ));
    let dates: Vec<_> = page(&html)
        .unwrap()
        .entries
        .into_iter()
        .map(|entry| entry.published.unwrap())
        .collect();
    assert_eq!(dates, ["2015-12-28", "2014-01-02T08:30:00Z"]);
}

#[test]
fn the_date_of_change_is_not_the_date() {
    let html = around(&format!(
        "<article><h2><a href=/p/a>Tarring the hull again</a></h2><p>Updated 5 May 2024 · 1 May 2020</p><p>{PROSE}</p></article>\
         <article><h2><a href=/p/b>A new mast for the dinghy</a></h2><p>Updated 6 May 2024 · 2 May 2020</p><p>{PROSE}</p></article>"
    ));
    let entry = page(&html).unwrap().entries.swap_remove(0);
    assert_eq!(entry.published.as_deref(), Some("1 May 2020"));
    assert_eq!(entry.updated.as_deref(), Some("5 May 2024"));
}

#[test]
fn a_whole_card_link_without_separators_is_told_apart() {
    let card = |slug: &str, title: &str, minutes: u8| {
        format!(
            "<a class=card href=/posts/{slug}><span>{title}</span><span>{PROSE}</span><span>{minutes} min read</span></a>"
        )
    };
    let html = around(&format!(
        "<section>{}{}</section>",
        card("one", "Softwood Explained: From Log to Plank", 23),
        card("two", "Hardwood Explained: From Plank to Deck", 9)
    ));
    assert_eq!(
        told(&html),
        [
            format!("/posts/one | Softwood Explained: From Log to Plank | {PROSE} | 23 min read"),
            format!("/posts/two | Hardwood Explained: From Plank to Deck | {PROSE} | 9 min read"),
        ]
    );
}

#[test]
fn an_empty_overlay_link_takes_its_title_from_the_heading() {
    let card = |slug: &str, title: &str| {
        format!(
            "<article class=entry><h2>{title}</h2><p>{PROSE}</p><footer>2024-01-0{} · Ann</footer><a class=over aria-label=\"post link to {title}\" href=/p/{slug}></a></article>",
            slug.len()
        )
    };
    let html = around(&format!(
        "{}{}",
        card("x", "Over the bar at low water"),
        card("yy", "Under the bridge at high water")
    ));
    assert_eq!(
        told(&html),
        [
            format!("/p/x | Over the bar at low water | 2024-01-01 | {PROSE}"),
            format!("/p/yy | Under the bridge at high water | 2024-01-02 | {PROSE}"),
        ]
    );
}

#[test]
fn the_first_link_of_an_item_may_be_its_author_or_category() {
    let item = |slug: &str, title: &str, author: &str| {
        format!(
            "<div class=post><a href=/authors/{author}><img src=/a.png alt={author}><span class=author>{author}</span></a><a href=/category/boats>Boats</a><h3><a href=/{slug}>{title}</a></h3><p>{PROSE}</p></div>"
        )
    };
    let html = around(&format!(
        "<div>{}{}{}</div>",
        item("a-long-way-home", "A long way home", "mia"),
        item("oars-for-everyone", "Oars for everyone", "tom"),
        item("the-quiet-harbour", "The quiet harbour", "mia")
    ));
    let page = page(&html).unwrap();
    let titles: Vec<_> = page
        .entries
        .iter()
        .map(|entry| entry.title.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(
        titles,
        ["A long way home", "Oars for everyone", "The quiet harbour"]
    );
    assert_eq!(page.entries[1].authors[0].name, "tom");
    assert_eq!(page.entries[1].tags, ["Boats"]);
}

#[test]
fn a_featured_post_that_the_list_repeats_is_one_entry() {
    let card = |slug: &str, title: &str| {
        format!(
            "<article><h3><a href=/posts/{slug}>{title}</a></h3><time>2024-05-0{}</time><p>{PROSE}</p></article>",
            slug.len()
        )
    };
    let html = around(&format!(
        "<section class=hero><h2>Featured</h2><div class=big><h3><a href=/posts/bb>Why the bell rings twice</a></h3><p>{PROSE}</p></div></section>\
         <section><h2>All</h2>{}{}{}</section>",
        card("a", "A walk along the pier"),
        card("bb", "Why the bell rings twice"),
        card("ccc", "Counting gulls before breakfast")
    ));
    let mut told = told(&html);
    told.sort();
    assert_eq!(
        told,
        [
            format!("/posts/a | A walk along the pier | 2024-05-01 | {PROSE}"),
            format!("/posts/bb | Why the bell rings twice | 2024-05-02 | {PROSE}"),
            format!("/posts/ccc | Counting gulls before breakfast | 2024-05-03 | {PROSE}"),
        ]
    );
}

#[test]
fn a_sidebar_larger_than_the_list_is_left_out() {
    let side = (0..60)
        .map(|i| format!("<li><a href=/old/{i}-some-old-post>Some old post number {i}</a></li>"))
        .collect::<Vec<_>>()
        .concat();
    let html = format!(
        "<body><div class=sidebar><h3>History</h3><ul>{side}</ul></div><div class=content><div class=post><h2><a href=/new/the-one-post>The one post</a></h2>\
         <p>3 May 2019</p><p>{PROSE}</p></div></div></body>"
    );
    assert_eq!(
        told(&html),
        [format!(
            "/new/the-one-post | The one post | 3 May 2019 | {PROSE}"
        )]
    );
}

#[test]
fn short_words_after_the_read_time_are_tags() {
    let item = |slug: &str, title: &str, tags: [&str; 2]| {
        format!(
            "<li><a href=/blog/{slug}><div>2026-03-1{}</div><h2>{title}</h2><p>{PROSE}</p><div><span>6 min read</span> <span>{}</span> <span>{}</span></div></a></li>",
            slug.len(),
            tags[0],
            tags[1]
        )
    };
    let html = around(&format!(
        "<ul>{}{}{}</ul>",
        item("a", "Rigging for one", ["sails", "ropes"]),
        item("bb", "Cooking at thirty degrees", ["sails", "galley"]),
        item("ccc", "Charts on paper", ["sails", "charts"])
    ));
    let page = page(&html).unwrap();
    assert_eq!(page.entries[1].tags, ["sails", "galley"]);
    assert_eq!(page.entries[2].read_time.as_deref(), Some("6 min read"));
}

#[test]
fn titles_in_chinese_and_japanese_count_as_titles() {
    let html = around(
        "<ul><li><time>2024-01-03</time><a href=/p/1>灯台の記録</a></li><li><time>2024-01-02</time><a href=/p/2>海図</a></li>\
         <li><time>2024-01-01</time><a href=/p/3>港</a></li></ul>",
    );
    assert_eq!(
        told(&html),
        [
            "/p/1 | 灯台の記録 | 2024-01-03",
            "/p/2 | 海図 | 2024-01-02",
            "/p/3 | 港 | 2024-01-01"
        ]
    );
}

#[test]
fn posts_that_only_scripts_carry_are_read_from_them() {
    let html = r#"<body><main><div>Loading</div></main><script>self.__next_f.push([1,"5:[\"$\",\"x\",null,{\"posts\":[{\"slug\":\"keel\",\"title\":\"On keels\",\"date\":\"2025-10-29\",\"excerpt\":\"Deep or shallow.\",\"tags\":[\"boats\"]}]}]\n"])</script></body>"#;
    let page = page(html).unwrap();
    assert_eq!(
        line(&page.entries[0]),
        "/blog/keel | On keels | 2025-10-29 | Deep or shallow. | boats"
    );
    assert_eq!(page.entries[0].provenance[&Field::Title], Tier::Structured);
    assert!(page.warnings[0].contains("scripts"));
}

#[test]
fn json_ld_fills_what_the_listing_lacks() {
    let html = around(&format!(
        r#"<script type="application/ld+json">{{"@context":"https://schema.org","@type":"Blog","blogPost":[{{"@type":"BlogPosting","url":"/p/a","headline":"Other words","datePublished":"2024-01-02","author":{{"name":"Ann"}}}}]}}</script>
        <article><h2><a href=/p/a>The sea in January</a></h2><p>{PROSE}</p></article><article><h2><a href=/p/b>The sea in June</a></h2><p>{PROSE}</p></article>"#
    ));
    let page = page(&html).unwrap();
    assert_eq!(
        page.entries[0].title,
        Some(Text::Plain("The sea in January".to_owned()))
    );
    assert_eq!(page.entries[0].published.as_deref(), Some("2024-01-02"));
    assert_eq!(page.entries[0].authors[0].name, "Ann");
    assert_eq!(
        page.entries[0].provenance[&Field::Published],
        Tier::Structured
    );
    assert_eq!(page.entries[0].provenance[&Field::Title], Tier::Listing);
}

#[test]
fn pages_that_list_no_posts_say_why() {
    for html in [
        around(
            "<h1>About me</h1><p>I row. I have rowed for years, and I write about it elsewhere.</p>",
        ),
        around("<h1>404</h1><p>Nothing here.</p>"),
        around("<h1>Blog</h1><p>No posts yet.</p>"),
        String::new(),
    ] {
        let Err(PageError::NoListing { why }) = page(&html) else {
            panic!("{html}")
        };
        assert!(why.len() > 20, "{why}");
    }
}

#[test]
fn posts_proposed_under_an_article_are_not_a_listing() {
    let text = format!("<p>{PROSE} {PROSE} {PROSE}</p>").repeat(6);
    let card = |slug: &str| {
        format!(
            "<div class=card><h3><a href=/p/{slug}>Another story of {slug}</a></h3><p>{PROSE}</p></div>"
        )
    };
    let html = format!(
        "<head><meta property=og:type content=article></head><body><article><h1>The long row</h1><p>3 May 2019</p>{text}</article>\
         <div><h4>You may like</h4>{}{}{}</div></body>",
        card("gulls"),
        card("ropes"),
        card("fog")
    );
    assert!(matches!(page(&html), Err(PageError::NoListing { .. })));
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the fields of a wrapper are options"
)]
fn rule(text: &str) -> Option<FieldRule> {
    Some(FieldRule::from(text.to_owned()))
}

const RULED: &str = "<main><div class=row><a href=/p/a><b>First of all</b></a><i class=d>2024-01-02</i><u>one</u></div>\
                     <div class=row><a href=/p/b><b>Second to none</b></a><i class=d>2024-01-01</i><u>two</u></div></main>";

#[test]
fn written_rules_win_field_by_field() {
    let url = Url::parse(PAGE).unwrap();
    let rules = Wrapper {
        item: rule("div.row"),
        title: rule("u"),
        link: rule("a@href"),
        ..Wrapper::default()
    };
    let page = read(RULED, &url, Some(&rules)).unwrap();
    assert_eq!(page.entries.len(), 2);
    assert_eq!(page.entries[1].title, Some(Text::Plain("two".to_owned())));
    assert_eq!(page.entries[1].provenance[&Field::Title], Tier::Select);
    assert_eq!(page.entries[1].published.as_deref(), Some("2024-01-01"));
    let only_title = Wrapper {
        title: rule("u"),
        ..Wrapper::default()
    };
    let page = read(RULED, &url, Some(&only_title)).unwrap();
    assert_eq!(page.entries[0].title, Some(Text::Plain("one".to_owned())));
    assert_eq!(page.entries[0].url.as_deref(), Some("/p/a"));
}

#[test]
fn a_rule_that_fits_nothing_is_named() {
    let url = Url::parse(PAGE).unwrap();
    let rules = Wrapper {
        item: rule("div.row"),
        date: rule("time@datetime"),
        ..Wrapper::default()
    };
    let error = read(RULED, &url, Some(&rules)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "select.date: selector `time@datetime` matched nothing"
    );
    let rules = Wrapper {
        item: rule("p.post"),
        ..Wrapper::default()
    };
    let error = read(RULED, &url, Some(&rules)).unwrap_err();
    assert_eq!(
        error,
        PageError::SelectorMatchedNothing {
            key: "item",
            selector: "p.post".to_owned()
        }
    );
    let check = |key, text: &str| check_rule(key, &FieldRule::from(text.to_owned()));
    assert!(check("title", "h2 > > a").is_err());
    assert!(check("date", "time@datetime").is_ok());
}

#[test]
fn a_learnt_wrapper_reads_the_same_entries_again() {
    let item = |slug: &str, title: &str| {
        format!(
            "<li id=post-{} class='entry post-{} css-1x2y'><h3 class=name><a href=/p/{slug}>{title}</a></h3><span class=when>2024-01-0{}</span><p>{PROSE}</p></li>",
            slug.len(),
            slug.len(),
            slug.len()
        )
    };
    let html = around(&format!(
        "<ul>{}{}{}</ul>",
        item("a", "Rain on the deck"),
        item("bb", "Sun on the deck"),
        item("ccc", "Snow on the deck")
    ));
    let url = Url::parse(PAGE).unwrap();
    let first = page(&html).unwrap();
    let wrapper = first
        .wrapper
        .expect("a plain list can be told by selectors");
    assert_eq!(String::from(wrapper.item.clone().unwrap()), "li.entry");
    let again = read(&html, &url, Some(&wrapper)).unwrap();
    assert_eq!(
        again.entries.iter().map(line).collect::<Vec<_>>(),
        first.entries.iter().map(line).collect::<Vec<_>>()
    );
}

#[test]
fn projects_beside_the_posts_are_left_out() {
    let post = |slug: &str, title: &str| {
        format!(
            "<div class=card><h3><a href=/blog/{slug}>{title}</a></h3><time>2024-05-0{}</time><p>{PROSE}</p></div>",
            slug.len()
        )
    };
    let work = |slug: &str| {
        format!(
            "<div class=card><h3><a href=/projects/{slug}>The {slug} project</a></h3><p>{PROSE}</p></div>"
        )
    };
    let posts = [
        post("a", "Winter ropes"),
        post("bb", "Summer ropes"),
        post("ccc", "No ropes at all"),
    ]
    .concat();
    let works = [work("tide"), work("lamp"), work("buoy"), work("gull")].concat();
    let html = around(&format!(
        "<section><h2>Projects</h2>{works}</section><section><h2>Posts</h2>{posts}</section>"
    ));
    assert_eq!(told(&html).len(), 3);
    let html = around(&format!("<section><h2>Projects</h2>{works}</section>"));
    assert!(page(&html).is_err());
}

#[test]
fn a_line_above_every_title_is_its_category() {
    let card = |kicker: &str, slug: &str, title: &str| {
        format!(
            "<article><div><p>{kicker}</p><h3><a href=/blog/{slug}>{title}</a></h3></div><p>{PROSE}</p></article>"
        )
    };
    let html = around(
        &[
            card("Boats", "a", "Paint and its enemies"),
            card("Weather", "b", "Reading a grey sky"),
            card("Boats", "c", "The last wooden oar"),
        ]
        .concat(),
    );
    let tags: Vec<_> = page(&html)
        .unwrap()
        .entries
        .into_iter()
        .map(|entry| entry.tags)
        .collect();
    assert_eq!(tags, [["Boats"], ["Weather"], ["Boats"]]);
}

#[test]
fn an_article_page_gives_its_fields() {
    let text = format!("<p>{PROSE}</p>").repeat(5);
    let html = format!(
        "<html lang=en><head><title>Lamps - A blog</title><meta property=og:title content='On lamps'><link rel=canonical href=/blog/lamps>\
         <meta name=description content='A lamp is a promise.'><meta property=article:published_time content=2024-03-05T08:00:00Z>\
         <meta property=article:tag content=sea><meta property=article:tag content=light></head><body><nav><a href=/>Home</a></nav>\
         <article><h1>On lamps</h1><p>By Ann · 7 min read</p><div class=body>{text}</div></article><aside><p>{PROSE}</p></aside></body></html>"
    );
    let entry = article(
        &html,
        &Url::parse("https://blog.example/blog/lamps?utm_source=x").unwrap(),
    )
    .unwrap();
    assert_eq!(
        entry.url.as_deref(),
        Some("https://blog.example/blog/lamps")
    );
    assert_eq!(entry.title, Some(Text::Plain("On lamps".to_owned())));
    assert_eq!(entry.published.as_deref(), Some("2024-03-05T08:00:00Z"));
    assert_eq!(
        entry.summary,
        Some(Text::Plain("A lamp is a promise.".to_owned()))
    );
    assert_eq!(entry.tags, ["sea", "light"]);
    assert_eq!(entry.read_time.as_deref(), Some("7 min read"));
    assert_eq!(entry.language.as_deref(), Some("en"));
    assert_eq!(entry.content.unwrap().as_str().matches(PROSE).count(), 5);
    assert_eq!(entry.provenance[&Field::Published], Tier::Article);
}

#[test]
fn a_canonical_link_to_the_front_page_or_another_site_is_not_believed() {
    for href in ["/", "https://other.example/blog/lamps"] {
        let html = format!(
            "<head><link rel=canonical href={href}></head><body><h1>On lamps</h1><p>{PROSE}</p></body>"
        );
        assert_eq!(
            article(
                &html,
                &Url::parse("https://blog.example/blog/lamps").unwrap()
            )
            .unwrap()
            .url,
            None
        );
    }
}

#[test]
fn a_base_element_is_kept_for_relative_links() {
    let html = format!(
        "<head><base href=https://other.example/root/></head><body><article><h2><a href=p/a>Maps of nowhere</a></h2><p>{PROSE}</p></article>\
         <article><h2><a href=p/b>Maps of everywhere</a></h2><p>{PROSE}</p></article></body>"
    );
    let entry = page(&html).unwrap().entries.swap_remove(0);
    assert_eq!(entry.url.as_deref(), Some("p/a"));
    assert_eq!(entry.base.unwrap().as_str(), "https://other.example/root/");
}

#[test]
fn the_head_tells_name_language_and_feeds() {
    let html = format!(
        "<html lang=de-CH><head><title>Der Steg</title><link rel=alternate type=application/rss+xml href=/feed.xml>\
         <link rel=alternate type=application/atom+xml href=https://a.example/atom.xml><link rel=alternate hreflang=en href=/en/></head><body>\
         <article><h2><a href=/p/a>Am Ufer entlang</a></h2><p>{PROSE}</p></article><article><h2><a href=/p/b>Auf dem Wasser</a></h2><p>{PROSE}</p></article></body></html>"
    );
    let meta = page(&html).unwrap().meta;
    assert_eq!(meta.title.as_deref(), Some("Der Steg"));
    assert_eq!(meta.language.as_deref(), Some("de-CH"));
    assert_eq!(meta.site.as_deref(), Some("https://blog.example/"));
    assert_eq!(
        meta.feeds.iter().map(Url::as_str).collect::<Vec<_>>(),
        [
            "https://blog.example/feed.xml",
            "https://a.example/atom.xml"
        ]
    );
}

#[test]
fn deep_nesting_is_refused_in_time() {
    let html = "<div>".repeat(100_000);
    assert!(matches!(page(&html), Err(PageError::TooDeep { .. })));
    let html = (0..20_000)
        .map(|i| format!("<p><b id={i}>x"))
        .collect::<Vec<_>>()
        .concat();
    assert!(page(&html).is_err());
}
