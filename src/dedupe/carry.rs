//! What an entry keeps when its source shows it with other text.

use crate::model::{Entry, Field, Tier};

/// `new` with what must not be lost of `old`, the same entry as the same source showed it before.
///
/// A date once seen stays. What the article's own page gave (the print is taken before that, so a listing does not show it)
/// stays where the listing gives nothing, or only what was worked out; so does what a feed gave, whose place a page has taken.
#[must_use]
pub fn carry(old: &Entry, new: Entry) -> Entry {
    let page = [Tier::Select, Tier::Structured, Tier::Listing];
    let is_page = (new.provenance.get(&Field::Title)).is_some_and(|tier| page.contains(tier));
    carry_of(old, new, |tier| match tier {
        Tier::Article => true,
        Tier::Feed => is_page,
        _ => false,
    })
}

/// The same of an entry that has moved or is read in another way: whatever is not said in the new place stays as it was, and
/// so does a summary of which the new one is only the beginning.
#[must_use]
pub fn carry_all(old: &Entry, mut new: Entry) -> Entry {
    let beginning = new.summary.as_deref().map(uncut);
    if let Some((old, new_summary)) = old.summary.as_ref().zip(beginning)
        && old.len() > new_summary.len()
        && old.starts_with(new_summary)
    {
        new.summary = None;
    }
    carry_of(old, new, |tier| tier != Tier::Configured)
}

/// `new`, whose text is that of `old`, with the reading time that was worked out of it: of an article's own page, perhaps, which
/// was read once.
#[must_use]
pub fn carry_derived(old: &Entry, mut new: Entry) -> Entry {
    if new.read_minutes.is_none() {
        new.read_minutes = old.read_minutes;
        tier(old, &mut new, Field::ReadMinutes);
    }
    new
}

/// `new` with the date of `old`, and with what it lacks of those tiers for which `stays` is true.
fn carry_of(old: &Entry, mut new: Entry, stays: impl Fn(Tier) -> bool) -> Entry {
    if old.published.is_some() {
        new.published = old.published;
        tier(old, &mut new, Field::Published);
    }
    let kept = |field, new: &Entry, absent: bool| {
        let derived = new.provenance.get(&field) == Some(&Tier::Derived);
        (absent || derived) && old.provenance.get(&field).is_some_and(|tier| stays(*tier))
    };
    if kept(Field::Url, &new, new.url.is_none()) {
        new.url.clone_from(&old.url);
        new.key.clone_from(&old.key);
        tier(old, &mut new, Field::Url);
    }
    if new.also.is_empty() {
        new.also.clone_from(&old.also);
    }
    if kept(Field::Title, &new, false) {
        new.title.clone_from(&old.title);
        tier(old, &mut new, Field::Title);
    }
    if kept(Field::Updated, &new, new.updated.is_none()) {
        new.updated = old.updated;
        tier(old, &mut new, Field::Updated);
    }
    if kept(Field::Summary, &new, new.summary.is_none()) {
        new.summary.clone_from(&old.summary);
        tier(old, &mut new, Field::Summary);
    }
    if kept(Field::Content, &new, new.content.is_none()) {
        new.content.clone_from(&old.content);
        tier(old, &mut new, Field::Content);
    }
    // tags of the configuration are no tags of the listing
    let tagless =
        new.tags.is_empty() || new.provenance.get(&Field::Tags) == Some(&Tier::Configured);
    if kept(Field::Tags, &new, tagless) {
        let mut tags = old.tags.clone();
        tags.extend(
            new.tags
                .iter()
                .filter(|tag| !old.tags.contains(tag))
                .cloned(),
        );
        new.tags = tags;
        tier(old, &mut new, Field::Tags);
    }
    if kept(Field::ReadMinutes, &new, new.read_minutes.is_none()) {
        new.read_minutes = old.read_minutes;
        tier(old, &mut new, Field::ReadMinutes);
    }
    if kept(Field::Authors, &new, new.authors.is_empty()) {
        new.authors.clone_from(&old.authors);
        tier(old, &mut new, Field::Authors);
    }
    if kept(Field::Language, &new, new.language.is_none()) {
        new.language.clone_from(&old.language);
        tier(old, &mut new, Field::Language);
    }
    if kept(Field::Image, &new, new.image.is_none()) {
        new.image.clone_from(&old.image);
        tier(old, &mut new, Field::Image);
    }
    new
}

