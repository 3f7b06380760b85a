use std::time::Duration;
use url::Url;

use super::*;
use crate::model::{Carrier, FieldRule, Login, Place, Route, Secret, Wrapper};

fn parse(text: &str) -> Result<Config, Error> {
    Config::parse(text, Path::new("/etc/agg/feeds.toml"))
}

/// The problems of `text` as `line:column what / help`.
fn problems(text: &str) -> Vec<String> {
    match parse(text) {
        Err(Error::Invalid { problems, .. }) => problems
            .iter()
            .map(|p| {
                format!(
                    "{}:{} {} / {}",
                    p.line,
                    p.column,
                    p.what,
                    p.help.as_deref().unwrap_or("-")
                )
            })
            .collect(),
        Err(error) => vec![error.to_string()],
        Ok(_) => Vec::new(),
    }
}

const ONE: &str = "[[source]]\nurl = \"https://www.example.org/blog/\"\n";

#[test]
fn one_address_is_a_whole_configuration() {
    let config = parse(ONE).unwrap();
    assert_eq!(config.sources[0].id.as_str(), "example.org-blog");
    assert_eq!(config.database, Path::new("/etc/agg/agg.db"));
    assert_eq!(config.output, Path::new("/etc/agg/public"));
    assert_eq!(config.url.as_str(), "http://127.0.0.1:8080/");
    assert_eq!(config.feeds.len(), 1);
    assert_eq!(config.feeds[0].id, "all");
    assert_eq!(config.feeds[0].url, config.url);
}

#[test]
fn the_template_is_a_valid_configuration() {
    parse(TEMPLATE).unwrap();
}

