//! agg reads blog index pages and feeds, keeps an archive in SQLite, and publishes one merged feed.
//!
//! ```text
//! source → FETCH → document → EXTRACT → raw entry → NORMALISE → entry → DEDUPE → change → STORE → feed → PUBLISH → document
//! ```
//!
//! Nouns are files in [`model`]; verbs are folders, one a stage. A stage takes one noun and gives the next, knows only
//! `model` and [`lexicon`], and never calls another stage; [`pipeline`] alone knows the order.
#![forbid(unsafe_code)]

pub mod model;

pub mod lexicon;

pub mod fetch;

pub mod extract;

pub mod normalise;

pub mod dedupe;

pub mod store;

pub mod publish;

pub mod deliver;

pub mod schedule;

pub mod config;

pub mod pipeline;

pub mod serve;
