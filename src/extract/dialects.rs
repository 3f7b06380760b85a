//! One tiny document per feature of every dialect of feeds: what each reader of feeds has to know, in one table.

use url::Url;

use super::*;
use crate::model::{RawEntry, Text, Validators};

/// What a document at `https://feeds.example/a/feed.xml` says.
fn entries(body: &str) -> Vec<RawEntry> {
    let document = Document {
        url: Url::parse("https://feeds.example/a/feed.xml").unwrap(),
        media_type: None,
        charset: None,
        body: body.as_bytes().to_vec().into(),
        validators: Validators::default(),
    };
    extract(&document, SourceKind::Feed, None)
        .unwrap_or_else(|error| panic!("{error}: {body}"))
        .entries
}

fn only(body: &str) -> RawEntry {
    let mut found = entries(body);
    assert_eq!(found.len(), 1, "{body}");
    found.remove(0)
}

fn rss(item: &str) -> String {
    format!("<rss version='2.0'><channel><item>{item}</item></channel></rss>")
}

fn atom(entry: &str) -> String {
    format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry>{entry}</entry></feed>")
}

fn atom_0_3(entry: &str) -> String {
    format!("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry>{entry}</entry></feed>")
}

const RDF: &str = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
     xmlns:dc='http://purl.org/dc/elements/1.1/'";

#[test]
fn the_roots_and_namespaces_of_all_times_hold_entries() {
    let item = "<item><title>A</title></item>";
    let entry = "<entry><title>A</title></entry>";
    for body in [
        format!("<rss version='0.91'><channel>{item}</channel></rss>"),
        format!("<rss version=' 2.0.1 '><channel>{item}</channel></rss>"),
        format!("<rss><channel>{item}</channel></rss>"),
        format!("<rss version='0.91'>{item}<channel><title>T</title></channel></rss>"),
        format!("<RSS VERSION='0.91'><CHANNEL>{}</CHANNEL></RSS>", item.to_uppercase()),
        format!("<rss xmlns='http://backend.userland.com/rss2'><channel>{item}</channel></rss>"),
        format!("<rss xmlns='urn:nobody:knows'><channel>{item}</channel></rss>"),
        "<r:rss xmlns:r='http://backend.userland.com/rss2'><r:channel><r:item><r:title>A</r:title></r:item></r:channel></r:rss>".to_owned(),
        format!("<rdf:RDF {RDF}><channel/>{item}</rdf:RDF>"),
        format!("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>{item}</rdf:RDF>"),
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:r='http://purl.org/rss/1.0/'><r:item><r:title>A</r:title></r:item></rdf:RDF>".to_owned(),
        format!("<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"),
        format!("<feed xmlns='https://www.w3.org/2005/Atom/'>{entry}</feed>"),
        format!("<feed version='0.3' xmlns='http://purl.org/atom/ns#'>{entry}</feed>"),
        format!("<feed xmlns='http://example.org/newformat#'>{entry}</feed>"),
        format!("<feed>{entry}</feed>"),
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>A</a:title></a:entry></a:feed>".to_owned(),
        "<entry xmlns='http://www.w3.org/2005/Atom'><title>A</title></entry>".to_owned(),
        "<CHANNEL HREF='http://cdf.example/'><ITEM HREF='http://cdf.example/1'><TITLE>A</TITLE></ITEM></CHANNEL>".to_owned(),
    ] {
        assert_eq!(only(&body).title.as_ref().map(Text::as_str), Some("A"), "{body}");
    }
}

