//! Content codings (RFC 9110 §8.4): the bytes of an answer → the document in them, however they were packed, and never more
//! than so many bytes of it. Pure.
//!
//! What a server says of its packing is a claim. A body that is not packed as it says is taken as it is if it is text; one
//! that is packed and does not say so is unpacked all the same (`feed.xml.gz`); "deflate" is read with and without the zlib
//! frame that belongs to it.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

/// What we ask for, best first.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// So many codings, one around the other, are removed at most. Honest servers use one; two come of a mistake.
const MAX_LAYERS: usize = 4;
/// A zstd window may be so large, as a power of two: what RFC 9659 asks of everybody, 8 MB.
const ZSTD_WINDOW: u32 = 23;
/// As much of a body is looked at to tell whether it is text.
const BEGINNING: usize = 256;

const GZIP: &[u8] = b"\x1f\x8b\x08";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// Why a body cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Damage {
    /// There is more in it than may be.
    #[error("there is too much in it")]
    TooLarge,
    /// Its end is missing.
    #[error("its {coding} ends early")]
    CutOff { coding: &'static str },
    /// It is no such thing, or broken.
    #[error("its {coding} is broken: {cause}")]
    Broken {
        coding: &'static str,
        cause: io::Error,
    },
}

/// A way to pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Brotli,
    Zstd,
    Deflate,
}

impl Coding {
    fn named(name: &str) -> Option<Self> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Self::Gzip,
            "br" => Self::Brotli,
            "zstd" => Self::Zstd,
            "deflate" => Self::Deflate,
            // nothing ("identity"), or a word from elsewhere, such as a charset
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Deflate => "deflate",
        }
    }

    /// What is in `body`, of which at most `limit` bytes are wanted.
    fn unpack(self, body: &[u8], limit: u64) -> Result<Vec<u8>, Damage> {
        let mut inside = Vec::new();
        let read = match self {
            Self::Gzip => members(body, limit, &mut inside),
            Self::Brotli => brotli(body, limit, &mut inside),
            Self::Zstd => zstd::stream::read::Decoder::with_buffer(body).and_then(|mut reader| {
                reader.window_log_max(ZSTD_WINDOW)?;
                some(reader, limit, &mut inside)
            }),
            Self::Deflate => inflate(body, limit, &mut inside),
        };
        match read {
            _ if inside.len() as u64 > limit => Err(Damage::TooLarge),
            Ok(()) => Ok(inside),
            Err(cause) if is_end(&cause) => Err(Damage::CutOff {
                coding: self.name(),
            }),
            Err(cause) => Err(Damage::Broken {
                coding: self.name(),
                cause,
            }),
        }
    }
}

/// The document in `body`, which its server says to be packed by `codings` (the `Content-Encoding` headers in their order);
/// at most `limit` bytes of it.
///
/// # Errors
/// If there is more, if its end is missing, or if it is neither what the server says nor text.
pub(super) fn unpacked<'a>(
    codings: impl Iterator<Item = &'a str>,
    mut body: Bytes,
    limit: u64,
) -> Result<Bytes, Damage> {
    let codings: Vec<Coding> = codings
        .flat_map(|header| header.split(','))
        .filter_map(Coding::named)
        .collect();
    // the last one was put on last
    for coding in codings.into_iter().rev().take(MAX_LAYERS) {
        if body.is_empty() || is_plainly_not(coding, &body) {
            continue;
        }
        body = match coding.unpack(&body, limit) {
            Ok(inside) => inside.into(),
            Err(Damage::TooLarge) => return Err(Damage::TooLarge),
            Err(_) if is_text(&body) => break,
            Err(damage) => return Err(damage),
        };
    }
    for _ in 0..MAX_LAYERS {
        if !body.starts_with(GZIP) {
            break;
        }
        body = match Coding::Gzip.unpack(&body, limit) {
            Ok(inside) => inside.into(),
            Err(Damage::TooLarge) => return Err(Damage::TooLarge),
            // nobody said that it was: whoever reads it will say what it is
            Err(_) => break,
        };
    }
    Ok(body)
}

