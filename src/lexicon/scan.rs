//! Looking for a byte of a class in a long text, a stretch at a time; of up to three bytes, `memchr` does it.

/// How many bytes are looked at together.
const STRETCH: usize = 16;

/// Where the first of `bytes` is that `is_wanted`. That is made of [`is`] and [`lies_in`], joined by `|` and not by `||`: without
/// a branch, a whole stretch is told at once.
pub fn first(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let (stretches, _) = bytes.as_chunks::<STRETCH>();
    let without = stretches
        .iter()
        .take_while(|stretch| !stretch.iter().fold(false, |any, b| any | is_wanted(*b)))
        .count();
    let passed = without * STRETCH;
    let found = bytes[passed..].iter().position(|b| is_wanted(*b))?;
    Some(passed + found)
}

/// True for that byte.
pub fn is(byte: u8, wanted: u8) -> bool {
    byte == wanted
}

/// True for the bytes from `least` to `most`.
pub fn lies_in(byte: u8, least: u8, most: u8) -> bool {
    byte.wrapping_sub(least) <= most - least
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn it_finds_the_first(text in "[a-c]{0,40}[x-z]?[a-z]{0,40}") {
            let found = first(text.as_bytes(), |b| is(b, b'x') | lies_in(b, b'y', b'z'));
            proptest::prop_assert_eq!(found, text.find(['x', 'y', 'z']));
        }
    }
}
