//! The door to the network, case by case: each test is one thing that a server may do, and what becomes of it.

mod access;
mod answers;
mod articles;
mod groups;
mod guard;
mod limits;
mod moves;
mod packing;
mod reader;
mod robots;
mod secure;
mod tls;
mod trouble;
mod validators;
mod wishes;

use std::time::Duration;

use agg::fetch::{Door, Error, Fetcher, Options, Phase};
use url::Url;

use crate::fetching::{document, fetch, fetcher, gzip, options, request};
use crate::site::{Reply, Site};

/// A feed of one entry.
const FEED: &str = "<rss version=\"2.0\"><channel><title>Feed</title><item><title>Post</title><link>https://blog.example/post</link>\
    <guid>post</guid><description>Words.</description></item></channel></rss>";

/// Why the front page of `site` cannot be had within `timeout`.
async fn fails_within(timeout: Duration, site: &Site) -> Error {
    let options = Options {
        timeout,
        ..options()
    };
    let fetcher = Fetcher::new(&options, Door::Network, None).unwrap();
    fetcher.fetch(&request(site.url("/"))).await.unwrap_err()
}
