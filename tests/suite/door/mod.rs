//! The door to the network, case by case: each test is one thing that a server may do, and what becomes of it.

mod guard;

use agg::fetch::{Answer, Error, Fetcher, Request};
use url::Url;

pub(crate) use crate::fetching::{document, fetch, fetcher, options, request};
pub(crate) use crate::site::{Reply, Site};
