//! When may a source be asked again?
