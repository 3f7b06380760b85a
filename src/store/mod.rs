//! Change → SQLite → Feed: the only SQL.