#[test]
fn what_is_called_a_title_elsewhere_is_none_of_the_entrys() {
    for (body, title) in [
        (rss("<media:title>M</media:title><title>T</title>"), "T"),
        (
            rss(
                "<media:content url='http://x.example/v'><media:title>M</media:title></media:content><title>T</title>",
            ),
            "T",
        ),
        (rss("<image><title>I</title></image><title>T</title>"), "T"),
        (
            rss("<source url='http://s.example/'>S</source><title>T</title>"),
            "T",
        ),
        (
            rss("<x:title xmlns:x='urn:x'>X</x:title><title>T</title>"),
            "T",
        ),
        (rss("<dc:title>D</dc:title><title>T</title>"), "T"),
        (rss("<title>T</title><title/><dc:title>D</dc:title>"), "T"),
        (
            atom("<source><title>S</title></source><title>T</title>"),
            "T",
        ),
        (
            atom("<author><name>N</name><title>X</title></author><title>T</title>"),
            "T",
        ),
        (
            atom(
                "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><svg><title>S</title></svg></div></content><title>T</title>",
            ),
            "T",
        ),
        (rss("<dc:title>D</dc:title>"), "D"),
        (
            rss("<b:title xmlns:b='http://purl.org/dc/elements/1.0/'>D</b:title>"),
            "D",
        ),
        (rss("<itunes:title>P</itunes:title>"), "P"),
        (
            rss("<media:group><media:title>M</media:title></media:group>"),
            "M",
        ),
    ] {
        assert_eq!(
            only(&body).title.as_ref().map(Text::as_str),
            Some(title),
            "{body}"
        );
    }
}

#[test]
fn text_constructs_are_taken_as_their_type_means_however_it_is_spelt() {
    let html = |text: &str| Some(Text::Html(text.to_owned()));
    let plain = |text: &str| Some(Text::Plain(text.to_owned()));
    for (body, title) in [
        (
            atom("<title>A &lt;b&gt;B&lt;/b&gt;</title>"),
            html("A <b>B</b>"),
        ),
        (
            atom("<title type='text'>A &lt;b&gt;</title>"),
            plain("A <b>"),
        ),
        (
            atom("<title type='TEXT/PLAIN'>A &lt;b&gt;</title>"),
            plain("A <b>"),
        ),
        (
            atom("<title type='html'>A &amp;amp; B</title>"),
            html("A &amp; B"),
        ),
        (
            atom("<title type='text/html'><![CDATA[A &amp; B]]></title>"),
            html("A &amp; B"),
        ),
        (atom("<title type=''>A &lt;T&gt;</title>"), plain("A <T>")),
        (
            atom(
                "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <b>B</b></div></title>",
            ),
            html("A <b>B</b>"),
        ),
        (
            atom(
                "<title type='application/xhtml+xml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'>A</x:div></title>",
            ),
            html("A"),
        ),
        (
            atom("<title>A <em>B</em> C</title>"),
            html("A <em>B</em> C"),
        ),
        (
            atom_0_3("<title type='text/html' mode='escaped'>A &lt;b&gt;B&lt;/b&gt;</title>"),
            html("A <b>B</b>"),
        ),
        (
            atom_0_3("<title mode='base64'>QSA8Yj5CPC9iPg==</title>"),
            html("A <b>B</b>"),
        ),
        (
            atom_0_3("<title type='application/xhtml+xml' mode='xml'>A <b>B</b></title>"),
            html("A <b>B</b>"),
        ),
        (
            rss("<title>Die R&#xfc;ckkehr von &lt;i&gt;</title>"),
            plain("Die Rückkehr von <i>"),
        ),
        (
            rss("<title>&eacute; &#150; &#x263a; &unknown;</title>"),
            plain("é – ☺ &unknown;"),
        ),
    ] {
        assert_eq!(only(&body).title, title, "{body}");
    }
}

