//! The file of an address below a folder of recordings. Pure.
//!
//! `SITE/PATH.http`. The rule, so that a person can write such a file by hand:
//!
//! - SITE is the host for https on its usual port, else `scheme+host` or `scheme+host+port`: `http+127.0.0.1+8080`.
//! - PATH is the path without its leading slash, split at `/`, every segment as the address spells it; characters outside
//!   `A-Z a-z 0-9 . _ ~ % -` are percent-encoded, byte by byte.
//! - An empty last segment is `index`; a real last segment `index` is `%69ndex`. An empty segment before the last is `+`.
//! - A query is added to the last segment as `%3F` and the query, encoded in the same way.
//! - Of a segment over 150 bytes the first 100 are kept, and `~` and 16 hex digits of the BLAKE3 hash of the whole.
//! - User name, password and fragment play no part.
//!
//! So `https://blog.example/posts/one?page=2` is `blog.example/posts/one%3Fpage%3D2.http`, and the front page
//! `blog.example/index.http`.

use std::path::PathBuf;

use url::Url;

/// Above this many bytes a segment is cut.
const LONGEST_SEGMENT: usize = 150;
/// What is kept of a segment that is cut.
const KEPT: usize = 100;

/// Where the recording of `url` lies, relative to the folder of recordings.
#[must_use]
pub fn file_name(url: &Url) -> PathBuf {
    let mut path = PathBuf::from(site(url));
    let mut segments: Vec<String> = url
        .path()
        .strip_prefix('/')
        .unwrap_or(url.path())
        .split('/')
        .map(encode)
        .collect();
    let last = segments.pop().unwrap_or_default();
    for segment in segments {
        path.push(if segment.is_empty() {
            "+".to_owned()
        } else {
            shorten(segment)
        });
    }
    let mut last = match last.as_str() {
        "" => "index".to_owned(),
        "index" => "%69ndex".to_owned(),
        _ => last,
    };
    if let Some(query) = url.query() {
        last.push_str("%3F");
        last.push_str(&encode(query));
    }
    path.push(shorten(last) + ".http");
    path
}

/// The folder of a site.
fn site(url: &Url) -> String {
    let host = encode(url.host_str().unwrap_or_default());
    match (url.scheme(), url.port()) {
        ("https", None) => host,
        (scheme, None) => format!("{scheme}+{host}"),
        (scheme, Some(port)) => format!("{scheme}+{host}+{port}"),
    }
}

/// `text` with every character percent-encoded that a segment does not keep.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"._~%-".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            use std::fmt::Write as _;
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A segment that a file system takes.
fn shorten(segment: String) -> String {
    if segment.len() <= LONGEST_SEGMENT {
        return segment;
    }
    let hash = blake3::hash(segment.as_bytes()).to_hex();
    format!("{}~{}", &segment[..KEPT], &hash[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_file() {
        for (url, file) in [
            ("https://blog.example", "blog.example/index.http"),
            ("https://blog.example/", "blog.example/index.http"),
            ("https://blog.example/index", "blog.example/%69ndex.http"),
            (
                "https://blog.example/index.html",
                "blog.example/index.html.http",
            ),
            ("https://blog.example/a/b", "blog.example/a/b.http"),
            ("https://blog.example/a/b/", "blog.example/a/b/index.http"),
            ("https://blog.example//b", "blog.example/+/b.http"),
            ("https://blog.example:443/a", "blog.example/a.http"),
            (
                "https://blog.example:8443/a",
                "https+blog.example+8443/a.http",
            ),
            ("http://blog.example/a", "http+blog.example/a.http"),
            ("http://127.0.0.1:8080/a", "http+127.0.0.1+8080/a.http"),
            ("http://[::1]:8080/a", "http+%5B%3A%3A1%5D+8080/a.http"),
            (
                "https://blog.example/posts/one?page=2&q=a+b",
                "blog.example/posts/one%3Fpage%3D2%26q%3Da%2Bb.http",
            ),
            (
                "https://blog.example/?p=1",
                "blog.example/index%3Fp%3D1.http",
            ),
            (
                "https://blog.example/posts/caf%C3%A9",
                "blog.example/posts/caf%C3%A9.http",
            ),
            (
                "https://blog.example/posts/café",
                "blog.example/posts/caf%C3%A9.http",
            ),
            (
                "https://blog.example/@me/a:b,c",
                "blog.example/%40me/a%3Ab%2Cc.http",
            ),
            (
                "https://me:secret@blog.example/a#part",
                "blog.example/a.http",
            ),
            (
                "https://bücher.example/",
                "xn--bcher-kva.example/index.http",
            ),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(file_name(&url).to_str().unwrap(), file, "{url}");
        }
    }

    #[test]
    fn a_long_segment_is_cut_and_stays_its_own() {
        let url = |last: char| {
            Url::parse(&format!("https://blog.example/{}{last}", "x".repeat(150))).unwrap()
        };
        let one = file_name(&url('1')).to_str().unwrap().to_owned();
        let two = file_name(&url('2')).to_str().unwrap().to_owned();
        assert!(one.starts_with(&format!("blog.example/{}~", "x".repeat(100))));
        assert_eq!(
            one.len(),
            "blog.example/".len() + 100 + 1 + 16 + ".http".len()
        );
        assert_ne!(one, two);
    }

    #[test]
    fn no_address_leaves_the_folder() {
        for url in [
            "https://blog.example/../../etc/passwd",
            "https://blog.example/%2e%2e/%2E%2e/etc",
            "https://blog.example/a/..%2f..%2fetc",
            "https://blog.example/a\\..\\b",
        ] {
            let file = file_name(&Url::parse(url).unwrap());
            assert!(
                file.components()
                    .all(|part| matches!(part, std::path::Component::Normal(_))),
                "{file:?}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn every_address_has_a_file_that_any_system_takes(path in "(/[ -~é日]{0,180}){0,3}(\\?[ -~]{0,9})?") {
            let url = Url::parse(&format!("https://blog.example{path}")).unwrap();
            let file = file_name(&url);
            for part in file.components() {
                let name = part.as_os_str().to_str().unwrap();
                proptest::prop_assert!(!name.is_empty() && name.len() <= 155, "{}", name);
                proptest::prop_assert!(name != "." && name != "..", "{}", name);
            }
            proptest::prop_assert!(file.starts_with("blog.example"));
        }
    }
}
