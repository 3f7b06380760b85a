//! feeds.toml: sources, feeds, and each stage's own options.