#[test]
fn an_unknown_key_is_refused_where_it_stands_with_the_nearest_one() {
    let found = problems(&format!("{ONE}titel = \"x\"\n"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("3:1 unknown field `titel`"),
        "{found:?}"
    );
    assert!(found[0].ends_with("did you mean `title`?"), "{found:?}");
}

#[test]
fn pages_are_from_1_to_50_and_not_for_feeds() {
    let with = |line: &str| format!("{ONE}{line}\n");
    assert_eq!(parse(ONE).unwrap().sources[0].pages, 1);
    for pages in [1, 50] {
        let config = parse(&with(&format!("pages = {pages}"))).unwrap();
        assert_eq!(config.sources[0].pages, pages);
    }
    for pages in ["0", "51", "-3", "4294967298"] {
        assert_eq!(
            problems(&with(&format!("pages = {pages}"))),
            [format!(
                "3:9 {pages} pages of a listing / write a number from 1 to 50"
            )]
        );
    }
    let of_feed = problems(&with("kind = \"feed\"\npages = 2"));
    assert!(
        of_feed[0].starts_with("4:9 2 pages of a feed"),
        "{of_feed:?}"
    );
    assert!(parse(&with("kind = \"feed\"\npages = 1")).is_ok());
}

#[test]
fn a_time_zone_is_named_as_the_database_names_it() {
    let config = parse(&format!("{ONE}timezone = \"Europe/Berlin\"\n")).unwrap();
    let zone = config.sources[0].timezone.unwrap();
    assert_eq!(zone.to_string(), "Europe/Berlin");
    let group = "[[group]]\nhosts = [\"*.example.org\"]\ntimezone = \"Asia/Tokyo\"\n";
    let other = "[[source]]\nurl = \"https://example.net/\"\n";
    let own = "[[source]]\nurl = \"https://a.example.org/\"\ntimezone = \"UTC\"\n";
    let config = parse(&format!("{group}{ONE}{other}{own}")).unwrap();
    let zones = config.sources.iter().map(|source| source.timezone);
    let zones: Vec<_> = zones
        .map(|zone| zone.map(|zone| zone.to_string()))
        .collect();
    assert_eq!(
        zones,
        [Some("Asia/Tokyo".to_owned()), None, Some("UTC".to_owned())]
    );
    for (name, help) in [
        ("berlin", "did you mean \"Europe/Berlin\"?"),
        ("new york", "did you mean \"America/New_York\"?"),
        ("Mars/Olympus", "as in \"Europe/Berlin\""),
    ] {
        let found = problems(&format!("{ONE}timezone = \"{name}\"\n"));
        assert!(
            found[0].starts_with("3:12 ") && found[0].ends_with(help),
            "{found:?}"
        );
    }
}

#[test]
fn a_name_that_would_lead_out_of_its_folder_names_nothing() {
    for id in ["..", ".", ".hidden", "-", "__", "a b", ""] {
        let found = problems(&format!(
            "[[source]]\nid = \"{id}\"\nurl = \"https://example.org/blog\"\n"
        ));
        assert!(found[0].contains("cannot name a source"), "{id}: {found:?}");
        let found = problems(&format!("{ONE}[[feed]]\nid = \"{id}\"\n"));
        assert!(found[0].contains("cannot name a feed"), "{id}: {found:?}");
    }
    assert!(parse("[[source]]\nid = \"a..b_\"\nurl = \"https://example.org/\"\n").is_ok());
}

#[test]
fn an_archive_that_would_not_be_kept_is_refused() {
    for (line, said) in [
        ("database = \"\"", "is no file"),
        ("database = \":memory:\"", "is no file"),
        ("database = \"file:x?mode=memory\"", "is no file"),
        ("output = \" \"", "an output folder without a name"),
        (
            "output = \".\"\ndatabase = \"atom.xml\"",
            "a file that is published",
        ),
        (
            "database = \"public/feed.json\"",
            "a file that is published",
        ),
    ] {
        let found = problems(&format!("{line}\n{ONE}"));
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        assert!(found[0].contains(said), "{line}: {found:?}");
    }
    assert!(parse(&format!("output = \".\"\n{ONE}")).is_ok());
    assert!(
        parse(&format!(
            "database = \"data/files.db\"\noutput = \"data\"\n{ONE}"
        ))
        .is_ok()
    );
}

#[test]
fn an_address_for_subscribers_is_asked_to_be_one() {
    for (url, said) in [
        ("https://jo:pw@example.org/", "all subscribers see it"),
        ("ftp://example.org/", "they come over http or https"),
    ] {
        let found = problems(&format!("[site]\nurl = \"{url}\"\n{ONE}"));
        assert!(
            found[0].starts_with("2:7 ") && found[0].contains(said),
            "{found:?}"
        );
    }
}

#[test]
fn selectors_for_a_feed_are_told() {
    let found = problems(&format!(
        "{ONE}kind = \"feed\"\n[source.select]\nitem = \"li\"\n"
    ));
    assert!(found[0].contains("selectors for a feed"), "{found:?}");
}

#[test]
fn a_selector_that_is_none_is_told_in_words() {
    for (item, said) in [
        ("div[[", "not as CSS has it"),
        ("li >", "is no selector"),
        ("", "it is empty"),
    ] {
        let found = problems(&format!("{ONE}[source.select]\nitem = \"{item}\"\n"));
        assert!(found[0].contains(said), "{item}: {found:?}");
        assert!(!found[0].contains("developer"), "{item}: {found:?}");
    }
}

#[test]
fn an_interval_of_a_source_wins_over_the_one_for_all() {
    let parsed = parse(&format!(
        "[fetch]\ninterval = \"6h\"\n{ONE}interval = \"20 minutes\"\n[[source]]\nurl = \"https://example.net/\"\n"
    ));
    let intervals: Vec<_> = parsed
        .unwrap()
        .sources
        .iter()
        .map(|source| source.interval)
        .collect();
    let minutes = |minutes| Some(Duration::from_mins(minutes));
    assert_eq!(intervals, [minutes(20), minutes(360)]);
    assert_eq!(parse(ONE).unwrap().sources[0].interval, None);
    for (wrong, said) in [
        ("often", "`often` is no span of time"),
        ("32d", "`32d` is too seldom"),
    ] {
        let found = problems(&format!("{ONE}interval = \"{wrong}\"\n"));
        assert!(found[0].starts_with(&format!("3:12 {said}")), "{found:?}");
    }
}

#[test]
fn a_missing_address_is_named() {
    let found = problems("[[source]]\ntitle = \"x\"\n");
    assert!(
        found[0].contains("missing field `url`") && found[0].contains("url = \"https://"),
        "{found:?}"
    );
}

#[test]
fn syntax_errors_keep_their_place() {
    let found = problems("[[source]]\nurl = \"https://example.org\n");
    assert!(found[0].starts_with("2:"), "{found:?}");
}

#[test]
fn the_same_address_twice_is_refused_however_it_is_spelt() {
    let found = problems(&format!(
        "{ONE}[[source]]\nid = \"other\"\nurl = \"http://example.org/blog\"\n"
    ));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("5:7 "), "{found:?}");
    assert!(found[0].contains("stands in line 2"), "{found:?}");
}

