//! What `--format toml` prints.

use agg::config;
use agg::model::DocumentKind;
use agg::pipeline::Preview;

use super::super::failure::Failure;

/// The rules learnt, ready to be pasted into feeds.toml: with a [[source]] of their own, or below the one there is.
pub(super) fn toml(preview: &Preview, is_configured: bool) -> Result<String, Failure> {
    let Some(wrapper) = &preview.wrapper else {
        let why = match (preview.kind, &preview.unlearnt) {
            (DocumentKind::Feed, _) => "a feed is read without rules",
            (DocumentKind::Page, Some(why)) => why.as_str(),
            (DocumentKind::Page, None) => "its listing cannot be written as selectors",
        };
        return Err(Failure::new(format!("there are no rules to print: {why}"))
            .place(preview.url.as_str())
            .help("it is read all the same: rules are only for what is read wrongly"));
    };
    Ok(if is_configured {
        config::select_table(wrapper)
    } else {
        config::source_table(&preview.url, wrapper)
    })
}