/// True if `body` does not begin as `coding` always does, and is text.
fn is_plainly_not(coding: Coding, body: &[u8]) -> bool {
    let begins = match coding {
        Coding::Gzip => body.starts_with(&GZIP[..2]),
        Coding::Zstd => body.starts_with(ZSTD),
        // these begin as they like
        Coding::Brotli | Coding::Deflate => true,
    };
    !begins && is_text(body)
}

/// True for what begins like markup or JSON, and goes on without control characters.
fn is_text(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let beginning = &body[..body.len().min(BEGINNING)];
    let fine = |byte: &u8| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c');
    matches!(
        beginning.trim_ascii_start().first(),
        Some(b'<' | b'{' | b'[')
    ) && beginning.iter().all(fine)
}

/// Reads what `reader` gives, and a byte more than `limit` if there is one.
fn some(reader: impl Read, limit: u64, inside: &mut Vec<u8>) -> io::Result<()> {
    reader
        .take((limit + 1).saturating_sub(inside.len() as u64))
        .read_to_end(inside)
        .map(|_| ())
}

/// All members of a gzip file (RFC 1952 §2.2). What follows them is padding.
fn members(mut body: &[u8], limit: u64, inside: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let mut reader = GzDecoder::new(body);
        some(&mut reader, limit, inside)?;
        body = reader.into_inner();
        if inside.len() as u64 > limit || !body.starts_with(GZIP) {
            return Ok(());
        }
    }
}

/// A zlib stream (RFC 1950), or the bare one (RFC 1951) that some servers send by that name.
fn inflate(body: &[u8], limit: u64, inside: &mut Vec<u8>) -> io::Result<()> {
    let framed =
        matches!(body, [a, b, ..] if a & 0x0f == 8 && u16::from_be_bytes([*a, *b]) % 31 == 0);
    if framed {
        let read = some(ZlibDecoder::new(body), limit, inside);
        if read.as_ref().err().is_none_or(is_end) {
            return read;
        }
        inside.clear();
    }
    some(DeflateDecoder::new(body), limit, inside)
}

/// A brotli stream (RFC 7932). Its reader calls one that ends early broken.
fn brotli(body: &[u8], limit: u64, inside: &mut Vec<u8>) -> io::Result<()> {
    let bytes = Watched {
        rest: body,
        wanted_more: false,
    };
    let mut reader = brotli_decompressor::Decompressor::new(bytes, 4096);
    let read = some(&mut reader, limit, inside);
    match read {
        Err(_) if reader.get_ref().wanted_more => Err(io::ErrorKind::UnexpectedEof.into()),
        read => read,
    }
}

/// Bytes that know whether more of them were wanted.
struct Watched<'a> {
    rest: &'a [u8],
    wanted_more: bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.wanted_more |= self.rest.is_empty();
        self.rest.read(into)
    }
}