#[test]
fn two_sources_may_not_share_a_name() {
    let found = problems(
        "[[source]]\nid = \"a\"\nurl = \"https://a.example\"\n[[source]]\nid = \"a\"\nurl = \"https://b.example\"\n",
    );
    assert!(
        found[0].starts_with("5:6 two sources are called `a`"),
        "{found:?}"
    );
}

#[test]
fn bad_addresses_are_refused_with_the_right_spelling() {
    let found = problems("[[source]]\nurl = \"example.org/blog\"\n");
    assert!(
        found[0].ends_with("write it in full: \"https://example.org/blog\""),
        "{found:?}"
    );
    let found = problems("[[source]]\nurl = \"ftp://example.org/blog\"\n");
    assert!(found[0].contains("not ftp"), "{found:?}");
}

#[test]
fn bad_schedules_and_selectors_are_refused_where_they_stand() {
    let text =
        format!("schedule = \"every now and then\"\n{ONE}[source.select]\nitem = \"article[\"\n");
    let found = problems(&text);
    assert_eq!(
        found.len(),
        2,
        "every problem is found in one pass: {found:?}"
    );
    assert!(found[0].starts_with("1:12 "), "{found:?}");
    assert!(
        found[1].starts_with("5:8 `article[` is no selector"),
        "{found:?}"
    );
}

#[test]
fn rules_that_cannot_stand_together_are_refused_where_they_stand() {
    let with = |lines: &str| problems(&format!("{ONE}[source.select]\n{lines}\n"));
    let told = |lines: &str, start: &str| {
        let found = with(lines);
        assert!(found.len() == 1 && found[0].starts_with(start), "{found:?}");
    };
    assert!(with("item = \"main\"\nsplit = \"h2\"\ndate = \"above: h3\"").is_empty());
    assert!(with("from = \"data\"").is_empty());
    told("split = \"h2\"", "4:9 `split` without `item`");
    told(
        "from = \"data\"\ntitle = \"h2\"",
        "4:8 `from` beside `title`",
    );
    told("from = \"rumours\"", "4:8 unknown variant `rumours`");
    told(
        "item = \"above: h2\"",
        "4:8 `above: h2` is no selector: `item` cannot stand above",
    );
    told(
        "item = \"main\"\nsplit = \"h2@id\"",
        "5:9 `h2@id` is no selector: `split` takes an element",
    );
    told("item = \"\"", "4:8 `` is no selector: it is empty");
    told("date = \"above: h3[\"", "4:8 `above: h3[` is no selector");
}

#[test]
fn a_written_table_of_rules_is_read_as_the_same_rules() {
    let rule = |text: &str| Some(FieldRule::from(text.to_owned()));
    let rules = Wrapper {
        item: rule("div[class*=\"Card_root__\"], li:has(a[href*='/blog/'])"),
        split: rule("tr:has(hr)"),
        title: rule("h2"),
        date: rule("above: h3@data-day"),
        image: rule("@data-src"),
        ..Wrapper::default()
    };
    let url = Url::parse("https://example.org/blog?a=\"b\"").unwrap();
    let config = parse(&source_table(&url, &rules)).unwrap();
    assert_eq!(config.sources[0].select.as_ref(), Some(&rules));
    assert_eq!(config.sources[0].url, url);
    let data = Wrapper {
        from: Some(Carrier::Data),
        ..Wrapper::default()
    };
    let pasted = format!("{ONE}{}", select_table(&data));
    assert_eq!(parse(&pasted).unwrap().sources[0].select, Some(data));
}

#[test]
fn limits_and_spans_outside_reason_are_refused() {
    let text = format!(
        "{ONE}[fetch]\ntimeout = \"0s\"\nspacing = \"soon\"\nconcurrency = 0\nmax_body = \"big\"\ncontact = \"me (at) home\"\n[[feed]]\nid = \"all\"\nlimit = 0\nsources = [\"nobody\"]\n[serve]\nlisten = \"localhost\"\n"
    );
    let found = problems(&text);
    let lines: Vec<&str> = found.iter().map(|p| p.split(':').next().unwrap()).collect();
    assert_eq!(
        lines,
        ["4", "5", "6", "7", "8", "11", "12", "14"],
        "{found:#?}"
    );
    let nothing = problems(&format!("{ONE}max_body = \"0 B\"\n"));
    assert!(
        nothing[0].starts_with("3:12 a limit of nothing"),
        "{nothing:?}"
    );
}

