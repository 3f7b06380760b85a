//! `--explain`: what was seen and why it was decided so, for a person.

use std::collections::BTreeMap;
use std::io;

use agg::model::{
    Candidate, CandidateVerdict, EntryTrace, Explanation, FeedExplanation, FieldTrace,
    LeftOutReason, PageExplanation, ScorePart,
};

use super::super::screen::{BOLD, DIM, GREEN, Screen, YELLOW, count};
use super::super::words::word;
use super::reasons;

/// So many candidates are shown, besides those that were taken.
const CANDIDATES: usize = 6;
/// So many examples of one kind are shown.
const EXAMPLES: usize = 5;
/// Signs that are worth less than this are not shown.
const LEAST_POINTS: f64 = 0.05;

/// Prints an explanation.
pub(super) fn print(explanation: &Explanation, screen: &mut Screen) -> io::Result<()> {
    encoding(explanation, screen)?;
    if let Some(page) = &explanation.page {
        candidates(page, screen)?;
        screen.line("")?;
        let data = reasons::of_structured(&page.structured);
        screen.line(format!("{BOLD}data for machines{BOLD:#}: {data}"))?;
    }
    if let Some(of_feed) = &explanation.feed {
        feed(of_feed, explanation, screen)?;
    }
    left_out(explanation, screen)?;
    for (at, trace) in explanation.entries.iter().enumerate() {
        entry(at + 1, trace, screen)?;
    }
    Ok(())
}

fn encoding(explanation: &Explanation, screen: &mut Screen) -> io::Result<()> {
    let charset = &explanation.charset;
    let header = charset.header.as_deref().unwrap_or("nothing");
    screen.line(format!(
        "{BOLD}encoding{BOLD:#}: {}, since {} {DIM}(the server says {header}, the document {}){DIM:#}",
        charset.name,
        reasons::of_charset(charset.why),
        charset.declared.unwrap_or("nothing"),
    ))
}

fn candidates(page: &PageExplanation, screen: &mut Screen) -> io::Result<()> {
    screen.line("")?;
    if let Some(rule) = &page.item_rule {
        return screen.line(format!(
            "{BOLD}list of posts{BOLD:#}: what the rule select.item = \"{rule}\" finds; nothing was inferred"
        ));
    }
    screen.line(format!(
        "{BOLD}candidates for the list of posts{BOLD:#}, best first {DIM}({} to other pages){DIM:#}",
        count(page.links, "link", "links")
    ))?;
    if let Some(refusal) = &page.refusal {
        screen.line(format!("  {YELLOW}none is taken{YELLOW:#}: {refusal}"))?;
    }
    let taken = |candidate: &Candidate| {
        matches!(
            candidate.verdict,
            CandidateVerdict::Chosen | CandidateVerdict::Joined
        )
    };
    let mut rest = 0;
    for (at, each) in page.candidates.iter().enumerate() {
        if at < CANDIDATES || taken(each) {
            candidate(each, taken(each), screen)?;
        } else {
            rest += 1;
        }
    }
    if rest > 0 {
        screen.line(format!(
            "  {DIM}and {rest} more, all rejected; `--format json` names them{DIM:#}"
        ))?;
    }
    Ok(())
}

fn candidate(candidate: &Candidate, taken: bool, screen: &mut Screen) -> io::Result<()> {
    let paint = if taken { GREEN } else { DIM };
    screen.line(format!(
        "  {paint}{}{paint:#}  {:.2}  {}  {BOLD}{}{BOLD:#}",
        reasons::verdict(candidate.verdict),
        candidate.score,
        count(candidate.items, "item", "items"),
        candidate.place,
    ))?;
    screen.line(format!("    why: {}", reasons::of_verdict(candidate)))?;
    if !candidate.titles.is_empty() {
        screen.line(format!("    {DIM}{}{DIM:#}", candidate.titles.join(" / ")))?;
    }
    for (what, sums) in [("for", true), ("against", false)] {
        let told: Vec<String> = candidate
            .parts
            .iter()
            .filter(|part| (part.points > 0.0) == sums && counts(part))
            .map(|part| reasons::of_part(part, candidate.items))
            .collect();
        if !told.is_empty() {
            screen.line(format!("    {what}: {}", told.join(", ")))?;
        }
    }
    let lacking = reasons::lacking(candidate);
    if !taken && !lacking.is_empty() {
        screen.line(format!("    lacks: {}", lacking.join(", ")))?;
    }
    Ok(())
}

fn counts(part: &ScorePart) -> bool {
    part.points.abs() >= LEAST_POINTS
}

fn feed(feed: &FeedExplanation, explanation: &Explanation, screen: &mut Screen) -> io::Result<()> {
    screen.line(format!("{BOLD}format{BOLD:#}: {}", feed.format))?;
    screen.line(format!(
        "{BOLD}entries{BOLD:#}: {}, {} read",
        count(
            feed.elements,
            "element that may be one",
            "elements that may be one"
        ),
        explanation.entries.len()
    ))?;
    if feed.damage.is_empty() {
        return screen.line(format!("{BOLD}damage{BOLD:#}: none"));
    }
    for damage in &feed.damage {
        screen.line(format!("{BOLD}damage{BOLD:#}: {damage}"))?;
    }
    Ok(())
}

fn left_out(explanation: &Explanation, screen: &mut Screen) -> io::Result<()> {
    if explanation.left_out.is_empty() {
        return Ok(());
    }
    let mut kinds: BTreeMap<LeftOutReason, Vec<&str>> = BTreeMap::new();
    for left in &explanation.left_out {
        kinds.entry(left.why).or_default().push(&left.what);
    }
    screen.line("")?;
    screen.line(format!("{BOLD}no entries{BOLD:#}"))?;
    for (why, all) in kinds {
        let named: Vec<&str> = all.iter().copied().take(EXAMPLES).collect();
        let rest = match all.len().saturating_sub(EXAMPLES) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let words = reasons::of_left_out(why);
        screen.line(format!("  {words}: {DIM}{}{rest}{DIM:#}", named.join(", ")))?;
    }
    if explanation.left_out_more > 0 {
        let more = explanation.left_out_more;
        screen.line(format!("  {DIM}and {more} of which no more is told{DIM:#}"))?;
    }
    Ok(())
}

fn entry(number: usize, trace: &EntryTrace, screen: &mut Screen) -> io::Result<()> {
    screen.line("")?;
    screen.line(format!("{BOLD}{number}. {}{BOLD:#}", trace.title))?;
    if let Some(place) = &trace.place {
        screen.line(format!("   {DIM}{place}{DIM:#}"))?;
    }
    for of_field in &trace.fields {
        field(of_field, screen)?;
    }
    Ok(())
}

/// One field: its name, tier, element and words; below it what lost.
fn field(trace: &FieldTrace, screen: &mut Screen) -> io::Result<()> {
    let tier = trace.tier.map_or("nothing".to_owned(), |tier| word(&tier));
    let at = trace
        .at
        .as_ref()
        .map_or(String::new(), |at| format!("{DIM}in {at}{DIM:#}"));
    let line = format!(
        "   {:<12}  {tier:<10}  {}  {at}",
        word(&trace.field),
        trace.found.as_deref().unwrap_or_default(),
    );
    screen.line(line.trim_end())?;
    for lost in &trace.lost {
        let place = if lost.at.is_empty() {
            String::new()
        } else {
            format!(" in {}", lost.at)
        };
        screen.line(format!(
            "     {YELLOW}lost{YELLOW:#}: \"{}\"{place}: {}",
            lost.found,
            reasons::of_loss(lost.why)
        ))?;
    }
    Ok(())
}
