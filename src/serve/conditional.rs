//! Answering conditionally: is what the client has still good? (RFC 9110 §13) Pure.

use axum::http::HeaderMap;
use axum::http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};

/// True if a `GET` or `HEAD` with these headers is answered 304 for the representation with this entity tag and this
/// `Last-Modified`. `If-None-Match` decides alone where it is sent (§13.2.2); a date that is none is not heeded (§13.1.3).
pub(super) fn is_not_modified(
    headers: &HeaderMap,
    etag: &str,
    last_modified: Option<&str>,
) -> bool {
    let mut tags = headers.get_all(IF_NONE_MATCH).iter().peekable();
    if tags.peek().is_some() {
        return tags.any(|value| matches(value.as_bytes(), etag.as_bytes()));
    }
    let since = headers
        .get(IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok());
    match (since.map(date), last_modified.map(date)) {
        (Some(Some(since)), Some(Some(modified))) => modified <= since,
        _ => false,
    }
}

fn date(text: &str) -> Option<std::time::SystemTime> {
    httpdate::parse_http_date(text.trim()).ok()
}

/// True if a list of entity tags holds `etag`, by weak comparison (§8.8.3.2), or is `*`.
fn matches(mut list: &[u8], etag: &[u8]) -> bool {
    if list.trim_ascii() == b"*" {
        return true;
    }
    let opaque = etag.strip_prefix(b"W/").unwrap_or(etag);
    loop {
        let separator = |byte: &u8| matches!(byte, b',' | b' ' | b'\t');
        let start = list.iter().position(|byte| !separator(byte));
        let Some(start) = start else {
            return false;
        };
        list = &list[start..];
        let tag = list.strip_prefix(b"W/").unwrap_or(list);
        // a comma within quotes belongs to the tag; without quotes it is no tag, and the rest is no list
        let Some(inner) = tag.strip_prefix(b"\"") else {
            return false;
        };
        let Some(end) = inner.iter().position(|&byte| byte == b'"') else {
            return false;
        };
        if &tag[..end + 2] == opaque {
            return true;
        }
        list = &inner[end + 1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn if_none_match_takes_lists_stars_and_weak_tags() {
        for (value, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("*", true),
            (" * ", true),
            ("\"b\", \"a\"", true),
            ("\"b\",W/\"a\"", true),
            ("\"b,\", , \"a\"", true),
            ("\"b\"", false),
            ("\"A\"", false),
            ("a", false),
            ("\"a", false),
            ("\"a,b\"", false),
            ("", false),
        ] {
            let headers = headers(&[("if-none-match", value)]);
            assert_eq!(
                is_not_modified(&headers, "\"a\"", None),
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn if_none_match_wins_over_if_modified_since() {
        let date = "Sun, 01 Mar 2026 12:00:00 GMT";
        let both = headers(&[("if-none-match", "\"b\""), ("if-modified-since", date)]);
        assert!(!is_not_modified(&both, "\"a\"", Some(date)));
    }

    #[test]
    fn if_modified_since_holds_from_the_second_of_the_change_on() {
        let modified = Some("Sun, 01 Mar 2026 12:00:00 GMT");
        for (since, expected) in [
            ("Sun, 01 Mar 2026 12:00:00 GMT", true),
            ("Sunday, 01-Mar-26 12:00:01 GMT", true),
            ("Sun, 01 Mar 2026 11:59:59 GMT", false),
            ("yesterday", false),
        ] {
            let headers = headers(&[("if-modified-since", since)]);
            assert_eq!(
                is_not_modified(&headers, "\"a\"", modified),
                expected,
                "{since}"
            );
            assert!(!is_not_modified(&headers, "\"a\"", None));
        }
    }

    #[test]
    fn an_unconditional_request_gets_the_document() {
        assert!(!is_not_modified(&HeaderMap::new(), "\"a\"", None));
    }

    proptest::proptest! {
        #[test]
        fn no_list_of_tags_panics(list in "[\",W/a* \\t]{0,12}") {
            let _ = matches(list.as_bytes(), b"\"a\"");
        }
    }
}