#[test]
fn networks_and_hosts_that_may_be_asked_are_checked_where_they_stand() {
    let with = |allow: &str| format!("{ONE}[fetch]\nallow = [{allow}]\n");
    let config = parse(&with("\"127.0.0.0/8\", \"::1\", \"NAS.lan\"")).unwrap();
    let allow: Vec<String> = config.fetch.allow.iter().map(ToString::to_string).collect();
    assert_eq!(allow, ["127.0.0.0/8", "::1", "nas.lan"]);
    let found = problems(&with("\"127.0.0.0/8\", \"nas.lan:80\""));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("4:25 `nas.lan:80` is neither a network nor a host"),
        "{found:?}"
    );
}

#[test]
fn a_file_without_sources_says_how_to_add_one() {
    assert!(problems("")[0].contains("[[source]]"));
}

#[test]
fn feeds_live_in_folders_of_their_own_and_all_at_the_top() {
    let text = format!(
        "[site]\nurl = \"https://feeds.example/me\"\ntitle = \"T\"\n{ONE}[[feed]]\nid = \"rust\"\n"
    );
    let config = parse(&text).unwrap();
    let urls: Vec<&str> = config.feeds.iter().map(|feed| feed.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://feeds.example/me/",
            "https://feeds.example/me/rust/"
        ]
    );
    assert_eq!(config.feeds[1].title, "T: rust");
}

#[test]
fn a_feed_cannot_take_the_place_of_a_file_at_the_top() {
    for name in [
        "atom.xml",
        "rss.xml",
        "feed.json",
        "index.html",
        "sources.opml",
    ] {
        let found = problems(&format!("{ONE}[[feed]]\nid = \"{name}\"\n"));
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(found[0].starts_with("4:6") && found[0].contains("is a file"));
    }
    assert!(problems(&format!("{ONE}[[feed]]\nid = \"atom\"\n")).is_empty());
}

#[test]
fn the_address_of_the_site_is_that_of_a_folder() {
    let with = |url: &str| format!("[site]\nurl = \"{url}\"\n{ONE}");
    for (url, instead) in [
        ("https://a.example/x/index.html", "\"https://a.example/x/\""),
        ("https://a.example/x/atom.xml", "\"https://a.example/x/\""),
        ("https://a.example/x?q=1#f", "\"https://a.example/x\""),
    ] {
        let found = problems(&with(url));
        assert_eq!(found.len(), 1, "{url}: {found:?}");
        assert!(
            found[0].starts_with("2:7") && found[0].contains(instead),
            "{found:?}"
        );
    }
    for url in [
        "https://a.example/v1.2",
        "https://a.example/",
        "https://a.example",
    ] {
        assert!(parse(&with(url)).unwrap().url.as_str().ends_with('/'));
    }
}

#[test]
fn ids_made_from_addresses_depend_on_nothing_else() {
    let id = |url: &str| source_id(&Url::parse(url).unwrap()).map(|id| id.to_string());
    assert_eq!(
        id("https://WWW.Example.org/").as_deref(),
        Some("example.org")
    );
    assert_eq!(
        id("https://example.org/a/b/?page=2").as_deref(),
        Some("example.org-a-b-page-2")
    );
    assert_eq!(
        id("http://127.0.0.1:8080/feed.xml").as_deref(),
        Some("127.0.0.1-8080-feed.xml")
    );
    assert_eq!(id("http://[::1]/").as_deref(), Some("1"));
}

