//! Files that are kept or served gzipped without anybody saying so (`feed.xml.gz`) → what is in them, bounded.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

/// How much is inflated, in bytes: twice what a document has at most, for a bomb grows a thousandfold.
const MAX_BYTES: usize = 20 << 20;

/// What is in `body` if it is gzip (RFC 1952), the beginning of it if it is cut or beyond the limit; else `body` itself.
pub(super) fn inflate(body: &[u8]) -> Cow<'_, [u8]> {
    if !body.starts_with(b"\x1f\x8b\x08") {
        return Cow::Borrowed(body);
    }
    let mut inside = Vec::new();
    // an error is the end of what can be read: the reader of the text sees that the rest is missing
    let _ = MultiGzDecoder::new(body)
        .take(MAX_BYTES as u64)
        .read_to_end(&mut inside);
    if inside.is_empty() {
        Cow::Borrowed(body)
    } else {
        Cow::Owned(inside)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_is_gzipped_is_inflated_and_all_else_left_alone() {
        assert_eq!(*inflate(&gzip(b"<rss/>")), *b"<rss/>");
        for body in [&b"<rss/>"[..], b"", b"\x1f\x8b\x08 no gzip"] {
            assert_eq!(*inflate(body), *body);
        }
    }

    #[test]
    fn what_is_cut_keeps_its_beginning_and_a_bomb_is_cut() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let whole = gzip(&text);
        let cut = inflate(&whole[..whole.len() / 2]).into_owned();
        assert!(!cut.is_empty() && text.starts_with(&cut));
        assert_eq!(inflate(&gzip(&vec![0; MAX_BYTES + 1])).len(), MAX_BYTES);
    }
}
