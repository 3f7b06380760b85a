//! Where an entry stands in the feeds, in words.

use agg::model::{Clause, Condition};
use agg::pipeline::{ArchivePage, FeedStanding, Place};

use super::screen::count;
use super::words::{stamp, word};

/// More feeds of other sources than this are only counted.
const NAMED: usize = 5;

/// Each feed with where the entry stands there, those of other sources in one line at the end.
pub(super) fn lines(places: &[Place]) -> Vec<String> {
    let is_other = |place: &&Place| place.standing == FeedStanding::OtherSources;
    let others: Vec<&str> = (places.iter().filter(is_other))
        .map(|place| place.feed.as_str())
        .collect();
    let mut lines: Vec<String> = (places.iter().filter(|place| !is_other(place)))
        .map(line)
        .collect();
    match others.as_slice() {
        [] => {}
        [only] => lines.push(format!("{only}: not in it: it is of other sources")),
        few if few.len() <= NAMED => {
            lines.push(format!(
                "{}: not in them: they are of other sources",
                few.join(", ")
            ));
        }
        many => lines.push(format!("not in {} feeds of other sources", many.len())),
    }
    lines
}

/// A feed, and where the entry stands there.
pub(super) fn line(place: &Place) -> String {
    format!("{}: {}", place.feed, standing(&place.standing))
}

fn standing(standing: &FeedStanding) -> String {
    match standing {
        FeedStanding::In { place } => format!("in it, as number {place}"),
        FeedStanding::BelowLimit { limit, page } => format!(
            "{}, below its limit: {limit} newer entries are shown",
            archived(page)
        ),
        FeedStanding::BelowShare { share, page } => format!(
            "{}: of one source it shows {} at most",
            archived(page),
            count(*share, "entry", "entries")
        ),
        FeedStanding::ArchiveOnly { page } => format!(
            "{}, never on the front page: it came with too many at once",
            archived(page)
        ),
        FeedStanding::OtherSources => "not in it: it is of other sources".to_owned(),
        FeedStanding::NoSource => {
            "not in it: none of its sources is configured any more".to_owned()
        }
        FeedStanding::Filtered { by } => format!("not in it: {}", refusal(by)),
        FeedStanding::HeldBack { source, since } => format!(
            "held back since {} with a flood of {source}: until a later run still finds it there, or `agg release {source}`",
            stamp(*since)
        ),
        FeedStanding::Held { until } => format!("held until its date, {}", stamp(*until)),
        FeedStanding::Waiting => "waits for the next publication".to_owned(),
    }
}

fn archived(page: &ArchivePage) -> String {
    match &page.file {
        Some(file) => format!("on page {} of its archive ({file})", page.page),
        None => "no longer shown".to_owned(),
    }
}

/// Which part of a filter leaves an entry out.
fn refusal(by: &Clause) -> String {
    match by {
        Clause::Languages { wanted, has } => format!(
            "`languages` takes {}, and it is {}",
            wanted.join(", "),
            match has {
                Some(language) => format!("in {language}"),
                None => "of unknown language".to_owned(),
            }
        ),
        Clause::MinReadMinutes { wanted, has } => format!(
            "`min_read_minutes` is {wanted}, and {}",
            match has {
                Some(minutes) => format!("it takes {minutes}"),
                None => "nobody knows how long it takes".to_owned(),
            }
        ),
        Clause::Tags { wanted, has } => format!(
            "`tags` asks for {}, and it has {}",
            wanted.join(" or "),
            if has.is_empty() {
                "none".to_owned()
            } else {
                has.join(", ")
            }
        ),
        Clause::Include { wanted } => {
            let wanted: Vec<String> = wanted.iter().map(condition).collect();
            format!("it meets nothing of `include`: {}", wanted.join(" or "))
        }
        Clause::Exclude { met } => format!("`exclude` leaves it out: {}", condition(met)),
    }
}

fn condition(condition: &Condition) -> String {
    format!("{} = \"{}\"", word(&condition.field), condition.text)
}
