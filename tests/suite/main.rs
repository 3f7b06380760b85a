//! What agg promises, a file per promise.

mod fetching;
mod serving;
mod site;
