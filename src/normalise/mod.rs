//! RawEntry → Entry.