#[test]
fn what_is_wrong_in_a_feed_is_told_where_it_stands() {
    let feed = |line: &str| problems(&format!("{ONE}[[feed]]\nid = \"a\"\n{line}\n"));
    for (line, place, part) in [
        ("limit = 0", "5:9", "a feed of 0 entries"),
        ("share = -1", "5:9", "a share of -1 entries"),
        ("order = \"newest\"", "5:9", "`newest`"),
        ("formats = []", "5:11", "a feed in no format"),
        ("formats = [\"atom\", \"xml\"]", "5:", "`xml`"),
        (
            "sources = [\"exa*\", \"other\"]",
            "5:20",
            "no source called `other`",
        ),
        ("tags = [\"#\"]", "5:9", "cannot be a tag"),
        ("languages = [\"english\"]", "5:14", "no language tag"),
        ("include = { titel = [\"x\"] }", "5:13", "`titel`"),
        ("exclude = { title = [\"*\"] }", "5:22", "everything holds"),
        ("min_read_minutes = 0", "5:20", "a read time of 0"),
        ("least = 2", "5:9", "feeds of single tags"),
        ("each = \"author\"", "5:8", "`author`"),
    ] {
        let found = feed(line);
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        assert!(
            found[0].starts_with(place) && found[0].contains(part),
            "{line}: {found:?}"
        );
    }
    let nameless = problems(&format!("{ONE}[[feed]]\nlimit = 5\n"));
    assert!(nameless[0].contains("without an id"), "{nameless:?}");
    let guard = problems(&format!("[publish]\nfirst = -1\nhold = 0\n{ONE}"));
    assert!(
        guard[0].starts_with("2:9") && guard[1].starts_with("3:8"),
        "{guard:?}"
    );
}

#[test]
fn a_vocabulary_that_contradicts_itself_is_refused() {
    for (tags, part) in [
        ("a = [\"x\"]\nb = [\"X\"]", "stands for two words"),
        ("a = [\"b\"]\nb = [\"c\"]", "a word of its own"),
        ("a = [\"—\"]", "cannot be a tag"),
    ] {
        let found = problems(&format!("{ONE}[tags]\n{tags}\n"));
        assert!(
            found.len() == 1 && found[0].contains(part),
            "{tags}: {found:?}"
        );
    }
    let config = parse(&format!("{ONE}[tags]\nRust = [\"#RustLang\", \"rust\"]\n")).unwrap();
    assert_eq!(config.feeds[0].vocabulary.word("rustlang"), "rust");
}

/// The problems of a source with this line.
fn line(text: &str) -> Vec<String> {
    problems(&format!("{ONE}{text}\n"))
}

#[test]
fn a_source_is_asked_as_its_table_says() {
    let config = parse(&format!(
        "{ONE}headers = {{ Accept-Language = \"de\", X-Key = {{ env = \"KEY\" }} }}\n\
         auth = {{ user = \"me\", password_file = \"secret\" }}\ncookies = \"consent=yes\"\nuser_agent = \"reader/1.0\"\n\
         timeout = \"1m\"\nmax_body = \"20 MB\"\nca_file = \"roots.pem\"\nproxy = \"none\"\n\
         [fetch]\nproxy = {{ url = \"socks5h://127.0.0.1:9050\", user = \"me\", password_env = \"P\" }}\nca_file = \"all.pem\"\n"
    ))
    .unwrap();
    let access = &config.sources[0].access;
    let here = |text: &str| Place::Here(Secret::new(text.to_owned()));
    assert_eq!(access.home.as_ref(), Some(&config.sources[0].url));
    assert_eq!(
        access.headers,
        [
            ("accept-language".to_owned(), here("de")),
            ("x-key".to_owned(), Place::Env("KEY".to_owned()))
        ]
    );
    let password = Place::File("/etc/agg/secret".into());
    let user = "me".to_owned();
    assert_eq!(access.login, Some(Login::Basic { user, password }));
    assert_eq!(access.cookies, Some(here("consent=yes")));
    assert_eq!(access.user_agent.as_deref(), Some("reader/1.0"));
    assert_eq!(access.timeout, Some(Duration::from_mins(1)));
    assert_eq!(access.max_body_bytes, Some(20_000_000));
    assert_eq!(
        access.ca_file.as_deref(),
        Some(Path::new("/etc/agg/roots.pem"))
    );
    assert_eq!(access.route, Some(Route::Direct));
    assert_eq!(
        config.fetch.ca_file.as_deref(),
        Some(Path::new("/etc/agg/all.pem"))
    );
    assert!(matches!(&config.fetch.route, Route::Through(proxy) if proxy.login.is_some()));
}

