//! How bodies are packed, and how they lie about it.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

use super::*;

const PAGE: &[u8] = b"<p>packed<p>packed<p>packed";
/// [`PAGE`] in brotli.
const BROTLI: &[u8] = &[
    0x1b, 0x1a, 0x00, 0xf8, 0x1d, 0xa9, 0x51, 0x9f, 0x3d, 0xae, 0x79, 0xc6, 0xc8, 0xe0, 0x94, 0x4f,
    0x58, 0x95, 0xad, 0xc5, 0x3e, 0xc1, 0x40, 0xd8, 0x2d,
];
/// Five million spaces in brotli.
const BROTLI_BOMB: &[u8] = &[
    0x9b, 0x3f, 0x4b, 0x4c, 0xf8, 0x25, 0x40, 0xe2, 0xb1, 0x40, 0x20, 0x5f, 0x88, 0x09,
];

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

/// What is read of `body`, which is said to be packed by `coding`.
async fn read(coding: &str, body: &[u8]) -> Result<Vec<u8>, Error> {
    let reply = Reply::ok("text/html", body).header("Content-Encoding", coding);
    let answer = fetch(&Site::always(reply)).await?;
    let bytes = answer.bytes;
    let body = document(answer).body.to_vec();
    assert_eq!(bytes, body.len() as u64, "the size is that of the document");
    Ok(body)
}

async fn is_too_large(coding: &str, body: &[u8]) {
    assert!(body.len() < 10_000, "small on the wire");
    let error = read(coding, body).await.unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { limit: 10_000 }),
        "{coding}: {error}"
    );
}

#[tokio::test]
async fn every_coding_that_is_asked_for_is_read() {
    let site = Site::always(Reply::ok("text/html", PAGE));
    fetch(&site).await.unwrap();
    let asked = site.asked()[0].header("accept-encoding").unwrap().to_vec();
    assert_eq!(asked, b"gzip, br, zstd, deflate");
    for (coding, body) in [
        ("gzip", gzip(PAGE)),
        ("br", BROTLI.to_vec()),
        ("zstd", zstd(PAGE)),
        ("deflate", zlib(PAGE)),
    ] {
        assert_eq!(read(coding, &body).await.unwrap(), PAGE, "{coding}");
    }
}

#[tokio::test]
async fn deflate_without_its_frame_is_read() {
    assert_eq!(read("deflate", &deflate(PAGE)).await.unwrap(), PAGE);
}

#[tokio::test]
async fn what_is_packed_twice_is_read() {
    assert_eq!(read("zstd, gzip", &gzip(&zstd(PAGE))).await.unwrap(), PAGE);
}

#[tokio::test]
async fn a_packed_file_that_nobody_calls_packed_is_read() {
    let site = Site::always(Reply::ok("application/gzip", gzip(PAGE)));
    assert_eq!(document(fetch(&site).await.unwrap()).body, PAGE);
}

#[tokio::test]
async fn text_that_is_called_packed_is_read_as_it_is() {
    for coding in ["gzip", "br", "zstd", "deflate"] {
        assert_eq!(read(coding, PAGE).await.unwrap(), PAGE, "{coding}");
    }
}

#[tokio::test]
async fn a_coding_that_nobody_knows_is_taken_for_none() {
    for coding in ["utf-8", "identity", "aws-chunked", "none"] {
        assert_eq!(read(coding, PAGE).await.unwrap(), PAGE, "{coding}");
    }
}

#[tokio::test]
async fn what_is_neither_packed_as_it_says_nor_text_cannot_be_read() {
    for coding in ["gzip", "zstd"] {
        let error = read(coding, &[7; 40]).await.unwrap_err();
        assert!(
            matches!(error, Error::BadAnswer { .. }),
            "{coding}: {error}"
        );
    }
}

#[tokio::test]
async fn a_packed_body_that_is_cut_is_no_document() {
    let long: Vec<u8> = (0..200u8).collect();
    for (coding, body) in [
        ("gzip", gzip(&long)),
        ("zstd", zstd(&long)),
        ("br", BROTLI.to_vec()),
    ] {
        let error = read(coding, &body[..body.len() / 2]).await.unwrap_err();
        assert!(matches!(error, Error::CutOff { .. }), "{coding}: {error}");
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_refused() {
    is_too_large("gzip", &gzip(&vec![0; 5_000_000])).await;
}

#[tokio::test]
async fn a_brotli_bomb_is_refused() {
    is_too_large("br", BROTLI_BOMB).await;
}

#[tokio::test]
async fn a_zstd_bomb_is_refused() {
    is_too_large("zstd", &zstd(&vec![0; 5_000_000])).await;
}

#[tokio::test]
async fn a_deflate_bomb_is_refused() {
    is_too_large("deflate", &zlib(&vec![0; 5_000_000])).await;
    is_too_large("deflate", &deflate(&vec![0; 5_000_000])).await;
}

#[tokio::test]
async fn a_bomb_in_a_bomb_is_refused() {
    let layered = gzip(&gzip(&vec![0; 50_000_000]));
    is_too_large("gzip, gzip", &layered).await;
    is_too_large("gzip", &layered).await;
    is_too_large("", &layered).await;
}

#[tokio::test]
async fn a_packed_body_is_held_to_the_limit_before_it_is_unpacked() {
    // ten thousand empty members hold nothing
    let hollow = gzip(b"").repeat(10_000);
    let error = read("gzip", &hollow).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}
