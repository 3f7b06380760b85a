//! The command line of agg.

fn main() {}
