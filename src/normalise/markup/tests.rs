//! What becomes of what bodies show: addresses, images, players, recordings, structure.

use url::Url;

use super::*;

fn written(html: &str) -> Written {
    let base = Url::parse("https://blog.example/posts/").unwrap();
    let page = Url::parse("https://blog.example/posts/one").unwrap();
    write(html, &base, &page).unwrap()
}

fn clean(html: &str) -> String {
    written(html).html
}

fn check(table: &[(&str, &str)]) {
    for (source, expected) in table {
        assert_eq!(clean(source), *expected, "{source}");
    }
}

/// The one image of `html`, without what every image has.
fn image(html: &str) -> String {
    clean(html).replace(" loading=\"lazy\"", "")
}

#[test]
fn addresses_are_resolved_against_the_innermost_base() {
    let link = |href: &str| format!("<a href=\"{href}\" rel=\"noopener noreferrer\">x</a>");
    for (source, href) in [
        ("<a href=a>x</a>", "https://blog.example/posts/a"),
        (
            "<a href='?p=1&amp;q=2'>x</a>",
            "https://blog.example/posts/?p=1&amp;q=2",
        ),
        (
            "<a href='//cdn.example/a b'>x</a>",
            "https://cdn.example/a%20b",
        ),
        ("<a href='#n'>x</a>", "https://blog.example/posts/one#n"),
        ("<a href='\n ../a\n'>x</a>", "https://blog.example/a"),
        (
            "<a target=_blank rel=opener href='http://a.example'>x</a>",
            "http://a.example/",
        ),
        (
            "<a href='MAILTO:ann@a.example'>x</a>",
            "mailto:ann@a.example",
        ),
        (
            "<base href='/b/'><a href=c>x</a>",
            "https://blog.example/b/c",
        ),
        (
            "<span xml:base='/b/'><span xml:base='c/'><a href=d>x</a></span></span>",
            "https://blog.example/b/c/d",
        ),
        (
            "<span xml:base='/b/'></span><a href=d>x</a>",
            "https://blog.example/posts/d",
        ),
        (
            "<img xml:base='/b/'><a href=d>x</a>",
            "https://blog.example/posts/d",
        ),
    ] {
        assert_eq!(clean(source), link(href), "{source}");
    }
    assert_eq!(clean("<a href='mailto:'>x</a><a href='#'>y</a>"), "xy");
}

#[test]
fn quotations_and_changes_keep_where_and_when() {
    check(&[
        (
            "<blockquote cite=a>x</blockquote>",
            "<blockquote cite=\"https://blog.example/posts/a\">x</blockquote>",
        ),
        (
            "<del datetime='2026-03-04T10:00Z' cite='mailto:a@b.example'>x</del>",
            "<del datetime=\"2026-03-04T10:00Z\">x</del>",
        ),
        (
            "<time datetime='P3D' class=x>x</time>",
            "<time datetime=\"P3D\">x</time>",
        ),
    ]);
}

#[test]
fn an_image_keeps_what_it_says_and_its_size() {
    for (source, expected) in [
        (
            "<img src=i.png alt='A \"b\"' title=t width=640px height='480.5' onload=x class=c>",
            "<img src=\"https://blog.example/posts/i.png\" alt=\"A &quot;b&quot;\" title=\"t\" width=\"640\" height=\"480\">",
        ),
        (
            "<img src=i.png width='100%' height=-1 alt=''>",
            "<img src=\"https://blog.example/posts/i.png\" alt=\"\">",
        ),
        (
            "<img src=i.png width=99999>",
            "<img src=\"https://blog.example/posts/i.png\">",
        ),
        (
            "<img src=i.png srcset='i-2.png 2x,data:image/png;base64,AA 3x, i-3.png 640w, i-4.png wide' sizes='(min-width: 1px) 50vw, 100vw'>",
            "<img src=\"https://blog.example/posts/i.png\" srcset=\"https://blog.example/posts/i-2.png 2x, https://blog.example/posts/i-3.png 640w\" \
             sizes=\"(min-width: 1px) 50vw, 100vw\">",
        ),
        (
            "<img srcset='a.png, b.png 2x'>",
            "<img src=\"https://blog.example/posts/a.png\" srcset=\"https://blog.example/posts/a.png, https://blog.example/posts/b.png 2x\">",
        ),
    ] {
        assert_eq!(image(source), expected, "{source}");
    }
    assert!(clean("<img src=i.png>").contains(" loading=\"lazy\""));
}

