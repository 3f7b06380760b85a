//! What a person reads: each entry with its fields, and where they came from.

use agg::model::{DocumentKind, Entry, Precision};
use agg::pipeline::Preview;

use super::super::screen::{BOLD, DIM, Screen, count};
use super::super::words::word;

/// Prints what was taken, the first `most` entries of it.
pub(super) fn print(preview: &Preview, most: usize, screen: &mut Screen) -> std::io::Result<()> {
    head(preview, screen)?;
    for entry in preview.entries.iter().take(most) {
        screen.line("")?;
        lines(entry, screen)?;
    }
    let more = preview.entries.len().saturating_sub(most);
    if more > 0 {
        screen.line(format!("\n{DIM}and {more} more{DIM:#}"))?;
    }
    Ok(())
}

/// Prints what the document is.
pub(super) fn head(preview: &Preview, screen: &mut Screen) -> std::io::Result<()> {
    let kind = match preview.kind {
        DocumentKind::Feed => "feed",
        DocumentKind::Page => "page",
    };
    screen.line(format!(
        "{BOLD}{}{BOLD:#} {DIM}({kind}, {}, {}, {} bytes, {}){DIM:#}",
        preview.title.as_deref().unwrap_or(preview.url.as_str()),
        preview.media_type.as_deref().unwrap_or("no media type"),
        preview.charset,
        preview.bytes,
        count(preview.entries.len(), "entry", "entries"),
    ))
}

/// An entry, a field a line; what is not there is not shown.
fn lines(entry: &Entry, screen: &mut Screen) -> std::io::Result<()> {
    screen.line(format!("{BOLD}{}{BOLD:#}", entry.title))?;
    let mut facts: Vec<String> = Vec::new();
    if let Some(date) = entry.published {
        facts.push(day(date.at, date.precision));
    }
    if let Some(minutes) = entry.read_minutes {
        facts.push(format!("{minutes} min"));
    }
    if !entry.tags.is_empty() {
        facts.push(entry.tags.join(", "));
    }
    if !entry.authors.is_empty() {
        let names: Vec<&str> = entry
            .authors
            .iter()
            .map(|author| author.name.as_str())
            .collect();
        facts.push(format!("by {}", names.join(", ")));
    }
    if !facts.is_empty() {
        screen.line(format!("  {}", facts.join("  ·  ")))?;
    }
    if let Some(url) = &entry.url {
        screen.line(format!("  {url}"))?;
    }
    if let Some(summary) = &entry.summary {
        screen.line(format!("  {DIM}{summary}{DIM:#}"))?;
    }
    let tiers: Vec<String> = entry
        .provenance
        .iter()
        .map(|(field, tier)| format!("{} {}", word(field), word(tier)))
        .collect();
    screen.line(format!("  {DIM}from: {}{DIM:#}", tiers.join(", ")))
}

/// A date as exactly as it is known.
fn day(at: chrono::DateTime<chrono::Utc>, precision: Precision) -> String {
    let pattern = match precision {
        Precision::Month => "%Y-%m",
        Precision::Day => "%Y-%m-%d",
        Precision::Instant => "%Y-%m-%d %H:%M",
    };
    at.format(pattern).to_string()
}
