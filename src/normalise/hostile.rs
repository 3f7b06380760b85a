//! Bodies by people who mean no good, and bodies by tools that know no better. In each, every `honest` is text that a reader
//! must still see, and nothing that is called `evil` may be left of it.

use proptest::prelude::*;
use scraper::{Html, Node};
use url::Url;

use super::content;
use super::html;

use crate::model::Text;

/// Attributes of more than one element are not repeated: what may stand on any.
const ANYWHERE: [&str; 2] = ["dir", "lang"];
/// The elements that may be left, each with its attributes.
const ALLOWED: &[(&str, &[&str])] = &[
    ("a", &["href", "rel", "title"]),
    ("abbr", &["title"]),
    ("address", &[]),
    ("article", &[]),
    ("aside", &[]),
    ("audio", &["controls", "preload", "src"]),
    ("b", &[]),
    ("bdi", &[]),
    ("bdo", &[]),
    ("blockquote", &["cite"]),
    ("br", &[]),
    ("caption", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("dd", &[]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    ("dfn", &["title"]),
    ("div", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("footer", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("header", &[]),
    ("hgroup", &[]),
    ("hr", &[]),
    ("i", &[]),
    (
        "iframe",
        &[
            "allowfullscreen",
            "height",
            "loading",
            "referrerpolicy",
            "sandbox",
            "src",
            "title",
            "width",
        ],
    ),
    (
        "img",
        &[
            "alt", "height", "loading", "sizes", "src", "srcset", "title", "width",
        ],
    ),
    ("ins", &["cite", "datetime"]),
    ("kbd", &[]),
    ("li", &["value"]),
    ("mark", &[]),
    ("nav", &[]),
    ("ol", &["reversed", "start", "type"]),
    ("p", &[]),
    ("picture", &[]),
    ("pre", &[]),
    ("q", &["cite"]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("section", &[]),
    ("small", &[]),
    ("source", &["media", "sizes", "src", "srcset", "type"]),
    ("span", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["colspan", "rowspan"]),
    ("tfoot", &[]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("thead", &[]),
    ("time", &["datetime"]),
    ("tr", &[]),
    ("u", &[]),
    ("ul", &[]),
    ("var", &[]),
    (
        "video",
        &["controls", "height", "poster", "preload", "src", "width"],
    ),
    ("wbr", &[]),
];
/// Hosts that frames may show.
const FRAMED: [&str; 11] = [
    "www.youtube-nocookie.com",
    "player.vimeo.com",
    "www.dailymotion.com",
    "geo.dailymotion.com",
    "player.bilibili.com",
    "embed.ted.com",
    "archive.org",
    "bandcamp.com",
    "w.soundcloud.com",
    "open.spotify.com",
    "embed.podcasts.apple.com",
];

const VECTORS: &[&str] = &[
    // scripts and styles, and what looks like them
    "honest<script>evil()</script> honest",
    "honest<script src=//evil.example/x.js></script>",
    "honest<SCRIPT>evil()</SCRIPT>honest",
    "honest<script type=\"text/javascript\">document.location='http://evil.example/'</script> honest",
    "<script>if (1 < 2) { evil('</p>') }</script>honest",
    "<script><!-- evil </script> --> honest",
    "<script\n>evil()</script\n>honest",
    "<script/evil>evil()</script>honest",
    "<script/src=data:,evil></script>honest",
    "honest<scr<script>honest()</script>ipt>",
    "honest<<script>evil()//<</script>",
    "<<<script>evil()</script>honest",
    "honest<script>evil",
    "<p>honest<script>evil()",
    "honest<style>body{background:url(javascript:evil)}</style>honest",
    "honest<style>@import url(//evil.example/x.css);</style>",
    "<style><img src=x onerror=evil()></style>honest",
    "<style>evil</style/>honest",
    "<noscript><style></noscript><img src=x onerror=evil()></style>honest</noscript>",
    "<noscript><p title=\"</noscript><img src=x onerror=evil()>\"></noscript>honest",
    "<script>evil</script><p>honest</p><script>evil</script>",
    "<p>honest</p><script>document.write('<p>evil</p>')</script><p>honest</p>",
    "<template><script>evil()</script><p>evil</p></template>honest",
    "<xml><script>evil()</script></xml>honest",
    // handlers
    "<p onclick=evil()>honest</p>",
    "<p ONCLICK=\"evil()\">honest</p>",
    "<p onclick\n=\n'evil()'>honest</p>",
    "<p/onclick=evil()>honest</p>",
    "<p title=x/onclick=evil()>honest</p>",
    "<p \"onclick=evil()\" onmouseover=evil()>honest</p>",
    "<a href=\"https://a.example/\" onmouseover=evil()>honest</a>",
    "<img src=x onerror=evil()>honest",
    "<img src=\"x\" onload=\"evil()\">honest",
    "<img src=x:x onerror=evil()>honest",
    "<img src='x'onerror=evil()>honest",
    "<img src=`x` onerror=evil()>honest",
    "<img \"\"\"><script>evil()</script>\">honest",
    "<body onload=evil()>honest</body>",
    "<body/onpageshow=evil()>honest",
    "<div onpointerrawupdate=evil()>honest</div>",
    "<details ontoggle=evil() open><summary>honest</summary>honest</details>",
    "<video onloadstart=evil()><source onerror=evil()>honest</video>",
    "<audio src=x onerror=evil()></audio>honest",
    "<marquee onstart=evil()>honest</marquee>",
    "<b onanimationend=evil() style=\"animation:x\">honest</b>",
    "<x onfocus=evil() tabindex=1 autofocus>honest</x>",
    "<p\u{b}onclick=evil()>honest</p>",
    "<p \u{0}onclick=evil()>honest</p>",
    "<p on\u{0}click=evil()>honest</p>",
    "<p data-x='\"' onclick=evil() data-y='\"'>honest</p>",
    // addresses that do something
    "<a href=\"javascript:evil()\">honest</a>",
    "<a href=\"JaVaScRiPt:evil()\">honest</a>",
    "<a href=\" \u{1} javascript:evil()\">honest</a>",
    "<a href=\"java\nscript:evil()\">honest</a>",
    "<a href=\"java\tscript:evil()\">honest</a>",
    "<a href=\"java&#10;script:evil()\">honest</a>",
    "<a href=\"java&Tab;script&colon;evil()\">honest</a>",
    "<a href=\"&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;evil()\">honest</a>",
    "<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;evil()\">honest</a>",
    "<a href=\"&#0000106avascript:evil()\">honest</a>",
    "<a href='javascript&NewLine;:evil()'>honest</a>",
    "<a href=javascript&colon;evil()>honest</a>",
    "<a href=\"\u{200b}javascript:evil()\">honest</a>",
    "<a href=\"\u{feff}javascript:evil()\">honest</a>",
    "<a href=\"\u{a0}javascript:evil()\">honest</a>",
    "<a href=\"vbscript:evil()\">honest</a>",
    "<a href=\"livescript:evil()\">honest</a>",
    "<a href=\"mocha:evil()\">honest</a>",
    "<a href=\"data:text/html,<script>evil()</script>\">honest</a>",
    "<a href=\"data:text/html;base64,evil\">honest</a>",
    "<a href=\"DATA:image/svg+xml,evil\">honest</a>",
    "<a href=\"blob:https://a.example/evil\">honest</a>",
    "<a href=\"file:///evil\">honest</a>",
    "<a href=\"ftp://evil.example/\">honest</a>",
    "<a href=\"view-source:https://evil.example/\">honest</a>",
    "<a href=\"feed:javascript:evil()\">honest</a>",
    "<a href=\"feed:data:text/html,evil\">honest</a>",
    "<a href=\"jar:https://evil.example!/x\">honest</a>",
    "<a href=\"ms-its:evil\">honest</a>",
    "<a href=\"about:evil\">honest</a>",
    "<a href=\"tel:evil\">honest</a>",
    "<a href=\"intent://evil#Intent;end\">honest</a>",
    "<a href=\"x-evil:1\">honest</a>",
    "<a href=\"https://evil:evil@a.example/\">honest</a>",
    "<a href=\"http://\">honest</a>",
    "<a href=\"\">honest</a>",
    "<a href>honest</a>",
    "<a xlink:href=\"javascript:evil()\">honest</a>",
    "<a href=\"https://a.example/\" href=\"javascript:evil()\">honest</a>",
    "<img src=\"javascript:evil()\">honest",
    "<img src=\"jav&#x09;ascript:evil();\">honest",
    "<img src=javascript:evil(&quot;x&quot;)>honest",
    "<img src='vbscript:msgbox(\"evil\")'>honest",
    "<img dynsrc=\"javascript:evil()\" lowsrc=\"javascript:evil()\">honest",
    "<img srcset=\"javascript:evil() 2x, data:evil 3x\">honest",
    "<img src=a.png srcset=\"data:image/png;base64,evil 1x, b.png 2x\">honest",
    "<img src=a.png longdesc=\"javascript:evil()\" usemap=\"#evil\" ismap>honest",
    "<video src=a.mp4 poster=\"javascript:evil()\"></video>honest",
    "<audio><source src=\"data:audio/x,evil\"></audio>honest",
    "<blockquote cite=\"javascript:evil()\">honest</blockquote>",
    "<q cite=\"data:,evil\">honest</q>",
    "<del cite=\"vbscript:evil\">honest</del>",
    "<table background=\"javascript:evil()\"><tr><td background=\"javascript:evil()\">honest</td></tr></table>",
    "<bgsound src=\"javascript:evil()\">honest",
    "<layer src=\"//evil.example/\">honest</layer>",
    "<base href=\"javascript:evil()//\"><a href=\"x\">honest</a>",
    "<div xml:base=\"javascript:evil()\"><a href=\"x\">honest</a></div>",
    // styles
    "<p style=\"background:url(javascript:evil())\">honest</p>",
    "<p style=\"width:expression(evil())\">honest</p>",
    "<p style=\"-moz-binding:url(//evil.example/#x)\">honest</p>",
    "<p style=\"behavior:url(evil.htc)\">honest</p>",
    "<p style=\"any: expressio/**/n(evil)\">honest</p>",
    "<p style=\"position:fixed;inset:0;z-index:9999;evil:1\">honest</p>",
    "<p style='a:\\65 vil'>honest</p>",
    "<font style=\"x:evil\" color=\"evil\" face=\"evil\">honest</font>",
    "<div style=\"background-image:\\0075\\0072\\006C\\0028'evil'\">honest</div>",
    "<p class=\"evil\" id=\"evil\" name=\"evil\">honest</p>",
    "<a id=\"evil\" name=\"evil\">honest</a>",
    "<form id=evil><p>honest</p></form><a href=https://a.example/ form=evil>honest</a>",
    // elements that ask, run, frame or change the page
    "<form action=\"https://evil.example/\">honest<input name=evil value=evil><button>evil</button></form>",
    "<form><isindex prompt=evil action=javascript:evil()></form>honest",
    "<input type=image src=x onerror=evil()>honest",
    "<input autofocus onfocus=evil()>honest",
    "<select onchange=evil()><option>evil</select>honest",
    "<textarea autofocus onfocus=evil()>evil</textarea>honest",
    "<button formaction=javascript:evil()>evil</button>honest",
    "<keygen autofocus onfocus=evil()>honest",
    "<fieldset><legend>honest</legend>honest</fieldset>",
    "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">honest",
    "<meta charset=\"evil\">honest",
    "<link rel=stylesheet href=\"//evil.example/x.css\">honest",
    "<link rel=prefetch href=\"//evil.example/\">honest",
    "<base href=\"https://evil.example/\" target=_blank>honest",
    "<title>evil</title>honest",
    "<head><title>evil</title><style>evil</style></head><body>honest</body>",
    "<html><body onload=evil()><p>honest</p></body></html>",
    "<frameset onload=evil()><frame src=\"javascript:evil()\"></frameset>honest",
    "<iframe src=\"javascript:evil()\"></iframe>honest",
    "<iframe srcdoc=\"<script>evil()</script>\"></iframe>honest",
    "<iframe src=\"data:text/html,evil\">honest</iframe>",
    "<iframe src=\"//evil.example/pixel\" width=1 height=1></iframe>honest",
    "<iframe src=\"https://a.example/\" onload=evil()> <b>honest</b></iframe>",
    "<iframe src=\"https://www.youtube.com/embed/x\" onload=evil() name=evil srcdoc=evil></iframe>honest",
    "<iframe src=\"about:blank\"/><p>honest</p>",
    "<object data=\"javascript:evil()\">honest</object>",
    "<object type=\"application/x-shockwave-flash\"><param name=movie value=\"evil.swf\"> <b>honest</b></object>",
    "<object classid=\"clsid:evil\"><param name=url value=javascript:evil()></object>honest",
    "<object data=\"data:text/html;base64,evil\"></object>honest",
    "honest<object type=\"application/x-oleobject\"> <b>honest</b>",
    "<embed src=\"javascript:evil()\">honest",
    "<embed src=\"data:image/svg+xml,evil\" allowscriptaccess=always>honest",
    "honest<embed type=\"evil\"> <b>honest</b>",
    "<applet code=\"evil.class\" codebase=\"http://evil.example/\">honest</applet>",
    "<noembed><img src=x onerror=evil()>honest</noembed>",
    "<noframes><p onclick=evil()>honest</p></noframes>",
    "<blink>honest</blink>",
    "<dialog open onclose=evil()>honest</dialog>",
    "<portal src=\"https://evil.example/\"></portal>honest",
    "<map name=evil><area href=\"javascript:evil()\">honest</map>",
    "<canvas>evil</canvas>honest",
    "<xss style=\"evil\">honest</xss>",
    "<my-box onclick=evil() slot=evil>honest</my-box>",
    "<slot onslotchange=evil()>honest</slot>",
    "<command onmouseover=evil()>honest</command>",
    // other languages in the page
    "<svg onload=evil()></svg>honest",
    "<svg><script>evil()</script></svg>honest",
    "<svg><script href=\"data:,evil\"/></svg>honest",
    "<svg><a xlink:href=\"javascript:evil()\"><text>evil</text></a></svg>honest",
    "<svg><animate attributeName=href values=\"javascript:evil()\"/></svg>honest",
    "<svg><set attributeName=onmouseover to=evil() /></svg>honest",
    "<svg><use href=\"data:image/svg+xml;base64,evil#x\"/></svg>honest",
    "<svg><foreignObject><iframe srcdoc=evil></iframe></foreignObject></svg>honest",
    "<svg><style><img src=x onerror=evil()></style></svg>honest",
    "<svg><p>honest</p><style><a id=\"</style><img src=x onerror=evil()>\"></svg>",
    "<svg><desc><style><!--</style><img src=x onerror=evil()>--></desc></svg>honest",
    "<svg></p><style><a id=\"</style><img src=1 onerror=evil()>\">honest",
    "<math href=\"javascript:evil()\"><mi>honest</mi></math>",
    "<math><mi xlink:href=\"javascript:evil()\">honest</mi></math>",
    "<math><maction actiontype=\"statusline#https://evil.example/\">honest</maction></math>",
    "<math><annotation-xml encoding=\"text/html\"><script>evil()</script></annotation-xml></math>honest",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=evil()&gt;\">honest",
    "honest<form><math><mtext></form><form><mglyph><style></math><img src onerror=evil()>",
    "<math><mtext><mglyph><style><img src=x onerror=evil()></style></mglyph></mtext></math>honest",
    // comments, declarations, sections, instructions
    "honest<!-- <script>evil()</script> -->honest",
    "honest<!--><img src=x onerror=evil()>-->",
    "honest<!---><img src=x onerror=evil()>-->",
    "honest<!-- evil --!><img src=x onerror=evil()>-->honest",
    "honest<!-->honest",
    "honest<!--[if gte IE 4]><script>evil()</script><![endif]-->honest",
    "<![if !IE]>honest<![endif]>",
    "<!DOCTYPE html [<!ENTITY x \"evil\">]>honest",
    "honest<!DOCTYPE html PUBLIC \"evil\" \"evil\">honest",
    "<![CDATA[<script>honest()</script>]]>honest",
    "<![CDATA[><script>evil()</script>honest",
    "<?xml version=\"1.0\" evil?>honest",
    "<?php evil() ?>honest",
    "<?import namespace=\"t\" implementation=\"evil\">honest",
    "<%= honest %>",
    "<!evil>honest",
    "</evil>honest",
    "<!-- evil -- > evil -->honest",
    // tags and quotes that never end
    "<p>honest <a href=\"https://a.example/evil",
    "<b>honest<i>honest",
    "honest <img src=\"evil",
    "honest <img src=x onerror=evil()",
    "honest<p title=\"evil>evil",
    "<a href='https://a.example/' title='x\">x</a>' onclick=evil()>honest</a>",
    "<p title='</p><script>evil()</script>'>honest</p>",
    "<div><p><span>honest</div>honest",
    "</p></div></b>honest",
    "<ul><li>honest<li>honest</ul>",
    "<table><script>evil()</script><tr><td>honest</table>",
    "<table><p>honest<tr><td>honest<a href=javascript:evil()>honest</table>",
    "<a href=https://a.example/1>honest<a href=javascript:evil()>honest</a></a>",
    "<select><style></select><img src=x onerror=evil()></style>honest",
    "<textarea></textarea><img src=x onerror=evil()>honest",
    "<title></title><img src=x onerror=evil()>honest",
    "<xmp><p title=\"</xmp><img src=x onerror=evil()>\">honest",
    "<p>honest</p><plaintext>honest",
    // text that is text
    "&lt;b&gt;honest&lt;/b&gt; R&amp;D &amp;lt;honest&amp;gt;",
    "1 < 2 honest and 3 > 2 honest",
    "honest & honest &nosuch; honest",
    "honest&#0;honest&#x110000;honest&#xd800;",
    "honest\u{202e}honest\u{2066}honest\u{0}honest\u{fffe}",
    "<b>\u{338}honest</b>&gt;\u{338}honest",
    "<pre>\n\nhonest <b>honest</b>\n</pre>",
    "<ruby>honest<rp>(</rp><rt>honest</rt><rp>)</rp></ruby>",
    "<details><summary>honest</summary><p>honest</p></details>",
    "<p lang=\"en\" dir=\"rtl\">honest</p><bdo dir=ltr>honest</bdo>",
    "<a href=\"mailto:ann@a.example?subject=x\">honest</a>",
    "<a href=\"//a.example/x\">honest</a>",
];

fn base() -> Url {
    Url::parse("https://blog.example/posts/").unwrap()
}

fn clean(html: &str) -> String {
    content::safe(&Text::Html(html.to_owned()), &base(), None)
        .map_or_else(String::new, |safe| safe.html)
}

/// What a parser finds in `html` that is not allowed.
fn forbidden(html: &str) -> Vec<String> {
    // as a reader shows it: inside its page, with scripts on, in standards and in quirks mode
    let pages = [
        format!("<!doctype html><body><div>{html}</div>"),
        format!("<body>{html}"),
        format!("<p>{html}"),
    ];
    let mut found = Vec::new();
    let trees = pages.iter().map(|page| Html::parse_document(page));
    for tree in trees.chain([Html::parse_fragment(html)]) {
        for node in tree.tree.nodes() {
            match node.value() {
                Node::Element(element) => check_element(element, &mut found),
                Node::Comment(_) | Node::ProcessingInstruction(_) => {
                    found.push("a comment".to_owned());
                }
                _ => {}
            }
        }
    }
    found
}

fn check_element(element: &scraper::node::Element, found: &mut Vec<String>) {
    let name = element.name();
    if matches!(name, "html" | "head" | "body") && element.attrs().next().is_none() {
        return;
    }
    let known = ALLOWED.iter().find(|(allowed, _)| *allowed == name);
    let Some((_, attributes)) =
        known.filter(|_| &*element.name.ns == "http://www.w3.org/1999/xhtml")
    else {
        found.push(format!("<{name}>"));
        return;
    };
    for (attribute, value) in element.attrs() {
        if !ANYWHERE.contains(&attribute) && !attributes.contains(&attribute) {
            found.push(format!("<{name} {attribute}>"));
        }
        let addresses: Vec<&str> = match attribute {
            "href" | "src" | "poster" | "cite" => vec![value],
            "srcset" => value
                .split(", ")
                .filter_map(|one| one.split(' ').next())
                .collect(),
            _ => continue,
        };
        for address in addresses {
            let url = Url::parse(address);
            let is_fine = url.as_ref().is_ok_and(|url| match url.scheme() {
                "https" | "http" => url.username().is_empty() && url.password().is_none(),
                "mailto" => (name, attribute) == ("a", "href"),
                _ => false,
            });
            let is_framed =
                url.is_ok_and(|url| FRAMED.contains(&url.host_str().unwrap_or_default()));
            if !is_fine || (name == "iframe" && !is_framed) {
                found.push(format!("<{name} {attribute}={value:?}>"));
            }
        }
    }
    if name == "iframe" && element.attr("sandbox").is_none() {
        found.push("a frame without a sandbox".to_owned());
    }
}

#[test]
fn nothing_dangerous_is_left_and_no_honest_text_is_lost() {
    let mut wrong = Vec::new();
    for source in VECTORS {
        let safe = clean(source);
        let text = html::plain_html(&safe);
        let honest = |text: &str| text.matches("honest").count();
        if honest(&text) != honest(source) {
            wrong.push(format!("{source:?} lost text: {safe}"));
        }
        if safe.contains("evil") {
            wrong.push(format!("{source:?} kept evil: {safe}"));
        }
        for found in forbidden(&safe) {
            wrong.push(format!("{source:?} kept {found}: {safe}"));
        }
        if clean(&safe) != safe {
            wrong.push(format!(
                "{source:?} is not settled: {safe} / {}",
                clean(&safe)
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(VECTORS.len() >= 150, "only {}", VECTORS.len());
}

#[test]
fn titles_and_summaries_of_them_are_text_without_evil() {
    for source in VECTORS {
        let plain = html::plain_html(source);
        assert!(plain.contains("honest"), "{source:?}: {plain}");
        assert!(!plain.contains("evil"), "{source:?}: {plain}");
    }
}

/// Names of elements, tame and wild.
const NAMES: &[&str] = &[
    "a",
    "b",
    "i",
    "p",
    "div",
    "span",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "colgroup",
    "col",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "pre",
    "ruby",
    "rt",
    "rp",
    "rtc",
    "img",
    "br",
    "hr",
    "picture",
    "source",
    "video",
    "audio",
    "iframe",
    "object",
    "embed",
    "form",
    "fieldset",
    "legend",
    "button",
    "select",
    "option",
    "textarea",
    "svg",
    "math",
    "mi",
    "mtext",
    "mglyph",
    "annotation-xml",
    "foreignObject",
    "desc",
    "title",
    "style",
    "script",
    "template",
    "noscript",
    "noembed",
    "xmp",
    "plaintext",
    "listing",
    "marquee",
    "applet",
    "nobr",
    "font",
    "center",
    "main",
    "dialog",
    "blockquote",
    "address",
    "details",
    "summary",
    "figure",
    "section",
    "body",
    "html",
    "head",
    "frameset",
    "base",
    "x-y",
    "menu",
    "dir",
    "tt",
    "strike",
    "acronym",
];
/// Attributes of every kind.
const ATTRIBUTES: &[&str] = &[
    "",
    " href=x",
    " href='javascript:x'",
    " href=\"https://u:p@a.example/?a=1&amp;b\"",
    " href='mailto:a@b.example'",
    " href='#n'",
    " src=y.png",
    " src='data:image/png,x'",
    " src=//www.youtube.com/embed/x?autoplay=1",
    " src=https://a.example/frame",
    " data-src=z.png",
    " srcset='a 1x, b 2x, data:x 3x'",
    " data=o.swf",
    " alt='a \"b\" <c>'",
    " title='&quot;&gt;<script>'",
    " width=1 height=1",
    " width=640px height=50%",
    " style='display:none'",
    " class=emoji",
    " onclick=x()",
    " dir=RTL lang=en_us",
    " xml:base='/deep/er/'",
    " colspan=2 start=-3 type=a",
    "/",
];
/// Runs of text that are more than text to somebody.
const TEXTS: &[&str] = &[
    "x",
    " ",
    "\n",
    "&amp;",
    "&lt;p&gt;",
    "&nbsp;",
    "\u{338}",
    "e\u{301}",
    "\u{301}",
    "<",
    ">",
    "\"",
    "<!-- c -->",
    "<![CDATA[",
    "]]>",
    "<?pi?>",
    "&#0;",
    "\u{0}",
    "\r\n",
    "\u{3000}",
    "\u{202e}",
    "<!doctype html>",
    "-->",
    "é",
    "Ã©",
];

/// Markup as a hostile tool would make it: tags that open and close without order, with attributes of every kind.
fn any_markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        5 => (proptest::sample::select(NAMES), proptest::sample::select(ATTRIBUTES), proptest::sample::select(ATTRIBUTES))
            .prop_map(|(name, one, two)| format!("<{name}{one}{two}>")),
        3 => proptest::sample::select(NAMES).prop_map(|name| format!("</{name}>")),
        3 => proptest::sample::select(TEXTS).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_markup_becomes_safe_and_stays_as_it_is(html in any_markup()) {
        let once = clean(&html);
        prop_assert_eq!(forbidden(&once), Vec::<String>::new(), "{}", once);
        prop_assert_eq!(clean(&once), once);
    }

    #[test]
    fn any_text_becomes_safe_and_stays_as_it_is(html in any::<String>()) {
        let once = clean(&html);
        prop_assert_eq!(forbidden(&once), Vec::<String>::new(), "{}", once);
        prop_assert_eq!(clean(&once), once);
    }

    #[test]
    fn the_text_of_a_body_is_that_of_its_source(html in any_markup()) {
        let body = Text::Html(html.clone());
        let safe = content::safe(&body, &base(), None);
        let blocks = safe.as_ref().map_or(&[][..], |safe| &safe.blocks);
        let again = safe.as_ref().map(|safe| content::blocks(&safe.html)).unwrap_or_default();
        let texts = |blocks: &[super::blocks::Block]| -> Vec<(String, bool)> {
            blocks.iter().map(|block| (block.text.clone(), block.prose)).collect()
        };
        prop_assert_eq!(texts(blocks), texts(&again));
    }
}
