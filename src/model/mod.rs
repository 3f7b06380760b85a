//! The nouns: plain data that one stage makes and the next one reads. No behaviour beyond small questions about itself,
//! no network, file, database, clock or randomness.

pub mod access;
pub mod change;
pub mod contract;
pub mod document;
pub mod entry;
pub mod explanation;
pub mod feed;
pub mod filter;
pub mod hints;
pub mod ledger;
pub mod likeness;
pub mod moved;
pub mod raw_entry;
pub mod retention;
pub mod rewrites;
pub mod robots;
pub mod source;
pub mod verdict;
pub mod wait;

pub use access::{Access, Login, Place, Proxy, Route, Secret};
pub use change::{Alias, Change, EntryKey, Known, Merged, Sighting};
pub use contract::{Contract, Kept, KnownPost, PageMemory};
pub use document::{Document, Validators};
pub use entry::{Date, Enclosure, Entry, Field, Person, Precision, Print, Provenance, Tier};
pub use explanation::{
    Candidate, CandidateVerdict, CharsetChoice, CharsetReason, EntryTrace, Explanation,
    FeedExplanation, FieldTrace, LeftOut, LeftOutReason, LossReason, Lost, MOST_LEFT_OUT,
    PageExplanation, ScorePart, Sign, StructuredExplanation, StructuredRole,
};
pub use feed::{
    DateKind, Feed, FeedDefinition, Format, Origin, Paging, PublishedEntry, SOURCES_FILE, Shelved,
    TagFeeds,
};
pub use filter::{Clause, Condition, FeedOrder, Filter, FilterField, Vocabulary};
pub use hints::UpdateHints;
pub use ledger::{HeldBack, Hold, LedgerLine, Unpublished, tag_uri};
pub use likeness::{Likeness, Mark, MarkKind, Marks, Member, Ruling, Veto};
pub use moved::{ADOPTED_AFTER, Migrated, Moved, Renamed};
pub use raw_entry::{
    DocumentKind, Extraction, RawEnclosure, RawEntry, RawPerson, SourceMeta, Text,
};
pub use retention::{Pruned, Retain, Retention};
pub use rewrites::Rewrites;
pub use robots::RobotsFile;
pub use source::{
    Carrier, FieldRule, Outcome, OutcomeKind, Source, SourceId, SourceKind, SourceState, Wrapper,
};
pub use verdict::Verdict;
pub use wait::{Wait, Why};
