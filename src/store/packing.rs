//! Long documents as they are kept: Zstandard frames (RFC 8878), which may lean on another document that says nearly the same.

use std::cell::RefCell;
use std::io::{self, Read as _, Write as _};

use zstd::bulk::{Compressor, Decompressor};
use zstd::stream::raw::CParameter;
use zstd::stream::{read, write};

/// How hard is tried with a document: with less, one that leans on another is 1.4 or 2.5 times as long; more takes twice the time
/// for a few parts in a hundred.
const LEVEL: i32 = 3;
/// How hard is tried with a body, which stands by itself and is short: level 3 takes twice the time for two parts in a hundred.
const LEVEL_ALONE: i32 = 1;
/// A reader needs no more memory than this for a frame, as a power of two of bytes; what is longer is packed worse.
const MOST_WINDOW: u32 = 27;
/// A damaged frame may say that it is any length, bytes.
const MOST_TRUSTED: usize = 16 << 20;
/// How a frame begins. No deflated text does: as a block of RFC 1951 this contradicts itself.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// True if `packed` is a frame, and not deflated.
pub(super) fn is_frame(packed: &[u8]) -> bool {
    packed.starts_with(&MAGIC)
}

/// `bytes` as a frame, which is unpacked with the same `before`.
pub(super) fn pack(bytes: &[u8], before: &[u8]) -> io::Result<Vec<u8>> {
    let packed = Vec::with_capacity(bytes.len() / 3);
    let mut encoder = write::Encoder::with_ref_prefix(packed, LEVEL, before)?;
    // it must reach back to where `before` begins
    let reach = (before.len() + bytes.len()).max(1024).next_power_of_two();
    encoder.set_parameter(CParameter::WindowLog(reach.ilog2().min(MOST_WINDOW)))?;
    encoder.set_pledged_src_size(Some(bytes.len() as u64))?;
    encoder.write_all(bytes)?;
    encoder.finish()
}

thread_local! {
    /// Setting one up takes longer than packing a body.
    static PACKER: RefCell<io::Result<Compressor<'static>>> = RefCell::new(Compressor::new(LEVEL_ALONE));
    static UNPACKER: RefCell<io::Result<Decompressor<'static>>> = RefCell::new(Decompressor::new());
}

/// `bytes` as a frame that stands by itself.
pub(super) fn pack_alone(bytes: &[u8]) -> io::Result<Vec<u8>> {
    PACKER.with_borrow_mut(|packer| match packer {
        Ok(packer) => packer.compress(bytes),
        Err(_) => pack(bytes, b""),
    })
}

/// What was packed by itself.
pub(super) fn unpack_alone(packed: &[u8]) -> io::Result<Vec<u8>> {
    // what frames say of their length, but no more than they can be trusted with
    let size = Decompressor::upper_bound(packed).filter(|size| *size <= MOST_TRUSTED);
    let Some(size) = size else {
        return unpack(packed, b"");
    };
    UNPACKER.with_borrow_mut(|unpacker| match unpacker {
        Ok(unpacker) => unpacker.decompress(packed, size),
        Err(_) => unpack(packed, b""),
    })
}

/// What was packed with `before`.
pub(super) fn unpack(packed: &[u8], before: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    read::Decoder::with_ref_prefix(packed, before)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn a_document_that_leans_on_another_is_small_and_comes_back_with_it_only() {
        let mut page = String::new();
        for number in 0..20_000u32 {
            let _ = write!(page, "{:x} ", number.wrapping_mul(2_654_435_761));
        }
        let other = page.replace("7 ", "&lt;7 ");
        let alone = pack(other.as_bytes(), b"").unwrap();
        let leaning = pack(other.as_bytes(), page.as_bytes()).unwrap();
        assert!(is_frame(&alone) && is_frame(&leaning));
        assert!(
            leaning.len() * 4 < alone.len(),
            "{} {}",
            leaning.len(),
            alone.len()
        );
        assert!(unpack(&alone, b"").unwrap() == other.as_bytes());
        assert!(unpack(&leaning, page.as_bytes()).unwrap() == other.as_bytes());
        assert!(unpack(&leaning, b"").is_err());
        assert_eq!(unpack(&pack(b"", b"x").unwrap(), b"x").unwrap(), b"");
    }
}
