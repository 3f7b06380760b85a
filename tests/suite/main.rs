//! agg from outside: its promises, its main job, what it does with bad input, and how it asks and serves.

#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it must be"
)]

mod adding;
mod archives;
mod bad_input;
mod conditional;
mod copies;
mod corrections;
mod door;
mod due;
mod explain;
mod feed_tables;
mod feeds;
mod fetching;
mod floods;
mod kill;
mod listings;
mod logs;
mod main_job;
mod manager;
mod manuals;
mod migrations;
mod moved;
mod one_at_a_time;
mod pages;
mod pagination;
mod planet;
mod program;
mod promises;
mod publication;
mod redesign;
mod rehearsals;
mod repair;
mod retention;
mod rules;
mod running;
mod safety;
mod salvage;
mod service;
mod serving;
mod several_sources;
mod site;
mod standings;
mod transfer;
mod updates;
mod upgrades;
mod withdrawn;
mod wrappers;