#[test]
fn bodies_and_excerpts_are_found_under_all_their_names() {
    let words = |text: &Option<Text>| text.as_ref().map(|text| text.as_str().to_owned());
    for (body, summary, content) in [
        (rss("<description>D</description>"), Some("D"), None),
        (
            rss("<description/><description>D</description>"),
            Some("D"),
            None,
        ),
        (
            rss("<description>a <b>b</b></description>"),
            Some("a <b>b</b>"),
            None,
        ),
        (
            rss(
                "<content:encoded><![CDATA[<p>C</p>]]></content:encoded><description>D</description>",
            ),
            Some("D"),
            Some("<p>C</p>"),
        ),
        (
            rss("<body xmlns='http://www.w3.org/1999/xhtml'><p>C</p></body>"),
            None,
            Some("<p>C</p>"),
        ),
        (rss("<fullitem>C</fullitem>"), None, Some("C")),
        (rss("<itunes:subtitle>S</itunes:subtitle>"), Some("S"), None),
        (
            rss("<itunes:subtitle>S</itunes:subtitle><itunes:summary>I</itunes:summary>"),
            Some("I"),
            None,
        ),
        (rss("<dc:description>D</dc:description>"), Some("D"), None),
        (
            rss("<media:group><media:description>M</media:description></media:group>"),
            Some("M"),
            None,
        ),
        (
            atom("<summary>S</summary><content>C</content>"),
            Some("S"),
            Some("C"),
        ),
        (
            atom("<content type='html'/><content>C</content>"),
            None,
            Some("C"),
        ),
        (
            atom("<content type='image/png'>iVBORw0KGgo=</content>"),
            None,
            None,
        ),
        (
            "<channel><item><abstract>D</abstract></item></channel>".to_owned(),
            Some("D"),
            None,
        ),
    ] {
        let entry = only(&body);
        assert_eq!(words(&entry.summary).as_deref(), summary, "{body}");
        assert_eq!(words(&entry.content).as_deref(), content, "{body}");
    }
}

#[test]
fn the_link_is_the_article_and_only_what_the_feed_offers_as_a_link() {
    let guid = "http://x.example/guid";
    for (body, url) in [
        (
            rss("<link> http://x.example/a </link>"),
            Some("http://x.example/a"),
        ),
        (rss("<link>/a</link>"), Some("https://feeds.example/a")),
        (
            rss("<link href='http://x.example/a'/>"),
            Some("http://x.example/a"),
        ),
        (
            rss("<atom:link href='http://x.example/a'/>"),
            Some("http://x.example/a"),
        ),
        (
            rss("<atom:link rel='self' href='http://x.example/self'/>"),
            None,
        ),
        (rss(&format!("<guid>{guid}</guid>")), Some(guid)),
        (
            rss(&format!("<guid isPermaLink='TRUE'>{guid}</guid>")),
            Some(guid),
        ),
        (
            rss(&format!("<guid isPermaLink='false'>{guid}</guid>")),
            None,
        ),
        (rss("<guid>tag:x</guid>"), None),
        (
            rss(&format!(
                "<guid>{guid}</guid><link>http://x.example/a</link>"
            )),
            Some("http://x.example/a"),
        ),
        (
            rss(&format!(
                "<guid isPermaLink='false'>{guid}</guid><enclosure url='http://x.example/a.mp3'/>"
            )),
            Some("http://x.example/a.mp3"),
        ),
        (
            rss("<feedburner:origLink>http://x.example/o</feedburner:origLink>"),
            Some("http://x.example/o"),
        ),
        (rss("<comments>http://x.example/c</comments>"), None),
        (
            atom("<link href='http://x.example/a'/>"),
            Some("http://x.example/a"),
        ),
        (
            atom(
                "<link rel='self' href='http://x.example/s'/><link rel='ALTERNATE' href='http://x.example/a'/>",
            ),
            Some("http://x.example/a"),
        ),
        (
            atom(
                "<link rel='http://www.iana.org/assignments/relation/alternate' href='http://x.example/a'/>",
            ),
            Some("http://x.example/a"),
        ),
        (
            atom(
                "<link type='application/pdf' href='http://x.example/p'/><link type='text/html' href='http://x.example/a'/>",
            ),
            Some("http://x.example/a"),
        ),
        (
            atom("<link href='javascript:alert(1)'/><link href='http://x.example/a'/>"),
            Some("http://x.example/a"),
        ),
        (atom(&format!("<id>{guid}</id>")), Some(guid)),
        (atom("<id>urn:x:1</id>"), None),
        (
            atom("<content type='text/html' src='http://x.example/a'/>"),
            Some("http://x.example/a"),
        ),
        (
            atom("<content type='audio/mpeg' src='http://x.example/a.mp3'/>"),
            Some("http://x.example/a.mp3"),
        ),
        (
            atom(
                "<link rel='via' href='http://x.example/via'/><link rel='edit' href='http://x.example/e'/>",
            ),
            None,
        ),
        (
            format!("<rdf:RDF {RDF}><item rdf:about='{guid}'><title>T</title></item></rdf:RDF>"),
            Some(guid),
        ),
        (
            "<channel><item href='http://cdf.example/1'/></channel>".to_owned(),
            Some("http://cdf.example/1"),
        ),
    ] {
        assert_eq!(only(&body).url.as_deref(), url, "{body}");
    }
}

