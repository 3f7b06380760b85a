//! Document → RawEntry: picks the way in by media type, then by a look at the bytes.