#[test]
fn secrets_are_refused_in_the_file_and_not_shown() {
    for wrong in [
        "headers = { X-Api-Key = \"hunter2\" }",
        "headers = { Authorization = \"Bearer hunter2\" }",
        "auth = { user = \"me\", password = \"hunter2\" }",
        "auth = { token = \"hunter2\" }",
        "proxy = \"http://me:hunter2@proxy.example\"",
    ] {
        let text = format!("{ONE}{wrong}\n");
        let Err(Error::Invalid { problems, .. }) = parse(&text) else {
            panic!("{wrong}");
        };
        assert!(!format!("{problems:?}").contains("hunter2"), "{problems:?}");
        assert!(line(wrong)[0].contains("env"), "{wrong}");
    }
    let text = "[[source]]\nurl = \"https://me:hunter2@blog.example/\"\n";
    let found = problems(text);
    assert!(
        found[0].contains("2:7 an address with a login"),
        "{found:?}"
    );
    assert!(!format!("{:?}", parse(text)).contains("hunter2"));
}

#[test]
fn a_parameter_that_is_called_as_secrets_are_is_found_in_an_address() {
    let of = |query: &str| {
        let url = Url::parse(&format!("https://a.example/feed?{query}")).unwrap();
        secret_parameter(&url)
    };
    for (query, name) in [
        ("token=topsecret99", "token"),
        ("a=1&access_token=topsecret99", "access_token"),
        ("API-Key=topsecret99", "API-Key"),
        ("sid=topsecret99", "sid"),
    ] {
        assert_eq!(of(query).as_deref(), Some(name));
    }
    for query in [
        "format=rss",
        "tokenizer=words",
        "token=1",
        "keyword=long-one",
    ] {
        assert_eq!(of(query), None, "{query}");
    }
}

#[test]
fn ways_of_asking_that_cannot_be_are_refused_with_a_way_out() {
    for (wrong, told) in [
        (
            "auth = { user = \"me\" }",
            "neither a user with a password nor a token",
        ),
        (
            "auth = { user = \"a:b\", password_env = \"P\" }",
            "neither a user",
        ),
        (
            "auth = { token_env = \"A\", token_file = \"b\" }",
            "neither a user",
        ),
        ("cookies = {}", "from nowhere"),
        ("cookies = { env = \"A\", file = \"b\" }", "from two places"),
        ("cookies = \"a\\nb\"", "cannot be sent"),
        ("cookies = 5", "a text, { env"),
        ("headers = { User-Agent = \"x\" }", "`user_agent"),
        ("headers = { Cookie = \"x\" }", "`cookies"),
        ("headers = { Host = \"x\" }", "agg's own"),
        ("headers = { \"a b\" = \"x\" }", "no name of a header"),
        ("user_agent = \"\"", "no User-Agent"),
        ("timeout = \"0s\"", "a timeout of nothing"),
        ("max_body = \"lots\"", "no size"),
        ("proxy = \"socks5://127.0.0.1\"", "socks5h://"),
        ("proxy = \"proxy.example:80\"", "\"http://host:port\""),
        (
            "proxy = { url = \"http://proxy.example\", user = \"me\" }",
            "password_env",
        ),
    ] {
        let found = line(wrong);
        assert_eq!(found.len(), 1, "{wrong}: {found:?}");
        assert!(found[0].contains(told), "{wrong}: {found:?}");
        assert!(found[0].starts_with("3:"), "{wrong}: {found:?}");
    }
}

#[test]
fn groups_say_which_hosts_take_turns_and_how() {
    let config = parse(&format!(
        "{ONE}[[group]]\nhosts = [\"*.blogs.example\", \"a.example\"]\nspacing = \"5s\"\nconcurrency = 2\nscope = \"source\"\n"
    ))
    .unwrap();
    let line = config.fetch.line("me.blogs.example");
    assert_eq!(line, config.fetch.line("a.example"));
    let span = Duration::from_secs(5);
    assert_eq!(
        (line.concurrency, line.spacing, line.is_narrow),
        (2, span, true)
    );
    for (wrong, told) in [
        ("hosts = []", "a group without hosts"),
        ("hosts = [\"https://a.example\"]", "names no host"),
        (
            "hosts = [\"a.example\", \"A.example\"]",
            "in a group already",
        ),
        (
            "hosts = [\"a.example\"]\nconcurrency = 0",
            "0 requests at once",
        ),
        (
            "hosts = [\"a.example\"]\nspacing = \"soon\"",
            "no span of time",
        ),
        (
            "hosts = [\"a.example\"]\nscope = \"world\"",
            "unknown variant",
        ),
    ] {
        let found = problems(&format!("{ONE}[[group]]\n{wrong}\n"));
        assert!(found[0].contains(told), "{wrong}: {found:?}");
    }
}
