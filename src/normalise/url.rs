//! An address as written → absolute, http or https (WHATWG URL).

use std::borrow::Cow;

use url::Url;

/// The address that `written` means in a document at `base`. `None` for anything that is not a web address, for an empty
/// one and for a bare `#`.
pub(super) fn absolute(written: &str, base: &Url) -> Option<Url> {
    let trimmed = written.trim_matches(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}')
    });
    let written = if trimmed.contains(char::is_control) {
        Cow::Owned(trimmed.chars().filter(|c| !c.is_control()).collect())
    } else {
        Cow::Borrowed(trimmed)
    };
    if written.is_empty() || written == "#" {
        return None;
    }
    let mut url = base.join(&written).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.host_str().is_some_and(is_name) {
        return None;
    }
    // what opens a door is not for publishing
    if !url.username().is_empty() || url.password().is_some() {
        url.set_password(None).ok()?;
        url.set_username("").ok()?;
    }
    Some(url)
}

/// True if no label of a host is empty but that of the root at the end (RFC 1034 §3.1).
pub(super) fn is_name(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.split('.').all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(written: &str) -> Option<String> {
        let base = Url::parse("https://blog.example/posts/").unwrap();
        absolute(written, &base).map(String::from)
    }

    #[test]
    fn addresses_become_absolute() {
        assert_eq!(read("../a").as_deref(), Some("https://blog.example/a"));
        assert_eq!(
            read("//cdn.example/a").as_deref(),
            Some("https://cdn.example/a")
        );
    }

    #[test]
    fn white_space_and_controls_are_stripped() {
        assert_eq!(
            read("\u{a0}\n https://a.example/b\n c\u{0} ").as_deref(),
            Some("https://a.example/b%20c")
        );
    }

    #[test]
    fn only_web_addresses_are_taken() {
        for written in [
            "",
            " ",
            "#",
            "javascript:alert(1)",
            "mailto:a@b.example",
            "ftp://a.example/",
            "data:,x",
            "http:./",
            "http://../a",
            "http://a..example/",
            "http://a.example../",
            "http://.example/",
        ] {
            assert_eq!(read(written), None, "{written}");
        }
    }

    #[test]
    fn passwords_are_not_kept() {
        assert_eq!(
            read("https://me:secret@a.example/").as_deref(),
            Some("https://a.example/")
        );
    }

    proptest! {
        #[test]
        fn an_absolute_address_stays_as_it_is(written in any::<String>()) {
            if let Some(once) = read(&written) {
                prop_assert_eq!(read(&once), Some(once.clone()));
            }
        }
    }
}
