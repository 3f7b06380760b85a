//! What becomes of each element and each attribute: whatever is not named here goes.

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Written, under this name.
    Write(&'static str),
    /// Its tags go, its content stays.
    Unwrap,
    /// It goes with all that is in it.
    Drop,
    /// What it shows is looked at: see `media` and `walk`.
    Media,
    /// Its content is text to this parser, but markup to a reader that does not know the element.
    Fallback,
}

/// What becomes of an HTML element of that name. None that holds raw text, runs, asks for input, or changes what surrounds
/// it is ever written; a block that goes leaves a `div`, so that what it held keeps apart from what is around it.
pub(super) fn fate(name: &str) -> Fate {
    match name {
        "audio" | "embed" | "iframe" | "img" | "object" | "picture" | "video" => Fate::Media,
        "noembed" | "noframes" => Fate::Fallback,
        "area" | "base" | "bgsound" | "button" | "canvas" | "datalist" | "frame" | "frameset"
        | "head" | "input" | "keygen" | "link" | "meta" | "param" | "script" | "select"
        | "source" | "style" | "template" | "textarea" | "title" | "track" => Fate::Drop,
        "center" | "dialog" | "fieldset" | "form" | "legend" | "main" | "marquee" | "search" => {
            Fate::Write("div")
        }
        "dir" | "menu" => Fate::Write("ul"),
        "listing" | "plaintext" | "xmp" => Fate::Write("pre"),
        "acronym" => Fate::Write("abbr"),
        "strike" => Fate::Write("s"),
        "tt" => Fate::Write("code"),
        _ => written(name).map_or(Fate::Unwrap, Fate::Write),
    }
}

/// Gives the name that equals `$name`, of those listed.
macro_rules! one_of {
    ($name:expr; $($known:literal)*) => {
        match $name {
            $($known => Some($known),)*
            _ => None,
        }
    };
}

/// `name`, if it is one of the elements that are written as they are.
fn written(name: &str) -> Option<&'static str> {
    one_of!(name; "abbr" "address" "article" "aside" "b" "bdi" "bdo" "blockquote" "br" "caption" "cite" "code" "col"
        "colgroup" "dd" "del" "details" "dfn" "div" "dl" "dt" "em" "figcaption" "figure" "footer" "h1" "h2" "h3" "h4"
        "h5" "h6" "header" "hgroup" "hr" "i" "ins" "kbd" "li" "mark" "nav" "ol" "p" "pre" "q" "rp" "rt" "ruby" "s"
        "samp" "section" "small" "span" "strong" "sub" "summary" "sup" "table" "tbody" "td" "tfoot" "th" "thead" "time" "tr"
        "u" "ul" "var" "wbr")
}

/// True for elements that never have content.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "col" | "hr" | "img" | "source" | "wbr")
}

/// What an attribute may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A line of text for people.
    Line,
    /// A whole number, of at most four digits and possibly negative.
    Number,
    /// A language tag.
    Language,
    /// `ltr`, `rtl` or `auto`.
    Direction,
    /// A date or a duration for machines.
    Moment,
    /// `1`, `a`, `A`, `i` or `I`.
    Marker,
    /// `row`, `col`, `rowgroup` or `colgroup`.
    Scope,
    /// Nothing: it is there or not.
    Flag,
    /// An address.
    Address,
}

/// What the attribute of that name may say on an element that is written as `element`; `None`: it goes. No `id`, `name` or
/// `class`: in a page that shows many bodies they would clash with its own.
pub(super) fn attribute(element: &str, name: &str) -> Option<Value> {
    Some(match (element, name) {
        (_, "lang") => Value::Language,
        (_, "dir") => Value::Direction,
        ("abbr" | "dfn", "title") => Value::Line,
        ("blockquote" | "del" | "ins" | "q", "cite") => Value::Address,
        ("col" | "colgroup", "span")
        | ("li", "value")
        | ("ol", "start")
        | ("td" | "th", "colspan" | "rowspan") => Value::Number,
        ("del" | "ins" | "time", "datetime") => Value::Moment,
        ("details", "open") | ("ol", "reversed") => Value::Flag,
        ("ol", "type") => Value::Marker,
        ("th", "scope") => Value::Scope,
        _ => return None,
    })
}