#[test]
fn an_image_that_a_script_would_load_is_shown() {
    let real = "<img src=\"https://blog.example/posts/real.png\">";
    for source in [
        "<img data-src=real.png>",
        "<img src='data:image/gif;base64,R0' data-src=real.png class=lazyload>",
        "<img src=blank.gif data-lazy-src=real.png>",
        "<img src=blank.gif data-original=real.png>",
        "<img src=real.png data-src='{\"x\":1}'>",
        "<noscript><img src=real.png></noscript>",
        "<img src='data:image/gif;base64,R0' alt=Real><noscript><img src=real.png></noscript>",
        "<img data-src='real.png?w=1'> <noscript><img src='real.png?w=2'></noscript>".trim(),
    ] {
        assert_eq!(
            image(source).replace("?w=1", "").trim_end(),
            real,
            "{source}"
        );
    }
    assert_eq!(
        image("<img data-srcset='a.png 1x, b.png 2x'>"),
        "<img src=\"https://blog.example/posts/a.png\" srcset=\"https://blog.example/posts/a.png 1x, https://blog.example/posts/b.png 2x\">"
    );
    assert_eq!(
        clean("<p><img src='data:,x' alt='A map'></p>"),
        "<p>A map</p>"
    );
}

#[test]
fn what_only_counts_visits_is_dropped() {
    for beacon in [
        "<img src=x width=1 height=1>",
        "<img src=x width=1>",
        "<img src=x height=0>",
        "<img src=x width='2px' height='1px'>",
        "<img src=x style='display: none'>",
        "<img src=x style='x:y;DISPLAY:NONE !important'>",
        "<img src=x style='visibility:hidden'>",
        "<img src=x style='width:1px;height:1px'>",
        "<img src=x hidden>",
        "<img src='http://feeds.feedburner.com/~r/some/~4/abc' height=1 alt=x>",
        "<img src='https://feeds.feedburner.com/~r/some/~4/abc'>",
        "<img src='https://pixel.wp.com/b.gif?host=x'>",
        "<img src='https://www.facebook.com/tr?id=1'>",
        "<noscript><img height=1 width=1 style='display:none' src='https://a.example/tr'></noscript>",
        "<picture><source srcset=y><img src=x width=1 height=1></picture>",
        "<iframe src='https://a.example/ns.html' height=0 width=0 style='display:none;visibility:hidden'></iframe>",
        "<embed src='https://a.example/x' width=1 height=1>",
    ] {
        assert_eq!(clean(&format!("<p>x{beacon}</p>")), "<p>x</p>", "{beacon}");
    }
    for picture in [
        "<img src=x width=1 height=400>",
        "<img src=x width=600 height=1>",
        "<img src=x width=3 height=3>",
        "<img src=x style='width:100%'>",
        "<img src='https://www.facebook.com/photo.png'>",
    ] {
        assert!(clean(picture).starts_with("<img "), "{picture}");
    }
}

#[test]
fn a_picture_keeps_its_variants() {
    check(&[
        (
            "<picture><source type='image/webp' media='(min-width: 9em)' srcset='a.webp 1x, data:,x 2x'><source srcset='data:,x'>x<img src=a.png alt=A></picture>",
            "<picture><source srcset=\"https://blog.example/posts/a.webp 1x\" type=\"image/webp\" media=\"(min-width: 9em)\">\
             <img src=\"https://blog.example/posts/a.png\" alt=\"A\" loading=\"lazy\"></picture>",
        ),
        (
            "<picture><img src=a.png></picture>",
            "<img src=\"https://blog.example/posts/a.png\" loading=\"lazy\">",
        ),
        ("<picture>x</picture>", "x"),
        ("<source src=x srcset=y>", ""),
    ]);
}

#[test]
fn known_players_stay_as_frames_that_may_do_little() {
    let player = |src: &str, rest: &str| {
        format!(
            "<iframe src=\"{src}\"{rest} sandbox=\"allow-scripts allow-same-origin allow-popups allow-presentation\" \
             referrerpolicy=\"strict-origin-when-cross-origin\" loading=\"lazy\" allowfullscreen=\"\"></iframe>"
        )
    };
    for (source, expected) in [
        (
            "<iframe width=560 height=315 src='//www.youtube.com/embed/abc?autoplay=1&amp;start=3' title=T allow='camera' onload=x></iframe>",
            player(
                "https://www.youtube-nocookie.com/embed/abc?start=3",
                " title=\"T\" width=\"560\" height=\"315\"",
            ),
        ),
        (
            "<iframe data-src='http://player.vimeo.com/video/1'></iframe>",
            player("https://player.vimeo.com/video/1", ""),
        ),
        (
            "<iframe src='https://www.youtube-nocookie.com/embed/a?autoplay=1'></iframe>",
            player("https://www.youtube-nocookie.com/embed/a", ""),
        ),
    ] {
        assert_eq!(clean(source), expected, "{source}");
    }
}

