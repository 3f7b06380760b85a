//! Asking conditionally (RFC 9110 §13): which validators go out, which come back, and what a recording answers. Pure.

use crate::model::Validators;

use super::message::{Message, from_bytes, to_bytes};

/// The headers that ask for the document only if it has changed. Both are sent where both are known: a server takes
/// `If-None-Match` first (§13.2.2), and one that knows no entity tags has the date.
pub(super) fn request_headers(validators: &Validators) -> Vec<(&'static str, Vec<u8>)> {
    [
        ("if-none-match", &validators.etag),
        ("if-modified-since", &validators.last_modified),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, to_bytes(value.as_deref()?)?)))
    .collect()
}

/// The validators a response states, byte for byte. An empty header states nothing.
pub(super) fn validators(message: &Message) -> Validators {
    let stated = |name| message.text(name).filter(|value| !value.is_empty());
    Validators {
        etag: stated("etag"),
        last_modified: stated("last-modified"),
    }
}

/// What to send back next time after a 304: what it states, else what was sent (§15.4.5 lets a 304 leave out either).
pub(super) fn after_not_modified(sent: &Validators, stated: Validators) -> Validators {
    Validators {
        etag: stated.etag.or_else(|| sent.etag.clone()),
        last_modified: stated.last_modified.or_else(|| sent.last_modified.clone()),
    }
}

/// True if the server that gave `recorded` would answer 304 to `sent`: the entity tag decides by weak comparison
/// (§8.8.3.2); only where the recording has none does the date, which must be the very same text.
pub(super) fn is_not_modified(recorded: &Validators, sent: &Validators) -> bool {
    match (&recorded.etag, &sent.etag) {
        (Some(recorded), Some(sent)) => opaque(recorded) == opaque(sent),
        (None, _) => {
            recorded.last_modified.is_some() && recorded.last_modified == sent.last_modified
        }
        (Some(_), None) => false,
    }
}

/// An entity tag without its weakness.
fn opaque(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag)
}

/// The essence of `Content-Type`, lower-case, and its `charset` as written (RFC 9110 §8.3).
pub(super) fn content_type(message: &Message) -> (Option<String>, Option<String>) {
    let Some(value) = message.header("content-type").map(from_bytes) else {
        return (None, None);
    };
    let mut parts = value.split(';');
    let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches(['"', '\'']).trim().to_owned())
        .filter(|value| !value.is_empty());
    ((!essence.is_empty()).then_some(essence), charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(etag: Option<&str>, last_modified: Option<&str>) -> Validators {
        Validators {
            etag: etag.map(str::to_owned),
            last_modified: last_modified.map(str::to_owned),
        }
    }

    fn message(headers: &[(&str, &[u8])]) -> Message {
        Message {
            status: 200,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.to_vec()))
                .collect(),
            body: bytes::Bytes::new(),
        }
    }

    #[test]
    fn both_validators_go_out_byte_for_byte() {
        let stated = validators(&message(&[
            ("ETag", b"W/\"caf\xe9\""),
            ("Last-Modified", b"some day in June"),
        ]));
        assert_eq!(
            request_headers(&stated),
            [
                ("if-none-match", b"W/\"caf\xe9\"".to_vec()),
                ("if-modified-since", b"some day in June".to_vec()),
            ]
        );
    }

    #[test]
    fn nothing_known_sends_nothing() {
        assert!(request_headers(&Validators::default()).is_empty());
        assert!(validators(&message(&[("ETag", b"")])).is_empty());
    }

    #[test]
    fn a_304_replaces_only_what_it_states() {
        let sent = pair(Some("\"1\""), Some("then"));
        assert_eq!(after_not_modified(&sent, Validators::default()), sent);
        assert_eq!(
            after_not_modified(&sent, pair(Some("\"2\""), None)),
            pair(Some("\"2\""), Some("then"))
        );
    }

    #[test]
    fn a_recording_answers_304_by_tag_first_and_by_date_only_without_one() {
        for (recorded, sent, expected) in [
            (pair(Some("\"1\""), None), pair(Some("\"1\""), None), true),
            (pair(Some("\"1\""), None), pair(Some("W/\"1\""), None), true),
            (pair(Some("\"1\""), None), pair(Some("\"2\""), None), false),
            (
                pair(Some("\"1\""), Some("then")),
                pair(Some("\"2\""), Some("then")),
                false,
            ),
            (
                pair(Some("\"1\""), Some("then")),
                pair(None, Some("then")),
                false,
            ),
            (pair(None, Some("then")), pair(None, Some("then")), true),
            (pair(None, Some("then")), pair(None, Some("now")), false),
            (pair(None, None), pair(None, None), false),
        ] {
            assert_eq!(
                is_not_modified(&recorded, &sent),
                expected,
                "{recorded:?} {sent:?}"
            );
        }
    }

    #[test]
    fn content_type_gives_essence_and_charset() {
        for (value, essence, charset) in [
            ("text/html", Some("text/html"), None),
            (
                "Text/HTML; Charset=\"UTF-8\"",
                Some("text/html"),
                Some("UTF-8"),
            ),
            (
                "application/xml ;q=1; charset = 'windows-1252'",
                Some("application/xml"),
                Some("windows-1252"),
            ),
            ("; charset=utf-8", None, Some("utf-8")),
            ("text/html; charset=", Some("text/html"), None),
        ] {
            let given = content_type(&message(&[("content-type", value.as_bytes())]));
            assert_eq!(
                given,
                (essence.map(str::to_owned), charset.map(str::to_owned)),
                "{value}"
            );
        }
        assert_eq!(content_type(&message(&[])), (None, None));
    }
}
