//! What `--format toml` prints.

use agg::model::{DocumentKind, Wrapper};
use agg::pipeline::Preview;
use serde::Serialize;

use super::super::failure::Failure;

/// The rules learnt, ready to be pasted below a [[source]].
pub(super) fn toml(preview: &Preview) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Select<'a> {
        source: Table<'a>,
    }
    #[derive(Serialize)]
    struct Table<'a> {
        select: &'a Wrapper,
    }
    let Some(wrapper) = &preview.wrapper else {
        let why = match preview.kind {
            DocumentKind::Feed => "a feed is read without rules",
            DocumentKind::Page => "its listing cannot be written as selectors",
        };
        return Err(
            Failure::new(format!("there are no rules to print: {why}")).place(preview.url.as_str())
        );
    };
    ::toml::to_string(&Select {
        source: Table { select: wrapper },
    })
    .map_err(|error| Failure::new(format!("cannot write the rules as TOML: {error}")))
}