/// True if the bytes ended before the stream did.
fn is_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    use super::*;

    const PAGE: &[u8] = b"<p>post</p><p>another post</p>";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::stream::encode_all(bytes, 19).unwrap()
    }

    fn read(coding: &str, body: &[u8]) -> Result<Bytes, Damage> {
        unpacked([coding].into_iter(), Bytes::copy_from_slice(body), 100)
    }

    #[test]
    fn every_coding_is_removed_whatever_its_name_is_written_like() {
        for (coding, body) in [
            ("gzip", gzip(PAGE)),
            ("X-GZIP", gzip(PAGE)),
            ("deflate", zlib(PAGE)),
            ("Deflate", deflate(PAGE)),
            (" zstd", zstd(PAGE)),
            ("identity", PAGE.to_vec()),
            ("utf-8", PAGE.to_vec()),
            ("", PAGE.to_vec()),
        ] {
            assert_eq!(read(coding, &body).unwrap(), PAGE, "{coding}");
        }
    }

    #[test]
    fn codings_one_around_the_other_are_removed_in_their_order() {
        assert_eq!(read("zstd, gzip", &gzip(&zstd(PAGE))).unwrap(), PAGE);
        let headers = ["deflate", "zstd"].into_iter();
        assert_eq!(
            unpacked(headers, zstd(&zlib(PAGE)).into(), 100).unwrap(),
            PAGE
        );
    }

    #[test]
    fn what_is_gzip_without_saying_so_is_unpacked() {
        assert_eq!(read("", &gzip(PAGE)).unwrap(), PAGE);
        assert_eq!(
            read("gzip", &gzip(&gzip(PAGE))).unwrap(),
            PAGE,
            "a packed file, packed again on the way"
        );
        let broken = b"\x1f\x8b\x08 no gzip";
        assert_eq!(
            read("", broken).unwrap(),
            &broken[..],
            "left for its reader to name"
        );
    }

    #[test]
    fn text_that_claims_to_be_packed_is_text() {
        for coding in ["gzip", "br", "zstd", "deflate"] {
            for text in [
                PAGE,
                b"\xef\xbb\xbf<?xml version='1.0'?>",
                b" \n{\"version\": 1}",
            ] {
                assert_eq!(read(coding, text).unwrap(), text, "{coding}");
            }
            let error = read(coding, b"\x07\x01no text, no stream").unwrap_err();
            assert!(!matches!(error, Damage::TooLarge), "{coding}: {error}");
        }
    }

    #[test]
    fn several_members_are_one_document_and_padding_is_none() {
        let (first, second) = PAGE.split_at(7);
        let both = [gzip(first), gzip(second), vec![0; 10]].concat();
        assert_eq!(read("gzip", &both).unwrap(), PAGE);
    }

    #[test]
    fn what_is_cut_is_told_from_what_is_broken() {
        let long: Vec<u8> = (0..60u8).collect();
        for (coding, whole) in [
            ("gzip", gzip(&long)),
            ("deflate", zlib(&long)),
            ("zstd", zstd(&long)),
        ] {
            let cut = read(coding, &whole[..whole.len() / 2]).unwrap_err();
            assert!(matches!(cut, Damage::CutOff { .. }), "{coding}: {cut}");
        }
        let mut broken = gzip(PAGE);
        let middle = broken.len() / 2;
        broken[middle] ^= 0xff;
        let error = read("gzip", &broken).unwrap_err();
        assert!(matches!(error, Damage::Broken { .. }), "{error}");
    }

    #[test]
    fn a_bomb_is_left_when_it_is_larger_than_it_may_be() {
        let zeros = vec![0; 1_000_000];
        let bombs = [
            ("gzip", gzip(&zeros)),
            ("deflate", zlib(&zeros)),
            ("deflate", deflate(&zeros)),
            ("zstd", zstd(&zeros)),
            ("", gzip(&zeros)),
            ("gzip, gzip", gzip(&gzip(&zeros))),
            ("gzip", gzip(&gzip(&zeros))),
            ("gzip", [gzip(b""), gzip(&zeros)].concat()),
        ];
        for (coding, bomb) in bombs {
            let limit = 10_000;
            let read = unpacked([coding].into_iter(), bomb.into(), limit);
            assert!(matches!(read, Err(Damage::TooLarge)), "{coding}: {read:?}");
        }
    }

    #[test]
    fn a_limit_is_met_by_what_is_just_as_large() {
        let limit = PAGE.len() as u64;
        for (coding, body) in [
            ("gzip", gzip(PAGE)),
            ("zstd", zstd(PAGE)),
            ("deflate", zlib(PAGE)),
        ] {
            let read = |limit| unpacked([coding].into_iter(), body.clone().into(), limit);
            assert_eq!(read(limit).unwrap(), PAGE);
            assert!(matches!(read(limit - 1), Err(Damage::TooLarge)), "{coding}");
        }
    }

    #[test]
    fn a_zstd_window_that_would_fill_the_memory_is_refused() {
        // a frame that states a window of 1 GB (RFC 8878 §3.1.1.1.2), and one raw block
        let frame = [ZSTD, &[0x00, (30 - 10) << 3, 0x09, 0, 0, b'\x07'], b""].concat();
        assert!(matches!(read("zstd", &frame), Err(Damage::Broken { .. })));
    }

    proptest! {
        #[test]
        fn no_bytes_give_more_than_the_limit_or_a_panic(
            coding in "(gzip|br|zstd|deflate|, ){0,3}",
            head in prop::sample::select(vec![GZIP, ZSTD, b"\x78\x9c", b"<", b""]),
            tail in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let body = Bytes::from([head, &tail].concat());
            if let Ok(read) = unpacked([coding.as_str()].into_iter(), body.clone(), 100) {
                prop_assert!(read.len() <= 100 || read == body);
            }
        }
    }
}
