//! Why a document was read as it was: what was seen, what was decided, what lost. Made by `extract` when it is asked for,
//! completed by `pipeline`, shown by `cli`; nothing is decided by it.

use serde::Serialize;

use super::{Field, Tier};

/// How one document was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Explanation {
    /// What it was taken for, with its article ("an HTML page").
    pub found: String,
    /// How its encoding was told.
    pub charset: CharsetChoice,
    /// How its listing was told, where it is a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<PageExplanation>,
    /// How it was read, where it is a feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed: Option<FeedExplanation>,
    /// Each entry, in the order of the entries.
    pub entries: Vec<EntryTrace>,
    /// What looked like an entry, or a link to one, and is none; at most [`MOST_LEFT_OUT`].
    pub left_out: Vec<LeftOut>,
    /// How many more were left out than are named.
    pub left_out_more: usize,
}

/// As many things that were left out are named.
pub const MOST_LEFT_OUT: usize = 100;

/// The encoding of a document, and what spoke for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CharsetChoice {
    /// The WHATWG name of the encoding it was decoded with.
    pub name: &'static str,
    /// What the transport said, as written.
    pub header: Option<String>,
    /// What the document says of itself: XML declaration or `meta`; the WHATWG name.
    pub declared: Option<&'static str>,
    /// What decided.
    pub why: CharsetReason,
}

/// What decided on an encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CharsetReason {
    /// A byte order mark.
    ByteOrderMark,
    /// Zero bytes where UTF-16 and UTF-32 have them.
    ZeroBytes,
    /// ISO-2022-JP is said, and its escapes are there.
    Escapes,
    /// All bytes are valid UTF-8.
    #[default]
    ValidUtf8,
    /// All bytes but those of a cut last character are valid UTF-8.
    CutUtf8,
    /// Most bytes are UTF-8, with some damage.
    DamagedUtf8,
    /// The bytes are not UTF-8, and the transport or the document names another encoding.
    Label,
    /// The bytes are not UTF-8, and nobody names another encoding: guessed from the bytes.
    Guess,
}

/// How the list of posts was found on a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PageExplanation {
    /// How many links to other pages it has.
    pub links: usize,
    /// The rule of `[source.select]` that names the items, where there is one; nothing is inferred then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_rule: Option<String>,
    /// Why no candidate is the list of posts, where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// What may be the list of posts, best first.
    pub candidates: Vec<Candidate>,
    /// What the page's data for machines came to.
    pub structured: StructuredExplanation,
}

/// One supposed list of posts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Where it stands: a CSS selector, without positions.
    pub place: String,
    /// How many items it has.
    pub items: usize,
    /// The first few titles.
    pub titles: Vec<String>,
    /// What it is worth: the sum of `parts`.
    pub score: f64,
    /// The score that a list of so many posts needs.
    pub needed: f64,
    /// What the score is made of; signs that were not seen and cost nothing are left out.
    pub parts: Vec<ScorePart>,
    /// What became of it.
    pub verdict: CandidateVerdict,
}

/// One sign of a score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ScorePart {
    /// Which.
    pub sign: Sign,
    /// The share (0 to 1) of the items that show it; for [`Sign::TitleWords`] and [`Sign::Number`] the number itself.
    pub share: f64,
    /// What it adds to the score, or takes from it.
    pub points: f64,
}