#[test]
fn an_article_behind_a_counter_is_known_by_its_own_address() {
    let item = "<link>http://count.example/~3/x</link><feedburner:origLink>http://x.example/a</feedburner:origLink>";
    let entry = only(&rss(item));
    assert_eq!(entry.url.as_deref(), Some("http://count.example/~3/x"));
    assert_eq!(entry.canonical.as_deref(), Some("http://x.example/a"));
}

#[test]
fn ids_are_the_sources_own_and_never_made() {
    for (body, id) in [
        (rss("<guid> a b </guid>"), Some("a b")),
        (rss("<guid/><id>x</id>"), Some("x")),
        (rss("<title>T</title><link>http://x.example/</link>"), None),
        (
            atom("<id>urn:x</id><source><id>urn:s</id></source>"),
            Some("urn:x"),
        ),
        (atom("<source><id>urn:s</id></source>"), None),
        (
            atom_0_3("<guid>http://x.example/1</guid>"),
            Some("http://x.example/1"),
        ),
        (
            format!("<rdf:RDF {RDF}><item rdf:about='urn:about'/></rdf:RDF>"),
            Some("urn:about"),
        ),
    ] {
        assert_eq!(only(&body).id.as_deref(), id, "{body}");
    }
}

#[test]
fn dates_are_found_under_all_their_names() {
    let day = |n: u32| format!("2026-03-0{n}T00:00:00Z");
    let element = |name: &str, n: u32| format!("<{name}>2026-03-0{n}T00:00:00Z</{name}>");
    for (body, published, updated) in [
        (rss(&element("pubDate", 1)), Some(1), None),
        (rss(&element("dc:date", 1)), Some(1), None),
        (
            rss(&(element("dc:date", 2) + &element("pubDate", 1))),
            Some(1),
            None,
        ),
        (rss(&element("a10:updated", 1)), None, Some(1)),
        (
            rss(&(element("dcterms:modified", 2) + &element("dcterms:issued", 1))),
            Some(1),
            Some(2),
        ),
        (rss(&element("expirationDate", 1)), None, None),
        (
            atom(&(element("updated", 2) + &element("published", 1))),
            Some(1),
            Some(2),
        ),
        (atom(&element("updated", 2)), None, Some(2)),
        (
            atom_0_3(&(element("modified", 2) + &element("created", 3) + &element("issued", 1))),
            Some(1),
            Some(2),
        ),
        (atom_0_3(&element("created", 3)), Some(3), None),
        (
            atom("<source><updated>2026-03-01T00:00:00Z</updated></source>"),
            None,
            None,
        ),
        (
            "<channel><item lastmod='2026-03-02T00:00Z'/></channel>".to_owned(),
            None,
            Some(2),
        ),
    ] {
        let entry = only(&body);
        assert_eq!(entry.published, published.map(day), "{body}");
        assert_eq!(entry.updated, updated.map(day), "{body}");
    }
}