#[test]
fn what_others_show_becomes_a_link_to_it() {
    let link = |href: &str, label: &str| {
        format!("<p>x <a href=\"{href}\" rel=\"noopener noreferrer\">{label}</a> </p>")
    };
    for (source, href, label) in [
        (
            "<iframe src=https://maps.example/x></iframe>",
            "https://maps.example/x",
            "maps.example",
        ),
        (
            "<iframe src=https://www.code.example/x title='A &lt;pen>'></iframe>",
            "https://www.code.example/x",
            "A &lt;pen&gt;",
        ),
        // not a player's address, or not quite its host
        (
            "<iframe src=https://www.youtube.com/redirect?q=x></iframe>",
            "https://www.youtube.com/redirect?q=x",
            "youtube.com",
        ),
        (
            "<iframe src=https://www.youtube.com.evil.example/embed/x></iframe>",
            "https://www.youtube.com.evil.example/embed/x",
            "youtube.com.evil.example",
        ),
        (
            "<iframe src=https://www.youtube.com:8443/embed/x></iframe>",
            "https://www.youtube.com:8443/embed/x",
            "youtube.com",
        ),
        (
            "<embed src=https://a.example/x.swf>",
            "https://a.example/x.swf",
            "a.example",
        ),
        (
            "<object data=https://a.example/x.pdf></object>",
            "https://a.example/x.pdf",
            "a.example",
        ),
    ] {
        assert_eq!(
            clean(&format!("<p>x{source}</p>")),
            link(href, label),
            "{source}"
        );
    }
    assert_eq!(
        clean("<object data=https://a.example/x.swf><p>Read it here</p></object>"),
        "<p>Read it here</p>"
    );
    assert_eq!(
        clean("<a href=/y><iframe src=https://a.example/x></iframe></a>"),
        "<a href=\"https://blog.example/y\" rel=\"noopener noreferrer\"> a.example </a>"
    );
}

#[test]
fn what_follows_a_frame_that_is_not_closed_is_kept() {
    let html = clean(
        "<p>a</p><iframe src='https://player.vimeo.com/video/1'/><p>b <b>c</b></p><iframe/><p>d</p>",
    );
    assert!(html.starts_with("<p>a</p><iframe "), "{html}");
    assert!(html.contains("</iframe><p>b <b>c</b></p>"), "{html}");
    assert!(html.contains('d'), "{html}");
}

#[test]
fn recordings_play_when_asked_to() {
    check(&[
        (
            "<video src=v.mp4 poster=p.png width=640 autoplay loop muted onplay=x>Get a browser</video>",
            "<video src=\"https://blog.example/posts/v.mp4\" poster=\"https://blog.example/posts/p.png\" width=\"640\" controls=\"\" preload=\"none\"></video>",
        ),
        (
            "<audio autoplay><source src=a.ogg type='audio/ogg; codecs=\"opus\"'><source src='blob:x'></audio>",
            "<audio controls=\"\" preload=\"none\"><source src=\"https://blog.example/posts/a.ogg\" type=\"audio/ogg; codecs=&quot;opus&quot;\"></audio>",
        ),
        (
            "<video src='blob:x'><a href=v.mp4>v</a></video>",
            "<a href=\"https://blog.example/posts/v.mp4\" rel=\"noopener noreferrer\">v</a>",
        ),
    ]);
    assert!(written("<audio src=a.mp3></audio>").has_media);
}

#[test]
fn formulas_stay_as_text() {
    check(&[
        ("<math><mi>x</mi><mo>=</mo><mn>1</mn></math>", "x=1"),
        (
            "<math alttext='x^2'><msup><mi>x</mi><mn>2</mn></msup></math>",
            "x^2",
        ),
        (
            "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x</annotation></semantics></math>",
            "x",
        ),
        (
            "Add <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> cup",
            "Add 1/2 cup",
        ),
        (
            "<math><msqrt><mi>a</mi><mo>+</mo><msub><mi>b</mi><mn>1</mn></msub></msqrt></math>",
            "√(a+b_1)",
        ),
        (
            "<math><mfrac><mrow>\n <mi>a</mi>\n <mo>−</mo> <mn>10</mn></mrow><mn>12</mn></mfrac></math>",
            "(a−10)/12",
        ),
    ]);
}

