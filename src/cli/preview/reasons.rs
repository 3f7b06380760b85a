//! Why something was decided → the words for it.

use agg::model::{
    Candidate, CandidateVerdict, CharsetReason, LeftOutReason, LossReason, ScorePart, Sign,
    StructuredExplanation, StructuredRole,
};

use super::super::screen::count;

/// What decided on the encoding.
pub(super) fn of_charset(why: CharsetReason) -> &'static str {
    match why {
        CharsetReason::ByteOrderMark => "it begins with a byte order mark",
        CharsetReason::ZeroBytes => "its zero bytes stand where this encoding has them",
        CharsetReason::Escapes => "it is said, and the document holds its escapes",
        CharsetReason::ValidUtf8 => "all bytes are valid UTF-8",
        CharsetReason::CutUtf8 => "all bytes are valid UTF-8, but for a cut last character",
        CharsetReason::DamagedUtf8 => "most bytes are UTF-8, some are damaged",
        CharsetReason::Label => "the bytes are not UTF-8, and this is what is said of them",
        CharsetReason::Guess => {
            "the bytes are not UTF-8, and nothing else is said of them; it is a guess"
        }
    }
}

/// What became of a candidate, in one word.
pub(super) fn verdict(verdict: CandidateVerdict) -> &'static str {
    match verdict {
        CandidateVerdict::Chosen => "chosen",
        CandidateVerdict::Joined => "joined",
        _ => "rejected",
    }
}

/// Why a candidate was chosen or not.
pub(super) fn of_verdict(candidate: &Candidate) -> String {
    match candidate.verdict {
        CandidateVerdict::Chosen => "the best, and good enough for a list of posts".to_owned(),
        CandidateVerdict::Joined => {
            "of the chosen one's kind: dated like it, or leading to the same place".to_owned()
        }
        CandidateVerdict::Overlaps => {
            "it holds posts of the chosen one, parted in another way".to_owned()
        }
        CandidateVerdict::Weaker => "its items are worth much less than the chosen ones".to_owned(),
        CandidateVerdict::Chrome => {
            "it stands in a navigation, sidebar, header or footer".to_owned()
        }
        CandidateVerdict::OtherKind => {
            "it is not dated like the chosen one, and leads to other places".to_owned()
        }
        CandidateVerdict::Untitled => "too few of its items have a title".to_owned(),
        CandidateVerdict::NotBest => {
            "there is a better one, and even that is not enough".to_owned()
        }
        CandidateVerdict::BelowThreshold => {
            let posts = count(candidate.items, "post", "posts");
            format!(
                "it scores {:.2}; a list of {posts} needs {:.2}",
                candidate.score, candidate.needed
            )
        }
    }
}

/// What most lists of posts have, and few of the candidate's items.
pub(super) fn lacking(candidate: &Candidate) -> Vec<&'static str> {
    let share = |sign| {
        let part = candidate.parts.iter().find(|part| part.sign == sign);
        part.map_or(0.0, |part| part.share)
    };
    [
        Sign::Titles,
        Sign::Headings,
        Sign::Dates,
        Sign::Prose,
        Sign::ReadTimes,
    ]
    .into_iter()
    .filter(|&each| share(each) < 0.3)
    .map(sign)
    .collect()
}

/// A sign with its worth and how many items show it.
pub(super) fn of_part(part: &ScorePart, items: usize) -> String {
    let name = sign(part.sign);
    #[expect(clippy::cast_precision_loss, reason = "a page holds few items")]
    let figure = match part.sign {
        Sign::Number | Sign::TitleWords => format!("{}", part.share),
        Sign::Coverage | Sign::Late | Sign::Article | Sign::Repeats => {
            format!("{:.0} %", part.share * 100.0)
        }
        Sign::NothingBeside | Sign::Mixed | Sign::Related | Sign::Absence => {
            return format!("{name} {:+.2}", part.points);
        }
        _ => format!("{:.0} of {items}", part.share * items as f64),
    };
    format!("{name} {:+.2} ({figure})", part.points)
}

fn sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Titles => "titles",
        Sign::Headings => "headings",
        Sign::Dates => "dates",
        Sign::Prose => "prose",
        Sign::ReadTimes => "read times",
        Sign::Tags => "tags",
        Sign::DateHeadings => "headings of dates above",
        Sign::PostAddresses => "addresses like those of posts",
        Sign::OwnSite => "on its own site",
        Sign::TitleWords => "words of a title",
        Sign::NothingBeside => "nothing beside the links",
        Sign::Chrome => "in navigation, sidebar, header or footer",
        Sign::Repeats => "links that repeat an address",
        Sign::SameTitles => "titles that repeat another",
        Sign::InSentences => "links inside a sentence",
        Sign::SeveralInOne => "items that hold several posts",
        Sign::Mixed => "dated in one place and undated in another",
        Sign::Goods => "prices, or addresses among projects, products, people, events or vacancies",
        Sign::UnlinkedTitles => "lone titles that are no link",
        Sign::Tiles => "short titles with nothing else that posts have",
        Sign::Number => "number of items",
        Sign::Coverage => "share of the page's text",
        Sign::Late => "text before them",
        Sign::Article => "the page is one post",
        Sign::Related => "a heading that calls them related",
        Sign::Absence => "the page says that there is no such page",
    }
}

/// What the data for machines came to.
pub(super) fn of_structured(data: &StructuredExplanation) -> String {
    let records = format!(
        "{} ({} typed as articles)",
        count(data.records, "post", "posts"),
        data.typed
    );
    match data.role {
        StructuredRole::Absent => "none that tells of posts".to_owned(),
        StructuredRole::Unrelated => format!("tells of {records}, none of them an entry; not used"),
        StructuredRole::Agrees => format!(
            "tells of {records}; {} of the entries are among them, and it agrees with the page",
            data.matched
        ),
        StructuredRole::Contradicts => format!(
            "tells of {records}; {} of the entries are among them, and it contradicts the page in title or day of {}; \
             the page wins",
            data.matched, data.contradicted
        ),
        StructuredRole::OnlyWayIn => {
            format!(
                "tells of {records}, which stand nowhere else in the page; it was the only way in"
            )
        }
    }
}

/// Why a value lost.
pub(super) fn of_loss(why: LossReason) -> &'static str {
    match why {
        LossReason::Rule => "a rule names another",
        LossReason::TextWins => "the text that is shown wins",
        LossReason::PageWins => "what the page shows wins",
        LossReason::Relative => "relative to today; the attribute says when that was",
        LossReason::Updated => "a date of change",
        LossReason::NotFirst => "another stands before it or is better marked",
        LossReason::BetterElement => "a better element says it",
        LossReason::Invitation => "it only invites to read on",
        LossReason::Unreadable => "it cannot be read as what it should be",
    }
}

/// Why something is no entry.
pub(super) fn of_left_out(why: LeftOutReason) -> &'static str {
    match why {
        LeftOutReason::Repeat => "repeat: leads to a post that is listed already",
        LeftOutReason::Promotion => "promotion: built like a post, without what the others have",
        LeftOutReason::Tag => "tag link",
        LeftOutReason::Author => "author link",
        LeftOutReason::SitePage => "page of the site, share link or file",
        LeftOutReason::Chrome => "in navigation, sidebar, header or footer",
        LeftOutReason::Inside => "inside a post, leading elsewhere",
        LeftOutReason::Unlike => "among the posts, built unlike them",
        LeftOutReason::Untitled => "no words to call it by",
        LeftOutReason::Empty => "holds nothing that could be shown",
        LeftOutReason::Cut => "the document ends in the middle of it",
    }
}
