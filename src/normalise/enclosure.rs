//! Attached files.

use url::Url;

use super::text;
use super::url::absolute;

use crate::model::{Enclosure, RawEnclosure};

/// The files of `written`, each once.
pub(super) fn enclosures(written: &[RawEnclosure], base: &Url) -> Vec<Enclosure> {
    let mut files: Vec<Enclosure> = Vec::new();
    for file in written {
        let Some(url) = absolute(&file.url, base) else {
            continue;
        };
        if files.iter().any(|known| known.url == url) {
            continue;
        }
        files.push(Enclosure {
            url,
            media_type: file.media_type.as_deref().and_then(media_type),
            // many feeds write 0 for a size that they do not know
            length: file.length.filter(|length| *length > 0),
            duration_seconds: file.duration_seconds.filter(|seconds| *seconds > 0),
        });
    }
    files
}

/// The essence of a media type, lower-case; `None` if it is none.
fn media_type(written: &str) -> Option<String> {
    let essence = text::line(written.split(';').next()?).to_ascii_lowercase();
    let (kind, subtype) = essence.split_once('/')?;
    let is_token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    (is_token(kind) && is_token(subtype)).then(|| essence.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_whole_and_once() {
        let base = Url::parse("https://blog.example/feed").unwrap();
        let written = RawEnclosure {
            url: " /a.mp3 ".to_owned(),
            media_type: Some("Audio/MPEG; x=y".to_owned()),
            length: Some(0),
            duration_seconds: Some(60),
        };
        let broken = RawEnclosure {
            url: "file:///etc/passwd".to_owned(),
            ..RawEnclosure::default()
        };
        let files = enclosures(&[written.clone(), written, broken], &base);
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].url.as_str(), "https://blog.example/a.mp3");
        assert_eq!(files[0].media_type.as_deref(), Some("audio/mpeg"));
        assert_eq!(files[0].length, None);
        assert_eq!(files[0].duration_seconds, Some(60));
    }
}