#[test]
fn a_formula_that_is_drawn_beside_itself_is_there_once() {
    check(&[
        (
            "<span class=katex><span class=katex-mathml><math><semantics><msup><mi>x</mi><mn>2</mn></msup>\
             <annotation encoding='application/x-tex'>x^2</annotation></semantics></math></span>\
             <span class=katex-html aria-hidden=true><b>x</b><b>2</b></span></span>",
            "x^2",
        ),
        (
            "<p>one<span aria-hidden=true> two</span></p>",
            "<p>one two</p>",
        ),
    ]);
}

#[test]
fn what_is_hidden_is_not_shown() {
    check(&[
        (
            "<div style='display:none !important'>Preview</div><p>Text</p>",
            "<p>Text</p>",
        ),
        (
            "<p hidden>a</p><p>b<span style=\"color:red; Visibility: hidden\">c</span></p>",
            "<p>b</p>",
        ),
        (
            "<p hidden=until-found>a</p><p style=\"display:block\">b</p>",
            "<p>a</p><p>b</p>",
        ),
        (
            "<iframe style=\"display:none\" src=\"/f\"></iframe><p>a</p>",
            "<p>a</p>",
        ),
    ]);
}

#[test]
fn structure_keeps_what_tells_it_apart() {
    check(&[
        (
            "<ol start=3 type=a reversed><li value=7>x</li></ol>",
            "<ol reversed=\"\" start=\"3\" type=\"a\"><li value=\"7\">x</li></ol>",
        ),
        (
            "<table border=1><tr><td colspan=2 rowspan=x>x</td></tr></table>",
            "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
        ),
        (
            "<p lang=en_gb dir=RTL id=a class=b>x</p>",
            "<p dir=\"rtl\" lang=\"en-GB\">x</p>",
        ),
        (
            "<span class=a>x</span><span lang=fr>y</span>",
            "x<span lang=\"fr\">y</span>",
        ),
        (
            "<main>a</main><form>b</form><center>c</center>",
            "<div>a</div><div>b</div><div>c</div>",
        ),
        (
            "<menu><li>x</menu><tt>y</tt><strike>z</strike>",
            "<ul><li>x</li></ul><code>y</code><s>z</s>",
        ),
        ("<xmp><b>x</b></xmp>", "<pre>&lt;b&gt;x&lt;/b&gt;</pre>"),
        ("<pre>\n\n  x</pre>", "<pre>\n\n  x</pre>"),
        (
            "a\u{a0}b &lt;c&gt; &amp;amp;",
            "a&nbsp;b &lt;c&gt; &amp;amp;",
        ),
        ("<p>x<!-- y -->z</p>", "<p>xz</p>"),
    ]);
}

#[test]
fn what_may_be_read_differently_says_so() {
    for settled in [
        "<p>a</p><ul><li>b<ul><li>c</li></ul></li></ul><a href=x>d</a>",
        "<table><caption>a</caption><tr><td><a href=x>b</a><table><tr><td>c</table></table>",
        "<a href=x><table><tr><td>a<a href=y>b</a></table></a>",
        "<blockquote><p>a</p><h2>b</h2></blockquote><dl><dt>a<dd>b</dl>",
        "<ruby>a<rp>(<rt>b<rp>)</ruby>",
    ] {
        assert!(!written(settled).is_unsettled, "{settled}");
    }
    for unsettled in [
        "<p><object><div>a</div></object></p>",
        "<a href=x><object><a href=y>b</a></object></a>",
        "<ul><li><x-y><li>a</x-y></ul><ul><li><object><li>b",
    ] {
        assert!(written(unsettled).is_unsettled, "{unsettled}");
    }
}

#[test]
fn a_body_that_is_too_long_is_cut_with_a_mark_and_not_again() {
    for source in [
        format!("<ul>{}</ul>", "<li>word <b>word</b></li>".repeat(40_000)),
        format!("<div><blockquote>{}", "word ".repeat(200_000)),
        format!("<p>{}</p>", "&lt;".repeat(300_000)),
        "<img src=x>".repeat(40_000),
    ] {
        let once = clean(&source);
        assert!(once.ends_with("<p>…</p>"), "{}", &once[once.len() - 80..]);
        assert!((500_000..530_000).contains(&once.len()), "{}", once.len());
        assert_eq!(clean(&once), once);
    }
}