/// A text without the marks that say that it goes on.
fn uncut(text: &str) -> &str {
    text.trim_end_matches(|c: char| matches!(c, '…' | '.' | '[' | ']') || c.is_whitespace())
}

/// Takes over where `field` came from.
fn tier(old: &Entry, new: &mut Entry, field: Field) {
    match old.provenance.get(&field) {
        Some(tier) => new.provenance.insert(field, *tier),
        None => new.provenance.remove(&field),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::samples::{day, entry};

    #[test]
    fn a_date_once_seen_never_changes_and_never_goes() {
        let mut old = entry("A", None, None);
        old.published = Some(day(1));
        let mut new = entry("A, corrected", None, None);
        assert_eq!(carry(&old, new.clone()).published, Some(day(1)));
        new.published = Some(day(2));
        assert_eq!(carry(&old, new.clone()).published, Some(day(1)));
        old.published = None;
        assert_eq!(carry(&old, new).published, Some(day(2)));
    }

    #[test]
    fn what_the_article_page_gave_stays_where_the_listing_has_nothing() {
        let mut old = entry("A", None, None);
        old.summary = Some("From the page.".into());
        old.tags = vec!["rust".into()];
        old.read_minutes = Some(4);
        for field in [Field::Summary, Field::Tags] {
            old.provenance.insert(field, Tier::Article);
        }
        old.provenance.insert(Field::ReadMinutes, Tier::Listing);
        let mut new = entry("A", None, None);
        new.summary = Some("From the listing.".into());
        new.provenance.insert(Field::Summary, Tier::Listing);
        let kept = carry(&old, new);
        assert_eq!(kept.summary.as_deref(), Some("From the listing."));
        assert_eq!(kept.tags, ["rust"]);
        assert_eq!(kept.provenance.get(&Field::Tags), Some(&Tier::Article));
        // the listing stated it and does so no more
        assert_eq!(kept.read_minutes, None);
    }

    #[test]
    fn a_page_in_the_place_of_a_feed_takes_no_text_away() {
        let mut old = entry("A", None, None);
        old.content = Some("All of it.".into());
        old.provenance = [(Field::Title, Tier::Feed), (Field::Content, Tier::Feed)].into();
        let mut new = entry("A", None, None);
        new.provenance.insert(Field::Title, Tier::Listing);
        assert_eq!(carry(&old, new.clone()).content, old.content);
        // a feed that gives it no more has cut it
        new.provenance.insert(Field::Title, Tier::Feed);
        assert_eq!(carry(&old, new.clone()).content, None);
        assert_eq!(carry_all(&old, new).content, old.content);
    }

    #[test]
    fn the_reading_time_of_a_text_stays_while_the_text_does() {
        let mut old = entry("A", None, None);
        old.read_minutes = Some(4);
        old.provenance.insert(Field::ReadMinutes, Tier::Derived);
        let new = carry(&old, entry("A", None, None));
        assert_eq!(new.read_minutes, None, "another text may be shorter");
        let new = carry_derived(&old, new);
        assert_eq!(new.read_minutes, Some(4));
        assert_eq!(
            new.provenance.get(&Field::ReadMinutes),
            Some(&Tier::Derived)
        );
    }

    #[test]
    fn carrying_twice_is_carrying_once() {
        let mut old = entry("A", None, None);
        old.published = Some(day(1));
        old.tags = vec!["rust".into()];
        old.provenance.insert(Field::Tags, Tier::Article);
        let mut new = entry("B", None, None);
        new.tags = vec!["given".into()];
        new.provenance.insert(Field::Tags, Tier::Configured);
        let once = carry(&old, new);
        assert_eq!(once.tags, ["rust", "given"]);
        assert_eq!(carry(&old, once.clone()), once);
    }
}