/// A sign that speaks for or against a candidate's being the list of posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Items with words for a title.
    Titles,
    /// Titles in headings.
    Headings,
    /// Items with a date.
    Dates,
    /// Items with prose beside the title.
    Prose,
    /// Items with a read time.
    ReadTimes,
    /// Items with tags.
    Tags,
    /// Items under a heading of a year, month or day.
    DateHeadings,
    /// Addresses with a year, a date or a long name.
    PostAddresses,
    /// Addresses on the page's own site.
    OwnSite,
    /// The words of the title in the middle: one or two are a menu's.
    TitleWords,
    /// Neither date, prose, read time nor heading beside the links.
    NothingBeside,
    /// Items in navigation, sidebar, header or footer.
    Chrome,
    /// Links that lead where another item leads.
    Repeats,
    /// Titles that are the same as another.
    SameTitles,
    /// Links in the middle of a sentence.
    InSentences,
    /// Items that hold several posts.
    SeveralInOne,
    /// Items with dates in one place and without in another.
    Mixed,
    /// Prices, or addresses among projects, products, people, documentation or vacancies, or a programme of events.
    Goods,
    /// Titles of one or two items that are no link.
    UnlinkedTitles,
    /// Titles of a few words, and neither date nor read time nor an address like those of posts: tiles that lead to a site's
    /// parts.
    Tiles,
    /// How many items there are.
    Number,
    /// The share of the page's text that is the items'.
    Coverage,
    /// The share of the page's text that stands before them.
    Late,
    /// One long text before them, or a page around them that calls itself one post.
    Article,
    /// A heading above them that calls them related to something else.
    Related,
    /// The page says that there is no such page.
    Absence,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CandidateVerdict {
    /// It is the list of posts.
    Chosen,
    /// It is of the chosen one's kind, and its items are posts too.
    Joined,
    /// It shows what the chosen ones hold, in other parts.
    Overlaps,
    /// It is worth much less than the chosen one.
    Weaker,
    /// It stands in navigation, sidebar, header or footer.
    Chrome,
    /// It is neither dated like the chosen one nor leads to the same kind of address.
    OtherKind,
    /// Too few of its items have a title.
    Untitled,
    /// Its score is below what a list of posts needs.
    BelowThreshold,
    /// There is a better one, and even that is not enough.
    NotBest,
}

/// What a page's data for machines (JSON-LD, microdata, microformats, page state) came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StructuredExplanation {
    /// How many posts it tells of.
    pub records: usize,
    /// How many of them are typed as articles; the others were told by their keys.
    pub typed: usize,
    /// How many entries it has a record of.
    pub matched: usize,
    /// How many of those it contradicts, in title or day.
    pub contradicted: usize,
    /// What it was used for.
    pub role: StructuredRole,
}

/// What a page's data for machines was used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StructuredRole {
    /// There is none that tells of posts.
    #[default]
    Absent,
    /// It tells of none of the entries.
    Unrelated,
    /// It says what the page shows.
    Agrees,
    /// It says something else than the page shows, which won.
    Contradicts,
    /// The posts are nowhere else.
    OnlyWayIn,
}

/// How a feed was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FeedExplanation {
    /// The format and its version, as far as the document says ("RSS 2.0").
    pub format: String,
    /// How many elements or objects stand where entries stand.
    pub elements: usize,
    /// What was wrong with the document, in sentences.
    pub damage: Vec<String>,
}

/// Where the fields of one entry came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EntryTrace {
    /// Its title, or what else names it.
    pub title: String,
    /// Where it stands in the page: a CSS selector, without positions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Each field that was found, or might have been.
    pub fields: Vec<FieldTrace>,
}

/// Where one field of an entry came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldTrace {
    /// Which.
    pub field: Field,
    /// The tier that won; `None`: the field is empty.
    pub tier: Option<Tier>,
    /// What was found there, as written; texts are cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The element or key it stood in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What else was found, and lost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Lost>,
}

/// A value that was found and not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// As written; texts are cut.
    pub found: String,
    /// The element, attribute or key it stood in.
    pub at: String,
    /// Why it lost.
    pub why: LossReason,
}

/// Why a value lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossReason {
    /// A rule of `[source.select]` names another.
    Rule,
    /// An attribute says something else than the text that is shown.
    TextWins,
    /// Data for machines says something else than the page shows.
    PageWins,
    /// It is relative to today, and an attribute says when that was.
    Relative,
    /// It is a date of change.
    Updated,
    /// Another of its kind stands before it, or is better marked.
    NotFirst,
    /// Another element says it better.
    BetterElement,
    /// It only invites to read on.
    Invitation,
    /// It cannot be read as what it should be.
    Unreadable,
}

/// Something that is no entry, though it might be taken for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its words, or its address where it has none.
    pub what: String,
    /// Why.
    pub why: LeftOutReason,
}

/// Why something is no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// It leads to a post that is listed already.
    Repeat,
    /// It is built like a post, without what the others have: a promotion, "see all".
    Promotion,
    /// It leads to a tag, category or topic.
    Tag,
    /// It leads to a person.
    Author,
    /// It leads to a page that every site has, to a part of the list, a share link or a file.
    SitePage,
    /// It stands in navigation, sidebar, header or footer.
    Chrome,
    /// It stands inside a post and leads elsewhere.
    Inside,
    /// It stands among the posts and is built unlike them.
    Unlike,
    /// It has no words to call it by.
    Untitled,
    /// It holds nothing that could be shown.
    Empty,
    /// The document ends in the middle of it.
    Cut,
}