#[test]
fn people_and_tags_are_found_under_all_their_names() {
    for (body, author) in [
        (rss("<author>jo@x.example (Jo Doe)</author>"), "Jo Doe"),
        (rss("<author>Jo Doe</author>"), "Jo Doe"),
        (
            rss("<author>Jo Doe <email>jo@x.example</email></author>"),
            "Jo Doe",
        ),
        (rss("<dc:creator>Jo Doe</dc:creator>"), "Jo Doe"),
        (rss("<itunes:author>Jo Doe</itunes:author>"), "Jo Doe"),
        (
            atom(
                "<author><name>Jo Doe</name><uri>http://jo.example/</uri></author><contributor><name>X</name></contributor>",
            ),
            "Jo Doe",
        ),
        (
            atom_0_3("<author><name>Jo Doe</name><url>http://jo.example/</url></author>"),
            "Jo Doe",
        ),
        (rss("<dc:creator>（jo@x.example）Jo</dc:creator>"), "Jo"),
    ] {
        let names: Vec<_> = only(&body).authors.into_iter().map(|it| it.name).collect();
        assert_eq!(names, [author], "{body}");
    }
    for (body, tags) in [
        (
            rss(
                "<category domain='d'>A</category><category>B</category><dc:subject>A</dc:subject>",
            ),
            "A B",
        ),
        (rss("<itunes:keywords>A, B</itunes:keywords>"), "A B"),
        (
            atom("<category term='a' label='A'/><category term='B' scheme='s'/>"),
            "A B",
        ),
    ] {
        assert_eq!(only(&body).tags.join(" "), tags, "{body}");
    }
}

#[test]
fn bases_and_languages_are_inherited_and_an_unusable_base_is_passed_over() {
    let feed = |base: &str, entry: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='{base}' xml:lang='de'><entry {entry}<link href='a'/></entry></feed>"
        )
    };
    for (base, entry, url) in [
        ("http://x.example/b/", ">", "http://x.example/b/a"),
        (
            "http://x.example/b/",
            "xml:base='c/'>",
            "http://x.example/b/c/a",
        ),
        ("b/", "xml:base='/c/'>", "https://feeds.example/c/a"),
        ("http://[", ">", "https://feeds.example/a/a"),
        ("ftp://x.example/", ">", "https://feeds.example/a/a"),
    ] {
        assert_eq!(
            only(&feed(base, entry)).url.as_deref(),
            Some(url),
            "{base} {entry}"
        );
    }
    assert_eq!(only(&feed("", ">")).language.as_deref(), Some("de"));
    assert_eq!(
        only(&feed("", "xml:lang='fr'>")).language.as_deref(),
        Some("fr")
    );
}

#[test]
fn what_is_not_well_formed_is_read_as_it_was_meant() {
    for (body, titles) in [
        (rss("<title>A & B &c; <3</title>"), "A & B &c; <3"),
        (rss("<title>a < b > c</title>"), "a < b > c"),
        (rss("<title>1 <2 <3</title>"), "1 <2 <3"),
        (rss("<title>A</titel>"), "A"),
        (rss("<title>A"), "A"),
        (rss("<!-- a -- b --><title>A</title>"), "A"),
        (rss("<title type=text>A</title><enclosure url=http://x.example/a length=5>"), "A"),
        (rss("<b:title>B</b:title><title>A</title>"), "A"),
        ("<rss><channel><item><title>A</title><item><title>B</title></channel></rss>".to_owned(), "A|B"),
        ("<rss><channel><item><title>A</title></item></channel><item><title>B</title></item></rss>".to_owned(), "A|B"),
        ("<rss><channel><item><title>A</title></item><item><title>B</title><link>http://x.example/b</link><description>cut he".to_owned(), "A|B"),
        ("<rss><channel><item><title>A</title></item><item><description>cut he".to_owned(), "A"),
        ("<!DOCTYPE rss [<!ENTITY who 'Jo &amp; Bo'>]><rss><channel><item><title>&who; &amp; co</title></item></channel></rss>".to_owned(), "Jo & Bo & co"),
    ] {
        let found: Vec<_> = entries(&body)
            .into_iter()
            .map(|entry| entry.title.map_or(String::new(), |title| title.as_str().to_owned()))
            .collect();
        assert_eq!(found.join("|"), titles, "{body}");
    }
}

#[test]
fn a_document_that_ends_in_its_first_entry_has_one() {
    assert_eq!(entries("<rss><channel><item><title>Half a ti").len(), 1);
}

#[test]
fn text_that_looks_like_tags_without_end_does_not_cost_time_without_end() {
    for soup in ["<3", "< ", "<1>", "<3<a>", "a<b", "<\"", "<=>"] {
        let body = rss(&format!("<title>{}</title>", soup.repeat(100_000)));
        assert!(!entries(&body).is_empty(), "{soup}");
    }
}
